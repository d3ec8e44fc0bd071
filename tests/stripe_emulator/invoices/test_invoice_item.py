"""Invoice items: they wait for an invoice, or stand on a draft."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.stripe_emulator.invoices.billing import invoices, lines, pending, price_of
from tests.stripe_emulator.subscriptions.subscribing import subscribe


def once(client: stripe.StripeClient, amount: int, **more: Any) -> Any:
    """Return a new price that is paid once."""
    given: Any = {"currency": "usd", "product_data": {"name": "Setup"}, "unit_amount": amount, **more}
    return client.v1.prices.create(given)


def add(client: stripe.StripeClient, customer: Any, **given: Any) -> Any:
    """Add an item for a customer."""
    asked: Any = {"customer": customer.id, **given}
    return client.v1.invoice_items.create(asked)


def test_item_waits_for_the_next_invoice(client: stripe.StripeClient, payer: Any, seat: Any) -> None:
    """An amount stands on the first invoice of a subscription, and waits no longer."""
    item = add(client, payer, amount=500, currency="usd", description="Setup")
    assert (item.amount, item.invoice, item.proration, pending(client, payer)) == (500, None, False, [("Setup", 500)])
    invoice = invoices(client, subscribe(client, payer, seat))[0]
    assert lines(invoice) == [("Setup", 500), ("1 × Team (at $12.00 / month)", 1200)]
    assert pending(client, payer) == []
    assert client.v1.invoice_items.retrieve(item.id).invoice == invoice.id


def test_item_has_a_price_or_a_unit_amount(client: stripe.StripeClient, payer: Any, product: Any) -> None:
    """So many of a price, of one made on the spot, or of a decimal amount that is rounded once."""
    price = once(client, 333)
    data: Any = {"currency": "usd", "product": product.id, "unit_amount": 7}
    made = [
        add(client, payer, pricing={"price": price.id}, quantity=3),
        add(client, payer, price_data=data, quantity=2),
        add(client, payer, unit_amount_decimal="0.5", quantity=3, currency="usd"),
    ]
    assert [item.amount for item in made] == [999, 14, 2]
    assert made[0].pricing.price_details.price == price.id
    assert made[0].description == "Setup"


def test_item_of_a_subscription_waits_for_that_one(client: stripe.StripeClient, payer: Any, seat: Any) -> None:
    """Another subscription's invoice leaves it alone; an invoice made for the subscription takes it."""
    mine = subscribe(client, payer, seat)
    add(client, payer, amount=100, currency="usd", subscription=mine.id)
    other = subscribe(client, payer, price_of(client, 2000))
    assert invoices(client, other)[0].total == 2000
    draft = client.v1.invoices.create({"customer": payer.id, "subscription": mine.id})
    assert (draft.status, draft.total, draft.auto_advance) == ("draft", 100, False)


def test_item_on_a_draft_changes_with_it(client: stripe.StripeClient, payer: Any) -> None:
    """Added, changed and deleted, the draft is counted anew; a finalized invoice keeps its items."""
    draft = client.v1.invoices.create({"customer": payer.id})
    item = add(client, payer, amount=500, currency="usd", invoice=draft.id)
    gone = add(client, payer, amount=70, currency="usd", invoice=draft.id)
    assert client.v1.invoices.retrieve(draft.id).total == 570
    client.v1.invoice_items.update(item.id, {"amount": 600, "metadata": {"a": "1"}})
    client.v1.invoice_items.delete(gone.id)
    assert client.v1.invoices.retrieve(draft.id).total == 600
    client.v1.invoices.finalize_invoice(draft.id)
    for refused in (
        lambda: client.v1.invoice_items.update(item.id, {"amount": 1}),
        lambda: client.v1.invoice_items.delete(item.id),
        lambda: add(client, payer, amount=1, currency="usd", invoice=draft.id),
    ):
        with pytest.raises(stripe.InvalidRequestError) as error:
            refused()
        assert error.value.code == "invoice_not_editable"


