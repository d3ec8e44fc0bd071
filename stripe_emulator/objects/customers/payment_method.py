"""Payment methods, with Stripe's test cards. https://docs.stripe.com/api/payment_methods."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import parameters
from stripe_emulator.errors import payments as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.customers.test_cards import TestCard, by_number, by_payment_method, by_token
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

PAYMENT_METHOD = Kind(
    "payment_method", "pm", "PaymentMethod", path_param="payment_method", expandable={"customer": "customer"}
)
KINDS = [PAYMENT_METHOD]
routes = Routes()


@routes("POST /v1/payment_methods")
def create(call: Call) -> Document:
    """Create a card from one of Stripe's test numbers or tokens."""
    if "type" not in call.params:
        raise parameters.missing("type")
    given = call.params.get("card")
    if call.params["type"] != "card" or not given:
        raise parameters.missing("card")
    card = by_token(given["token"]) if "token" in given else by_number(given.get("number", ""))
    if card is None:
        raise errors.bad_number()
    return _add(call, card, call.params)


@routes("GET /v1/payment_methods/{payment_method}")
def retrieve(call: Call) -> Document:
    """Return one payment method."""
    return call.in_path(PAYMENT_METHOD, "payment_method")


@routes("POST /v1/payment_methods/{payment_method}/attach")
def attach(call: Call) -> Document:
    """Attach to a customer."""
    if "customer" not in call.params:
        raise parameters.missing("customer")
    customer = call.named(CUSTOMER, call.params["customer"], "customer")
    return attach_to(call, customer["id"], call.path["payment_method"], param="payment_method", status=404)


@routes("POST /v1/payment_methods/{payment_method}/detach")
def detach(call: Call) -> Document:
    """Detach for good, and no longer charge it by default."""
    method = call.in_path(PAYMENT_METHOD, "payment_method")
    customer = call.store.get("customer", method["customer"] or "")
    if customer is None:
        raise errors.not_attached_anywhere()
    settings = customer["invoice_settings"]
    if settings["default_payment_method"] == method["id"]:
        settings["default_payment_method"] = None
        call.save(CUSTOMER, customer)
    return call.save(PAYMENT_METHOD, {**method, "customer": None, "_detached": True})


@routes("GET /v1/payment_methods")
def index(call: Call) -> Document:
    """List a customer's payment methods, newest first."""
    return _page(call, call.params.get("customer"))


@routes("GET /v1/customers/{customer}/payment_methods")
def index_of_customer(call: Call) -> Document:
    """List a customer's payment methods, newest first."""
    return _page(call, call.in_path(CUSTOMER, "customer")["id"])


def attach_to(call: Call, customer: str, identifier: str, *, param: str, status: int = 400) -> Document:
    """Attach a payment method, or a new one made from a test name such as `pm_card_visa`."""
    card = by_payment_method(identifier)
    method = _add(call, card, {}) if card else call.named(PAYMENT_METHOD, identifier, param, status=status)
    if method["customer"] not in (None, customer):
        raise errors.attached_elsewhere()
    if method.get("_detached"):
        raise errors.detached()
    if method["_outcome"] == "attach_declined":
        raise errors.declined()
    return call.save(PAYMENT_METHOD, {**method, "customer": customer})


def _add(call: Call, card: TestCard, params: Document) -> Document:
    blank = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
    fields = {
        "allow_redisplay": params.get("allow_redisplay", "unspecified"),
        "billing_details": {**blank, **(params.get("billing_details") or {})},
        "card": card.shown(params.get("card") or {}, call.now),
        "created": call.now,
        "customer": None,
        "metadata": merge_metadata({}, params.get("metadata")),
        "type": "card",
        "_outcome": card.outcome,
    }
    return call.create(PAYMENT_METHOD, fields)


def _page(call: Call, customer: str | None) -> Document:
    mine = [] if customer is None else call.store.where(PAYMENT_METHOD.object, "customer", customer)
    methods = [method for method in mine[::-1] if call.params.get("type", method["type"]) == method["type"]]
    return page(call, methods, noun=PAYMENT_METHOD.noun)
