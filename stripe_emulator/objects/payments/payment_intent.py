"""Payment intents. https://docs.stripe.com/api/payment_intents."""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import catalog, parameters
from stripe_emulator.errors import intents as errors
from stripe_emulator.errors.declines import NEEDS_AUTHENTICATION
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.catalog.price_amounts import CURRENCIES
from stripe_emulator.objects.customers.payment_method import found, require_usable_by
from stripe_emulator.objects.customers.record import CUSTOMER, in_time_of
from stripe_emulator.objects.payments.attempt import SETTLE, declined_off_session, settled
from stripe_emulator.objects.payments.consequences import follow
from stripe_emulator.objects.payments.intent_method import asked_method, with_method
from stripe_emulator.objects.payments.intent_record import PAYMENT_INTENT
from stripe_emulator.objects.payments.intents import OPEN, cancel, capture, confirm, intent_for, needs_customer, refusal
from stripe_emulator.objects.payments.smallest_amount import require_large_enough
from stripe_emulator.pagination import newest_first, page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [PAYMENT_INTENT]
routes = Routes()
tasks = Tasks()

_NOT_EMULATED = (
    "allowed_payment_method_types", "amount_details", "application_fee_amount", "confirmation_token",
    "customer_account", "excluded_payment_method_types", "hooks", "mandate", "on_behalf_of", "payment_details",
    "payment_method_configuration", "transfer_data", "transfer_group",
)  # fmt: skip
_PLAIN = (
    "description", "receipt_email", "setup_future_usage", "shipping", "statement_descriptor",
    "statement_descriptor_suffix", "capture_method",
)  # fmt: skip
_PAYING = ("amount", "currency", "payment_method", "payment_method_data", "capture_method", "setup_future_usage")


@routes("POST /v1/payment_intents")
def create(call: Call) -> Document:
    """Create an intent, and try to pay at once if asked to."""
    _refuse_not_emulated(call)
    params = call.params
    _require_amount(params["amount"], params["currency"].lower())
    if "customer" in params:
        call.named(CUSTOMER, params["customer"], "customer")
        call = in_time_of(call, params["customer"])
    intent = intent_for(
        call,
        amount=params["amount"],
        currency=params["currency"].lower(),
        customer=params.get("customer"),
        metadata=params.get("metadata"),
        more={**{name: params[name] for name in _PLAIN if name in params}, **_types(params)},
    )
    intent = _with_method(call, intent)
    return _confirmed(call, intent) if params.get("confirm") else call.save(PAYMENT_INTENT, intent)


@routes("GET /v1/payment_intents/{intent}")
def retrieve(call: Call) -> Document:
    """Return one intent; a client secret opens it as well."""
    return call.in_path(PAYMENT_INTENT, "intent")


@routes("GET /v1/payment_intents")
def index(call: Call) -> Document:
    """List intents, newest first."""
    return page(call, newest_first(call, PAYMENT_INTENT.object, "customer"), noun=PAYMENT_INTENT.noun)


@routes("POST /v1/payment_intents/{intent}")
def update(call: Call) -> Document:
    """Change an intent; what is to be paid, and how, only while nobody has paid."""
    _refuse_not_emulated(call)
    intent, params = call.in_path(PAYMENT_INTENT, "intent"), call.params
    if set(params) & set(_PAYING) and intent["status"] not in OPEN:
        raise errors.cannot_update(intent)
    if intent["_invoice"] and {"amount", "currency", "customer"} & set(params):
        raise errors.belongs_to_invoice()
    if "metadata" in params:
        intent["metadata"] = merge_metadata(intent["metadata"], params["metadata"])
    for name in ("amount", "customer", *_PLAIN):
        if name in params:
            intent[name] = params[name]
    intent["currency"] = str(params.get("currency", intent["currency"])).lower()
    _require_amount(intent["amount"], intent["currency"])
    if "customer" in params:
        call.named(CUSTOMER, params["customer"], "customer")
    return call.save(PAYMENT_INTENT, _with_method(call, intent))


@routes("POST /v1/payment_intents/{intent}/confirm")
def confirm_it(call: Call) -> Document:
    """Try to pay."""
    _refuse_not_emulated(call)
    intent = call.in_path(PAYMENT_INTENT, "intent")
    if intent["status"] not in OPEN:
        raise errors.cannot_confirm(intent)
    for name in ("setup_future_usage", "receipt_email", "shipping", "capture_method"):
        if name in call.params:
            intent[name] = call.params[name]
    call = in_time_of(call, intent["customer"])
    return _confirmed(call, _with_method(call, intent))


@routes("POST /v1/payment_intents/{intent}/capture")
def capture_it(call: Call) -> Document:
    """Take what is held on the card; the rest is let go."""
    if call.params.get("final_capture") is False:
        raise not_emulated("final_capture=false")
    intent = call.in_path(PAYMENT_INTENT, "intent")
    return capture(call, intent, call.params.get("amount_to_capture"))


@routes("POST /v1/payment_intents/{intent}/cancel")
def cancel_it(call: Call) -> Document:
    """Give up an intent that nobody has paid."""
    intent = call.in_path(PAYMENT_INTENT, "intent")
    if intent["_invoice"]:
        raise errors.belongs_to_invoice()
    return cancel(in_time_of(call, intent["customer"]), intent, call.params.get("cancellation_reason"))


@tasks(SETTLE)
def settle(call: Call, identifier: str) -> None:
    """A debit arrives or comes back, days after it was sent."""
    intent = call.store.get(PAYMENT_INTENT.object, identifier)
    if intent is not None and intent["status"] == "processing":
        follow(call, settled(call, intent))


def _confirmed(call: Call, intent: Document) -> Document:
    """Return the intent after an attempt, or answer how the attempt failed."""
    method, off_session = intent["payment_method"], bool(call.params.get("off_session"))
    if method is None:
        raise errors.no_method()
    intent["_return_url"] = call.params.get("return_url", intent.get("_return_url"))
    chosen = found(call, method, param="payment_method")
    absent = off_session or bool(call.params.get("error_on_requires_action"))
    if absent and needs_customer(chosen, off_session=off_session):
        require_usable_by(chosen, intent["customer"])
        intent = declined_off_session(call, intent, chosen, NEEDS_AUTHENTICATION)
    else:
        intent = confirm(call, intent, method, off_session=off_session)
    follow(call, intent)
    refused = refusal(intent)
    if refused is not None:
        raise refused
    return intent


def _with_method(call: Call, intent: Document) -> Document:
    """Return the intent with the payment method that the request names or describes."""
    method = asked_method(call, intent)
    if method is None:
        return intent
    if method["customer"] and not intent["customer"]:
        raise errors.method_of_a_customer()
    return with_method(intent, method)


def _types(params: Document) -> Document:
    automatic = params.get("automatic_payment_methods", {"enabled": True})
    types = ["card", "link"] if automatic.get("enabled", True) else ["card"]
    enabled = {"allow_redirects": automatic.get("allow_redirects", "always"), "enabled": True}
    return {"automatic_payment_methods": enabled if len(types) > 1 else None, "payment_method_types": types}


def _require_amount(amount: int, currency: str) -> None:
    if currency not in CURRENCIES:
        raise catalog.bad_currency("currency", currency)
    if amount < 1:
        raise parameters.invalid_positive("amount")
    require_large_enough(amount, currency)


def _refuse_not_emulated(call: Call) -> None:
    for name in _NOT_EMULATED:
        if name in call.params:
            raise not_emulated(name)