def test_lists_are_filtered(client: stripe.StripeClient, payer: Any, customer: Any) -> None:
    """By customer, by invoice, by whether they wait."""
    waiting = add(client, payer, amount=1, currency="usd")
    draft = client.v1.invoices.create({"customer": payer.id})
    standing = add(client, payer, amount=2, currency="usd", invoice=draft.id)
    add(client, customer, amount=3, currency="usd")

    def listed(**given: Any) -> list[str]:
        return [item.id for item in client.v1.invoice_items.list(given).data]  # type: ignore[arg-type]

    assert listed(customer=payer.id) == [standing.id, waiting.id]
    assert listed(customer=payer.id, pending=True) == [waiting.id]
    assert listed(invoice=draft.id) == [standing.id]
    assert listed(pending=False) == [standing.id]


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({}, None),
        ({"amount": 1, "unit_amount_decimal": "1", "currency": "usd"}, "amount"),
        ({"unit_amount_decimal": "1", "quantity": -1}, "quantity"),
        ({"amount": 15, "currency": "kwd"}, "amount"),
        ({"amount": 15, "subscription": "sub_nope"}, "subscription"),
        ({"amount": 15, "invoice": "in_nope"}, "invoice"),
        ({"amount": 15, "tax_rates": ["txr_nope"]}, "tax_rates[0]"),
        ({"pricing": {"price": "price_nope"}}, "pricing[price]"),
    ],
)
def test_bad_items_are_refused(client: stripe.StripeClient, payer: Any, given: Any, param: str) -> None:
    """Each names its parameter, and leaves nothing behind."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        add(client, payer, **given)
    assert refused.value.param == param
    assert client.v1.invoice_items.list().data == []


def test_recurring_price_is_no_item(client: stripe.StripeClient, payer: Any, seat: Any) -> None:
    """What is paid again and again is a subscription."""
    with pytest.raises(stripe.InvalidRequestError, match="only accepts prices with `type=one_time`"):
        add(client, payer, pricing={"price": seat.id})


def test_lines_of_a_draft(client: stripe.StripeClient, payer: Any) -> None:
    """They are added, changed and taken off; what is unassigned waits again."""
    draft = client.v1.invoices.create({"customer": payer.id})
    waiting = add(client, payer, amount=70, currency="usd")
    asked: Any = [{"amount": 500, "description": "Work"}, {"invoice_item": waiting.id}]
    added = client.v1.invoices.add_lines(draft.id, {"lines": asked, "invoice_metadata": {"a": "1"}})
    assert (added.total, added.to_dict()["metadata"]) == (570, {"a": "1"})
    work, second = added.lines.data
    changed = client.v1.invoices.update_lines(draft.id, {"lines": [{"id": work.id, "amount": 600}]})
    assert (changed.total, changed.lines.data[0].id) == (670, work.id)
    line: Any = client.v1.invoices.line_items.update(draft.id, work.id, {"description": "More work"})
    assert (line.description, line.amount) == ("More work", 600)
    asked = [{"id": second.id, "behavior": "unassign"}, {"id": work.id, "behavior": "delete"}]
    emptied = client.v1.invoices.remove_lines(draft.id, {"lines": asked})
    assert (emptied.total, emptied.lines.data, pending(client, payer)) == (0, [], [("None", 70)])
    with pytest.raises(stripe.InvalidRequestError, match="No such line item"):
        client.v1.invoices.remove_lines(draft.id, {"lines": asked})


def test_lines_of_a_subscription_keep_their_price(client: stripe.StripeClient, payer: Any, usage: Any) -> None:
    """Only words, discounts and taxes of them change, and nothing once the invoice is finalized."""
    subscription = subscribe(client, payer, usage)
    add(client, payer, amount=100, currency="usd")
    client.v1.subscriptions.update(subscription.id, {"billing_cycle_anchor": {"type": "now"}})
    draft = client.v1.invoices.create({"customer": payer.id})
    with pytest.raises(stripe.InvalidRequestError, match="No such line item: 'il_nope'"):
        client.v1.invoices.line_items.update(draft.id, "il_nope", {"description": "x"})


def test_many_lines_are_a_list_of_their_own(client: stripe.StripeClient, payer: Any) -> None:
    """Ten stand in the invoice; the others are paged."""
    draft = client.v1.invoices.create({"customer": payer.id})
    asked: Any = [{"amount": number, "description": str(number)} for number in range(12)]
    shown = client.v1.invoices.add_lines(draft.id, {"lines": asked}).lines
    assert (len(shown.data), shown.has_more) == (10, True)
    rest = client.v1.invoices.line_items.list(draft.id, {"starting_after": shown.data[-1].id})
    assert [line.description for line in rest.data] == ["10", "11"]
