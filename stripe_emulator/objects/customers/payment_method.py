"""Payment methods, with Stripe's test cards and test bank accounts. https://docs.stripe.com/api/payment_methods."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import parameters
from stripe_emulator.errors import payments as errors
from stripe_emulator.objects.customers.payment_method_details import named, typed_in
from stripe_emulator.objects.customers.payment_method_record import PAYMENT_METHOD, behavior_of
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [PAYMENT_METHOD]
routes = Routes()


@routes("POST /v1/payment_methods")
def create(call: Call) -> Document:
    """Create a card from one of Stripe's test numbers or tokens, or a test bank account."""
    return add(call, typed_in(call, call.params), call.params)


@routes("GET /v1/payment_methods/{payment_method}")
def retrieve(call: Call) -> Document:
    """Return one payment method."""
    return call.in_path(PAYMENT_METHOD, "payment_method")


@routes("POST /v1/payment_methods/{payment_method}")
def update(call: Call) -> Document:
    """Change whose it is said to be, when it expires, or its metadata."""
    method, params = call.in_path(PAYMENT_METHOD, "payment_method"), call.params
    if method["customer"] is None:
        raise errors.not_saved()
    if "metadata" in params:
        method["metadata"] = merge_metadata(method["metadata"], params["metadata"])
    if "allow_redisplay" in params:
        method["allow_redisplay"] = params["allow_redisplay"]
    method["billing_details"] |= params.get("billing_details", {})
    if "card" in params and method["type"] == "card":
        dates = {name: value for name, value in params["card"].items() if name in ("exp_month", "exp_year")}
        method["card"] |= dates
    return call.save(PAYMENT_METHOD, method)


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


@routes("GET /v1/customers/{customer}/payment_methods/{payment_method}")
def retrieve_of_customer(call: Call) -> Document:
    """Return one of a customer's payment methods."""
    customer = call.in_path(CUSTOMER, "customer")
    method = call.in_path(PAYMENT_METHOD, "payment_method")
    if method["customer"] != customer["id"]:
        raise errors.not_attached(method["id"], "payment_method")
    return method


def attach_to(call: Call, customer: str, identifier: str, *, param: str, status: int = 400) -> Document:
    """Attach a payment method, or a new one made from a test name such as `pm_card_visa`."""
    method = found(call, identifier, param=param, status=status)
    require_usable_by(method, customer)
    behavior = behavior_of(method)
    if behavior.refuses_to_attach and behavior.decline:
        raise errors.refused_by_bank(behavior.decline)
    return call.save(PAYMENT_METHOD, {**method, "customer": customer})


def found(call: Call, identifier: str, *, param: str, status: int = 400) -> Document:
    """Return a payment method, or a new one made from a test name."""
    fields = named(call, identifier)
    return add(call, fields, {}) if fields else call.named(PAYMENT_METHOD, identifier, param, status=status)


def require_usable_by(method: Document, customer: str | None) -> None:
    """Refuse what belongs to somebody else, or to nobody any more."""
    if method["customer"] not in (None, customer):
        raise errors.attached_elsewhere()
    if method.get("_detached"):
        raise errors.detached()


def add(call: Call, fields: Document, params: Document) -> Document:
    """Store a new payment method that belongs to nobody yet."""
    blank = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
    return call.create(
        PAYMENT_METHOD,
        {
            "allow_redisplay": params.get("allow_redisplay", "unspecified"),
            "billing_details": {**blank, **(params.get("billing_details") or {})},
            "created": call.now,
            "customer": None,
            "customer_account": None,
            "metadata": merge_metadata({}, params.get("metadata")),
            **fields,
        },
    )


def _page(call: Call, customer: str | None) -> Document:
    mine = [] if customer is None else call.store.where(PAYMENT_METHOD.object, "customer", customer)
    methods = [method for method in mine[::-1] if call.params.get("type", method["type"]) == method["type"]]
    return page(call, methods, noun=PAYMENT_METHOD.noun)
