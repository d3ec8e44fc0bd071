"""Customers. https://docs.stripe.com/api/customers."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.ids import random_id
from stripe_emulator.kinds import Kind
from stripe_emulator.pagination import newest_first, page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

CUSTOMER = Kind("customer", "cus", "customer", expandable={"default_source": "source"})
KINDS = [CUSTOMER]
routes = Routes()

_PLAIN = (
    "address", "balance", "business_name", "description", "email", "individual_name", "invoice_prefix", "name",
    "next_invoice_sequence", "phone", "preferred_locales", "shipping", "tax_exempt",
)  # fmt: skip


@routes("POST /v1/customers")
def create(call: Call) -> Document:
    """Create a customer."""
    customer = {**_blank(call), **_given(call)}
    customer["metadata"] = merge_metadata({}, call.params.get("metadata"))
    return call.create(CUSTOMER, customer)


@routes("GET /v1/customers/{customer}")
def retrieve(call: Call) -> Document:
    """Return one customer; a deleted one says that it is deleted."""
    return call.in_path(CUSTOMER, "customer")


@routes("POST /v1/customers/{customer}")
def update(call: Call) -> Document:
    """Change a customer."""
    customer = call.in_path(CUSTOMER, "customer")
    if "metadata" in call.params:
        customer["metadata"] = merge_metadata(customer["metadata"], call.params["metadata"])
    return call.save(CUSTOMER, {**customer, **_given(call)})


@routes("DELETE /v1/customers/{customer}")
def delete(call: Call) -> Document:
    """Delete a customer."""
    customer = call.in_path(CUSTOMER, "customer")
    call.store.remove("customer", customer["id"])
    return {"id": customer["id"], "object": "customer", "deleted": True}


@routes("GET /v1/customers")
def index(call: Call) -> Document:
    """List customers, newest first."""
    return page(call, newest_first(call, CUSTOMER.object, "email", "test_clock"), noun=CUSTOMER.noun)


def _given(call: Call) -> Document:
    return {name: call.params[name] for name in _PLAIN if name in call.params}


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
        "test_clock": None,
    }
