"""Line items of an open session that change, and the invoice of what was bought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.checkout.checkouts import one_time, open_session

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient


def _update(client: stripe.StripeClient, session: str, *items: Any) -> Any:
    asked: Any = {"line_items": list(items), "expand": ["line_items"]}
    return client.v1.checkout.sessions.update(session, asked).to_dict()


@pytest.mark.belief(
    "an update sends all line items again: kept by their id, changed, new, left out, in their order", "S"
)
def test_line_items_are_sent_again(
    client: stripe.StripeClient, seat: stripe.Price, product: stripe.Product, stripe_emulator: EmulatorClient
) -> None:
    """A kept line keeps its id and what is not named; a new one gets an id; one that is left out is gone."""
    once = one_time(client, product)
    session = open_session(client, {"price": seat.id, "quantity": 2, "metadata": {"a": "1"}}, once)
    first, second = client.v1.checkout.sessions.line_items.list(session.id).data
    shown = _update(client, session.id, {"price": once.id, "quantity": 3}, {"id": first.id, "quantity": 5})
    lines = shown["line_items"]["data"]
    assert [(one["price"]["id"], one["quantity"]) for one in lines] == [(once.id, 3), (seat.id, 5)]
    assert (lines[1]["id"], lines[1]["metadata"]) == (first.id, {"a": "1"})
    assert lines[0]["id"] not in (first.id, second.id)
    assert shown["amount_total"] == 3 * 500 + 5 * 1200
    assert _update(client, session.id, {"id": first.id})["amount_total"] == 6000
    assert stripe_emulator.complete_checkout(session.id)["amount_total"] == 6000


def test_bad_line_items_are_refused(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """A foreign line, nothing at all, and a session that is over."""
    session = open_session(client, seat)
    with pytest.raises(stripe.InvalidRequestError, match="No such line item: 'li_none'"):
        _update(client, session.id, {"id": "li_none"})
    with pytest.raises(stripe.InvalidRequestError, match="Quantity is required"):
        _update(client, session.id, {"price": seat.id})
    stripe_emulator.complete_checkout(session.id)
    with pytest.raises(stripe.InvalidRequestError, match="cannot be changed"):
        _update(client, session.id, {"price": seat.id, "quantity": 1})


@pytest.mark.belief("a subscription's session names its first invoice, on which items paid once stand as well", "D")
def test_session_names_the_first_invoice(
    client: stripe.StripeClient, seat: stripe.Price, product: stripe.Product, stripe_emulator: EmulatorClient
) -> None:
    """12.00 that recur and 5.00 that do not are one paid invoice of 17.00, which is the subscription's latest."""
    session = open_session(client, seat, one_time(client, product))
    assert session.invoice is None
    done = stripe_emulator.complete_checkout(session.id)
    invoice = client.v1.invoices.retrieve(done["invoice"])
    assert (invoice.status, invoice.total, invoice.billing_reason) == ("paid", 1700, "subscription_create")
    assert sorted(line.amount for line in invoice.lines.data) == [500, 1200]
    assert client.v1.subscriptions.retrieve(done["subscription"]).latest_invoice == invoice.id
    assert done["payment_status"] == "paid"
