"""Active entitlements: read, never written. https://docs.stripe.com/api/entitlements/active-entitlement."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.entitlements.record import ACTIVE_ENTITLEMENT, SUMMARY, entitlements_of
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [ACTIVE_ENTITLEMENT, SUMMARY]
routes = Routes()


@routes("GET /v1/entitlements/active_entitlements")
def index(call: Call) -> Document:
    """List what a customer is entitled to, newest first."""
    customer = call.named(CUSTOMER, call.params["customer"], "customer")
    return page(call, entitlements_of(call, customer["id"])[::-1], noun=ACTIVE_ENTITLEMENT.noun)


@routes("GET /v1/entitlements/active_entitlements/{id}")
def retrieve(call: Call) -> Document:
    """Return one, as long as it is active."""
    return call.in_path(ACTIVE_ENTITLEMENT)
