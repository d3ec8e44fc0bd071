"""The beginning of a checkout session: for whom, what, until when. https://docs.stripe.com/api/checkout/sessions/create"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import checkout as errors
from stripe_emulator.errors import moments, parameters
from stripe_emulator.objects.checkout.addresses import addresses
from stripe_emulator.objects.checkout.discounting import given_discount
from stripe_emulator.objects.checkout.invoicing import invoice_creation
from stripe_emulator.objects.checkout.kinds_of_payment import payment_method_types, refuse_too_small
from stripe_emulator.objects.checkout.lines import currency_of, line, prices_of
from stripe_emulator.objects.checkout.optional import optional_items
from stripe_emulator.objects.checkout.parameters import refuse_unfit
from stripe_emulator.objects.checkout.record import CHECKOUT_SESSION, EXPIRE
from stripe_emulator.objects.checkout.recovery import after_expiration
from stripe_emulator.objects.checkout.totals import totals
from stripe_emulator.objects.customers.record import CUSTOMER

Document = dict[str, Any]

_SHORTEST, _LONGEST = 30 * 60, 24 * 3600
_SHORTEST_TRIAL = 48 * 3600
_ECHOED = (
    "allow_promotion_codes", "allowed_payment_method_types", "billing_address_collection", "branding_settings",
    "client_reference_id", "consent_collection", "customer_email", "excluded_payment_method_types",
    "integration_identifier", "locale", "name_collection", "origin_context", "permissions",
    "saved_payment_method_options", "shipping_address_collection", "submit_type", "tax_id_collection",
    "wallet_options",
)  # fmt: skip
_NEVER_SET = (
    "collected_information", "consent", "currency_conversion", "customer_account", "invoice",
    "managed_payments", "payment_intent", "payment_link",
    "payment_method_configuration_details", "presentment_details", "recovered_from", "setup_intent", "shipping_cost",
    "subscription",
)  # fmt: skip
_NOTHING_SOLD: Document = {"discounts": [], "optional_items": None, "_lines": [], "_optional": [], "_trial": False}


def start(call: Call) -> Document:
    """Create a session, or refuse it before anything is stored."""
    mode = call.params.get("mode", "payment")
    refuse_unfit(call, mode)
    identifier = call.ids.new("cs_live" if call.scope.livemode else "cs_test", call.store)
    whose = _whose(call)
    sold = _sold(call, mode, whose["customer"])
    fields = {**_plain(call, mode), **whose, **addresses(call, identifier), **sold}
    call.due(EXPIRE, identifier, fields["expires_at"])
    return call.create(CHECKOUT_SESSION, fields, identifier=identifier)


def _sold(call: Call, mode: str, customer: str | None) -> Document:
    """Return what is for sale and what it costs today; nothing is sold where only a card is saved."""
    if mode == "setup":
        if "currency" not in call.params and "allowed_payment_method_types" not in call.params:
            raise parameters.missing("currency")
        nothing = {"amount_subtotal": None, "amount_total": None, "total_details": None}
        return {**nothing, "currency": call.params.get("currency"), **_NOTHING_SOLD}
    trial = _has_trial(call)
    prices = prices_of(call, mode)
    currency = currency_of(call, prices)
    lines = [line(call, index, price, currency, trial=trial) for index, price in enumerate(prices)]
    summed = totals(call, lines, given_discount(call), customer=customer)
    if mode == "payment":
        refuse_too_small(summed["amount_total"], currency)
    optional = optional_items(call, currency, mode, prices)
    return {"currency": currency, **summed, **optional, "_trial": trial}


def _has_trial(call: Call) -> bool:
    data = call.params.get("subscription_data", {})
    days, end = data.get("trial_period_days"), data.get("trial_end")
    if days is not None and end is not None:
        names = ["subscription_data[trial_end]", "subscription_data[trial_period_days]"]
        raise parameters.exclusive(names, names[0])
    if days is not None and days < 1:
        raise parameters.invalid_positive("subscription_data[trial_period_days]")
    if end is not None and end < call.now + _SHORTEST_TRIAL:
        raise errors.trial_too_short()
    return days is not None or end is not None


def _whose(call: Call) -> Document:
    if "customer" in call.params and "customer_email" in call.params:
        raise parameters.exclusive(["customer", "customer_email"], "customer")
    customer = call.named(CUSTOMER, call.params["customer"], "customer") if "customer" in call.params else None
    email = customer["email"] if customer else call.params.get("customer_email")
    known = customer is not None or email is not None
    return {
        "customer": customer and customer["id"],
        "customer_details": details(email, customer) if known else None,
    }


def details(email: str | None, customer: Document | None) -> Document:
    """Return what is known about who pays."""
    known = customer or {}
    return {
        **{name: known.get(name) for name in ("address", "business_name", "individual_name", "name", "phone")},
        "email": email,
        "tax_exempt": known.get("tax_exempt", "none"),
        "tax_ids": None,
    }


def _plain(call: Call, mode: str) -> Document:
    params = call.params
    return {
        **dict.fromkeys(_NEVER_SET),
        **{name: params.get(name) for name in _ECHOED},
        "adaptive_pricing": {"enabled": False},
        "after_expiration": after_expiration(params.get("after_expiration")),
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": call.now,
        "custom_fields": params.get("custom_fields", []),
        "custom_text": _custom_text(params.get("custom_text") or {}),
        "customer_creation": params.get("customer_creation", "if_required" if mode == "payment" else None),
        "expires_at": _expires_at(call),
        "invoice_creation": invoice_creation(params.get("invoice_creation"), mode),
        "metadata": merge_metadata({}, params.get("metadata")),
        "mode": mode,
        "payment_method_collection": params.get(
            "payment_method_collection", "always" if mode == "subscription" else None
        ),
        "payment_method_options": params.get("payment_method_options", {}),
        "payment_method_types": payment_method_types(params),
        "payment_status": "no_payment_required" if mode == "setup" else "unpaid",
        "phone_number_collection": params.get("phone_number_collection", {"enabled": False}),
        "shipping_options": [],
        "status": "open",
        "_subscription_data": params.get("subscription_data", {}),
        "_payment_data": params.get("payment_intent_data", {}),
        "_setup_data": params.get("setup_intent_data", {}),
    }


def _custom_text(given: Document) -> Document:
    names = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {**dict.fromkeys(names), **given}


def _expires_at(call: Call) -> int:
    moment = int(call.params.get("expires_at", call.now + _LONGEST))
    if moment < call.now:
        raise moments.in_the_past("expires_at", moment)
    if moment < call.now + _SHORTEST:
        raise errors.too_soon()
    if moment > call.now + _LONGEST:
        raise errors.too_late()
    return moment
