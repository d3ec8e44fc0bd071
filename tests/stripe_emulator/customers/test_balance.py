"""A customer's balance, through the official client. https://docs.stripe.com/billing/customer/balance."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.stripe_emulator.answers import body
from tests.stripe_emulator.payments.paying import refusal


def add(client: stripe.StripeClient, customer: stripe.Customer, amount: int, **params: Any) -> Any:
    """Add to a customer's balance."""
    given: Any = {"amount": amount, "currency": "usd", **params}
    return client.v1.customers.balance_transactions.create(customer.id, given)


@pytest.mark.belief("each balance transaction has the balance it leads to; the customer has the last one", "D S")
def test_transactions_add_up(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """What is added stays added; a transaction is listed newest first and keeps its amount."""
    first = add(client, customer, -500, description="Sorry", metadata={"ticket": "7"})
    second = add(client, customer, 200)
    assert [(one.amount, one.ending_balance, one.type) for one in (first, second)] == [
        (-500, -500, "adjustment"),
        (200, -300, "adjustment"),
    ]
    assert client.v1.customers.retrieve(customer.id).balance == -300
    listed = client.v1.customers.balance_transactions.list(customer.id).data
    assert [one.id for one in listed] == [second.id, first.id]
    changed = client.v1.customers.balance_transactions.update(
        customer.id, first.id, {"description": "Very sorry", "metadata": {"ticket": "8"}}
    )
    again = client.v1.customers.balance_transactions.retrieve(customer.id, first.id)
    assert body(again)["description"] == body(changed)["description"] == "Very sorry"
    assert (body(again)["amount"], body(again)["metadata"]) == (-500, {"ticket": "8"})


@pytest.mark.belief("setting a customer's balance makes the transaction that leads to it", "D")
def test_balance_is_set(client: stripe.StripeClient) -> None:
    """From nothing to -1.00 to 0.50: the second transaction is the difference."""
    customer = client.v1.customers.create({"balance": -100})
    client.v1.customers.update(customer.id, {"balance": 50})
    client.v1.customers.update(customer.id, {"balance": 50})
    listed = client.v1.customers.balance_transactions.list(customer.id).data
    assert [(one.amount, one.ending_balance, one.type) for one in listed] == [
        (150, 50, "adjustment"),
        (-100, -100, "initial"),
    ]
    assert client.v1.customers.retrieve(customer.id).balance == 50


def test_refusals(client: stripe.StripeClient, customer: stripe.Customer, payer: stripe.Customer) -> None:
    """A customer has one currency, and nobody sees another's transactions."""
    mine = add(client, customer, -100)
    error = refusal(lambda: add(client, customer, -100, currency="eur"))
    assert (error.http_status, error.param) == (400, "currency")
    error = refusal(lambda: client.v1.customers.balance_transactions.retrieve(payer.id, mine.id))
    assert (error.http_status, error.code) == (404, "resource_missing")
