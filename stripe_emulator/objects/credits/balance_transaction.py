"""What was booked on a customer's billing credits.

https://docs.stripe.com/api/billing/credit-balance-transaction
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import parameters
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.credits.ledger import TRANSACTION
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [TRANSACTION]
routes = Routes()


@routes("GET /v1/billing/credit_balance_transactions")
def index(call: Call) -> Document:
    """List a customer's transactions, newest first."""
    mine = call.store.where(TRANSACTION.object, "_customer", customer_of(call)["id"])
    wanted = call.params.get("credit_grant")
    found = [one for one in mine[::-1] if wanted in (None, one["credit_grant"])]
    return page(call, found, noun=TRANSACTION.noun)


@routes("GET /v1/billing/credit_balance_transactions/{id}")
def retrieve(call: Call) -> Document:
    """Return one transaction."""
    return call.in_path(TRANSACTION)


def customer_of(call: Call) -> Document:
    """Return the customer that a question about credits is about."""
    if "customer_account" in call.params:
        raise not_emulated("customer_account")
    if "customer" not in call.params:
        raise parameters.missing("customer")
    return call.named(CUSTOMER, call.params["customer"], "customer")
