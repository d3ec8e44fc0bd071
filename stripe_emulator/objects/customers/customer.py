"""Customers. https://docs.stripe.com/api/customers."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import payments as errors
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.ids import random_id
from stripe_emulator.long_lists import listed
from stripe_emulator.objects.customers.balance import change_balance
from stripe_emulator.objects.customers.payment_method import attach_to
from stripe_emulator.objects.customers.payment_method_record import PAYMENT_METHOD
from stripe_emulator.objects.customers.record import CUSTOMER, in_time_of
from stripe_emulator.objects.subscriptions.end import end_subscriptions_of
from stripe_emulator.objects.time.clock_limits import require_place_for_customer
from stripe_emulator.objects.time.clock_record import TEST_CLOCK
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [CUSTOMER]
routes = Routes()

_PLAIN = (
    "address", "business_name", "description", "email", "individual_name", "invoice_prefix", "name",
    "next_invoice_sequence", "phone", "preferred_locales", "shipping", "tax_exempt",
)  # fmt: skip


@routes("POST /v1/customers")
def create(call: Call) -> Document:
    """Create a customer, and attach a payment method if one is given."""
    _refuse_not_emulated(call)
    call = call.on_clock(_clock(call))
    customer = call.create(CUSTOMER, {**_blank(call), **_given(call)})
    customer["metadata"] = merge_metadata({}, call.params.get("metadata"))
    _set_balance(call, customer, "initial")
    method = call.params.get("payment_method")
    attached: dict[str, str] = {}
    if method:
        attached[method] = attach_to(call, customer["id"], method, param="payment_method")["id"]
    _set_invoice_settings(call, customer, attached)
    return call.save(CUSTOMER, customer)


@routes("GET /v1/customers/{customer}")
def retrieve(call: Call) -> Document:
    """Return one customer; a deleted one says that it is deleted."""
    deleted = call.store.get("deleted_customer", call.path["customer"])
    return deleted or call.in_path(CUSTOMER, "customer")


@routes("POST /v1/customers/{customer}")
def update(call: Call) -> Document:
    """Change a customer."""
    _refuse_not_emulated(call)
    customer = call.in_path(CUSTOMER, "customer")
    if "metadata" in call.params:
        customer["metadata"] = merge_metadata(customer["metadata"], call.params["metadata"])
    _set_invoice_settings(call, customer, {})
    _set_balance(in_time_of(call, customer["id"]), customer, "adjustment")
    return call.save(CUSTOMER, {**customer, **_given(call)})


@routes("DELETE /v1/customers/{customer}")
def delete(call: Call) -> Document:
    """Delete a customer and end the subscriptions; the id stays known as deleted."""
    customer = call.in_path(CUSTOMER, "customer")
    end_subscriptions_of(call, customer["id"])
    call.store.remove(CUSTOMER.object, customer["id"])
    deleted = {"id": customer["id"], "object": CUSTOMER.object, "deleted": True}
    call.store.put("deleted_customer", customer["id"], deleted)
    return deleted


@routes("GET /v1/customers")
def index(call: Call) -> Document:
    """List customers, newest first."""
    also = None if "test_clock" in call.params else lambda customer: customer["test_clock"] is None
    return listed(call, CUSTOMER, "email", "test_clock", also=also)


def _clock(call: Call) -> str | None:
    """Return the test clock that a new customer is to live on."""
    if "test_clock" not in call.params:
        return None
    clock = call.named(TEST_CLOCK, call.params["test_clock"], "test_clock")
    require_place_for_customer(call, clock["id"])
    return str(clock["id"])


def _refuse_not_emulated(call: Call) -> None:
    for name in ("cash_balance", "default_source", "source", "tax_id_data"):
        if name in call.params:
            raise not_emulated(name)


def _set_invoice_settings(call: Call, customer: Document, attached: dict[str, str]) -> None:
    """Merge invoice settings; a test name such as `pm_card_visa` stands for what it was attached as."""
    given = call.params.get("invoice_settings", {})
    method = given.get("default_payment_method")
    if method is not None:
        method = str(attached.get(method, method))
        found = call.store.get(PAYMENT_METHOD.object, method)
        if found is None or found["customer"] != customer["id"]:
            raise errors.not_attached(method, "invoice_settings[default_payment_method]")
        given = {**given, "default_payment_method": method}
    customer["invoice_settings"] |= given


def _set_balance(call: Call, customer: Document, reason: str) -> None:
    """Set the balance, with the transaction that makes it so."""
    more = call.params.get("balance", customer["balance"]) - customer["balance"]
    if more:
        currency = customer["currency"]
        change_balance(call, customer, more, currency or "usd", reason=reason)
        customer["currency"] = currency  # what is billed first decides


def _given(call: Call) -> Document:
    given = {name: call.params[name] for name in _PLAIN if name in call.params}
    if given.get("address"):
        given["address"] = _whole_address(given["address"])
    if given.get("shipping"):
        shipping = {"phone": None, **given["shipping"]}
        given["shipping"] = {**shipping, "address": _whole_address(shipping["address"])}
    return given


def _whole_address(given: Document) -> Document:
    """Return an address with every line Stripe shows."""
    return {**dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state")), **given}


def _blank(call: Call) -> Document:
    return {
        "address": None,
        "balance": 0,
        "created": call.now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": random_id("", 8).strip("_").upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": call.params.get("test_clock"),
    }
