"""The balance of a customer: what is owed to, or by, a customer from one invoice to the next.

https://docs.stripe.com/billing/customer/balance and https://docs.stripe.com/api/customer_balance_transactions
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import balance as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.customers.record import CUSTOMER, in_time_of
from stripe_emulator.pagination import created_filter, page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

BALANCE_TRANSACTION = Kind(
    "customer_balance_transaction",
    "cbtxn",
    "customer balance transaction",
    path_param="transaction",
    expandable={"customer": "customer", "invoice": "invoice"},
)
KINDS = [BALANCE_TRANSACTION]
routes = Routes()


@routes("POST /v1/customers/{customer}/balance_transactions")
def create(call: Call) -> Document:
    """Add to a customer's balance: what is negative, the next invoice takes off."""
    customer, params = call.in_path(CUSTOMER, "customer"), call.params
    currency = params["currency"].lower()
    if customer["currency"] not in (None, currency):
        raise errors.other_currency(customer["currency"], currency)
    transaction = change_balance(
        in_time_of(call, customer["id"]), customer, params["amount"], currency, description=params.get("description")
    )
    transaction["metadata"] = merge_metadata({}, params.get("metadata"))
    return call.save(BALANCE_TRANSACTION, transaction)


@routes("GET /v1/customers/{customer}/balance_transactions/{transaction}")
def retrieve(call: Call) -> Document:
    """Return one transaction."""
    return _mine(call)


@routes("POST /v1/customers/{customer}/balance_transactions/{transaction}")
def update(call: Call) -> Document:
    """Change the words of a transaction; its amount stays."""
    transaction, params = _mine(call), call.params
    if "metadata" in params:
        transaction["metadata"] = merge_metadata(transaction["metadata"], params["metadata"])
    return call.save(BALANCE_TRANSACTION, {**transaction, **{k: params[k] for k in ("description",) if k in params}})


@routes("GET /v1/customers/{customer}/balance_transactions")
def index(call: Call) -> Document:
    """List a customer's transactions, newest first."""
    customer = call.in_path(CUSTOMER, "customer")
    mine = call.store.where(BALANCE_TRANSACTION.object, "customer", customer["id"])[::-1]
    wanted = call.params.get("invoice")
    found = [one for one in mine if wanted is None or one["invoice"] == wanted]
    return page(call, created_filter(call, found), noun=BALANCE_TRANSACTION.noun)


def change_balance(
    call: Call,
    customer: Document,
    amount: int,
    currency: str,
    *,
    reason: str = "adjustment",
    invoice: str | None = None,
    description: str | None = None,
) -> Document:
    """Add an amount to a customer's balance, and store the customer and the transaction that says why."""
    ending = customer["balance"] + amount
    customer |= {"balance": ending, "currency": customer["currency"] or currency}
    call.save(CUSTOMER, customer)
    fields = {
        "amount": amount,
        "checkout_session": None,
        "created": call.now,
        "credit_note": None,
        "currency": currency,
        "customer": customer["id"],
        "customer_account": None,
        "description": description,
        "ending_balance": ending,
        "invoice": invoice,
        "metadata": {},
        "type": reason,
    }
    return call.create(BALANCE_TRANSACTION, fields)


def _mine(call: Call) -> Document:
    customer = call.in_path(CUSTOMER, "customer")
    transaction = call.in_path(BALANCE_TRANSACTION, "transaction")
    if transaction["customer"] != customer["id"]:
        raise errors.of_another_customer(transaction["id"])
    return transaction
