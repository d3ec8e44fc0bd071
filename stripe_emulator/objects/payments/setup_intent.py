"""Setup intents. https://docs.stripe.com/api/setup_intents."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import intents as errors
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.customers.record import CUSTOMER, in_time_of
from stripe_emulator.objects.payments.intent_method import asked_method, with_method
from stripe_emulator.objects.payments.intent_record import SETUP_INTENT
from stripe_emulator.objects.payments.setups import OPEN, cancel_setup, confirm_setup, setup_for, setup_refusal
from stripe_emulator.objects.subscriptions.pending_setup import follow_setup
from stripe_emulator.pagination import newest_first, page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [SETUP_INTENT]
routes = Routes()

_NOT_EMULATED = (
    "allowed_payment_method_types", "attach_to_self", "confirmation_token", "customer_account",
    "excluded_payment_method_types", "flow_directions", "on_behalf_of", "payment_method_configuration", "single_use",
)  # fmt: skip


@routes("POST /v1/setup_intents")
def create(call: Call) -> Document:
    """Create an intent, and confirm it at once if asked to."""
    _refuse_not_emulated(call)
    params = call.params
    if "customer" in params:
        call.named(CUSTOMER, params["customer"], "customer")
        call = in_time_of(call, params["customer"])
    automatic = params.get("automatic_payment_methods", {"enabled": True})
    enabled = {"allow_redirects": automatic.get("allow_redirects", "always"), "enabled": True}
    intent = setup_for(
        call,
        customer=params.get("customer"),
        usage=params.get("usage", "off_session"),
        metadata=params.get("metadata"),
        description=params.get("description"),
        more={"automatic_payment_methods": enabled if automatic.get("enabled", True) else None},
    )
    intent = _with_method(call, intent)
    return _confirmed(call, intent) if params.get("confirm") else call.save(SETUP_INTENT, intent)


@routes("GET /v1/setup_intents/{intent}")
def retrieve(call: Call) -> Document:
    """Return one intent."""
    return call.in_path(SETUP_INTENT, "intent")


@routes("GET /v1/setup_intents")
def index(call: Call) -> Document:
    """List intents, newest first."""
    found_ones = newest_first(call, SETUP_INTENT.object, "customer", "payment_method")
    return page(call, found_ones, noun=SETUP_INTENT.noun)


@routes("POST /v1/setup_intents/{intent}")
def update(call: Call) -> Document:
    """Change an intent that is still open."""
    _refuse_not_emulated(call)
    intent, params = call.in_path(SETUP_INTENT, "intent"), call.params
    if set(params) - {"metadata", "description"} and intent["status"] not in OPEN:
        raise errors.cannot_update(intent)
    if "metadata" in params:
        intent["metadata"] = merge_metadata(intent["metadata"], params["metadata"])
    if "customer" in params:
        call.named(CUSTOMER, params["customer"], "customer")
    intent |= {name: params[name] for name in ("customer", "description") if name in params}
    return call.save(SETUP_INTENT, _with_method(call, intent))


@routes("POST /v1/setup_intents/{intent}/confirm")
def confirm_it(call: Call) -> Document:
    """Ask the bank."""
    _refuse_not_emulated(call)
    intent = call.in_path(SETUP_INTENT, "intent")
    if intent["status"] not in OPEN:
        raise errors.cannot_confirm(intent)
    call = in_time_of(call, intent["customer"])
    return _confirmed(call, _with_method(call, intent))


@routes("POST /v1/setup_intents/{intent}/cancel")
def cancel_it(call: Call) -> Document:
    """Give up an intent."""
    return cancel_setup(call, call.in_path(SETUP_INTENT, "intent"), call.params.get("cancellation_reason"))


def _confirmed(call: Call, intent: Document) -> Document:
    if intent["payment_method"] is None:
        raise errors.no_method_to_set_up()
    intent["_return_url"] = call.params.get("return_url", intent.get("_return_url"))
    intent = confirm_setup(call, intent, intent["payment_method"])
    follow_setup(call, intent)
    refused = setup_refusal(intent)
    if refused is not None:
        raise refused
    return intent


def _with_method(call: Call, intent: Document) -> Document:
    """Return the intent with the payment method that the request names or describes."""
    method = asked_method(call, intent)
    if method is None:
        return intent
    return with_method(intent, method)


def _refuse_not_emulated(call: Call) -> None:
    for name in _NOT_EMULATED:
        if name in call.params:
            raise not_emulated(name)
