"""Invoices made by hand, and what is done to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.invoices.billing import DAY, HOUR, invoices
from tests.stripe_emulator.subscriptions.subscribing import JANUARY_31, subscribe


def drafted(client: stripe.StripeClient, customer: Any, amount: int = 500, **given: Any) -> Any:
    """Return a draft over an amount."""
    asked: Any = {"customer": customer.id, **given}
    draft = client.v1.invoices.create(asked)
    client.v1.invoice_items.create({"customer": customer.id, "amount": amount, "currency": "usd", "invoice": draft.id})
    return client.v1.invoices.retrieve(draft.id)


def event_types(client: stripe.StripeClient) -> list[str]:
    """Return the types of the events about invoices, oldest first."""
    events = client.v1.events.list({"limit": 100}).data[::-1]
    return [event.type for event in events if event.type.startswith("invoice.")]


def test_life_of_an_invoice(client: stripe.StripeClient, payer: Any) -> None:
    """Draft, open, paid: with a number and its address from the moment it is finalized."""
    draft = drafted(client, payer, description="Work", footer="Thanks")
    assert (draft.status, draft.number, draft.hosted_invoice_url, draft.total) == ("draft", None, None, 500)
    opened = client.v1.invoices.finalize_invoice(draft.id)
    assert (opened.status, opened.number, opened.amount_due) == ("open", f"{payer.invoice_prefix}-0001", 500)
    assert opened.hosted_invoice_url
    assert opened.invoice_pdf
    paid = client.v1.invoices.pay(draft.id)
    assert (paid.status, paid.amount_paid, paid.amount_remaining, paid.attempt_count) == ("paid", 500, 0, 1)
    assert paid.status_transitions.paid_at is not None
    assert [name for name in event_types(client) if name != "invoice.updated"] == [
        "invoice.created", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded",
    ]  # fmt: skip


def test_pending_items_are_included_if_asked(client: stripe.StripeClient, payer: Any) -> None:
    """Without a word about it, an invoice made by hand begins empty."""
    client.v1.invoice_items.create({"customer": payer.id, "amount": 500, "currency": "usd"})
    assert client.v1.invoices.create({"customer": payer.id}).total == 0
    included = client.v1.invoices.create({"customer": payer.id, "pending_invoice_items_behavior": "include"})
    assert included.total == 500


@pytest.mark.belief("an invoice that advances by itself is finalized after an hour, then charged or sent", "D")
def test_automatic_advancement(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """One that is charged is paid; one that is sent is open until it is paid by hand."""
    stripe_emulator.clock.set(JANUARY_31)
    charged = drafted(client, payer, auto_advance=True)
    sent = drafted(client, payer, auto_advance=True, collection_method="send_invoice", days_until_due=7)
    stripe_emulator.clock.advance(HOUR)
    assert client.v1.invoices.retrieve(charged.id).status == "paid"
    opened = client.v1.invoices.retrieve(sent.id)
    assert (opened.status, opened.due_date) == ("open", JANUARY_31 + HOUR + 7 * DAY)
    assert "invoice.sent" in event_types(client)
    stripe_emulator.clock.advance(7 * DAY)
    assert event_types(client)[-2:] == ["invoice.will_be_due", "invoice.overdue"]
    elsewhere = client.v1.invoices.pay(sent.id, {"paid_out_of_band": True})
    assert (elsewhere.status, elsewhere.amount_paid) == ("paid", 500)


def test_ends_without_payment(client: stripe.StripeClient, payer: Any) -> None:
    """Void is for good; what is given up can still be paid, or be voided."""
    void = client.v1.invoices.void_invoice(client.v1.invoices.finalize_invoice(drafted(client, payer).id).id)
    given_up = client.v1.invoices.mark_uncollectible(client.v1.invoices.finalize_invoice(drafted(client, payer).id).id)
    assert (void.status, given_up.status) == ("void", "uncollectible")
    assert client.v1.invoices.pay(given_up.id).status == "paid"
    verbs: Any = (client.v1.invoices.pay, client.v1.invoices.void_invoice, client.v1.invoices.finalize_invoice)
    for verb in verbs:
        with pytest.raises(stripe.InvalidRequestError):
            verb(void.id)
    assert {"invoice.voided", "invoice.marked_uncollectible"} <= set(event_types(client))


def test_only_drafts_change_and_go(client: stripe.StripeClient, payer: Any, seat: Any) -> None:
    """A finalized invoice keeps what costs money; a subscription's is never deleted."""
    draft = drafted(client, payer)
    assert client.v1.invoices.update(draft.id, {"description": "Work", "metadata": {"a": "1"}}).description == "Work"
    other = drafted(client, payer)
    deleted: Any = client.v1.invoices.delete(other.id)
    assert (deleted.deleted, client.v1.invoice_items.list({"invoice": other.id}).data) == (True, [])
    client.v1.invoices.finalize_invoice(draft.id)
    assert client.v1.invoices.update(draft.id, {"metadata": {"a": "2"}}).to_dict()["metadata"] == {"a": "2"}
    refusals: list[Callable[[], Any]] = [
        lambda: client.v1.invoices.update(draft.id, {"description": "Other"}),
        lambda: client.v1.invoices.delete(draft.id),
        lambda: client.v1.invoices.finalize_invoice(draft.id),
    ]
    for refused in refusals:
        with pytest.raises(stripe.InvalidRequestError) as error:
            refused()
        assert error.value.code == "invoice_not_editable"
    of_subscription = subscribe(client, payer, seat).latest_invoice
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.invoices.delete(str(of_subscription))


@pytest.mark.belief("a customer's credit balance pays first; a negative total is added to it", "D")
def test_balance(client: stripe.StripeClient, payer: Any) -> None:
    """What is credited is used up by the next invoices, and given back by a void one."""
    credit = client.v1.invoices.finalize_invoice(drafted(client, payer, -300).id)
    assert (credit.status, credit.amount_due, credit.ending_balance) == ("paid", 0, -300)
    used = client.v1.invoices.finalize_invoice(drafted(client, payer, 500).id)
    assert (used.starting_balance, used.ending_balance, used.amount_due, used.total) == (-300, 0, 200, 500)
    client.v1.invoices.void_invoice(used.id)
    assert client.v1.customers.retrieve(payer.id).balance == -300


@pytest.mark.belief("less than the smallest charge is not due, but waits in the customer's balance", "S D")
def test_too_little_to_charge_waits(client: stripe.StripeClient, payer: Any) -> None:
    """49 cents are paid with the next invoice."""
    little = client.v1.invoices.finalize_invoice(drafted(client, payer, 49).id)
    assert (little.status, little.amount_due, little.ending_balance) == ("paid", 0, 49)
    assert client.v1.invoices.finalize_invoice(drafted(client, payer, 100).id).amount_due == 149


def test_taxes(client: stripe.StripeClient, payer: Any) -> None:
    """An exclusive rate is added, an inclusive one is in the price; a line's own rates stand for the invoice's."""
    rates = [
        client.v1.tax_rates.create({"display_name": "VAT", "percentage": percent, "inclusive": inclusive}).id
        for percent, inclusive in ((19.0, True), (10.0, False))
    ]
    draft = drafted(client, payer, 11_900, default_tax_rates=[rates[0]])
    assert (draft.total, draft.total_excluding_tax, draft.total_taxes[0].amount) == (11_900, 10_000, 1900)
    line = draft.lines.data[0].id
    taxed: Any = client.v1.invoices.line_items.update(draft.id, line, {"tax_rates": [rates[1]]})
    assert [(one.amount, one.tax_behavior) for one in taxed.taxes] == [(1190, "exclusive")]
    assert client.v1.invoices.retrieve(draft.id).total == 13_090


def test_lists_are_filtered(client: stripe.StripeClient, payer: Any, customer: Any, seat: Any) -> None:
    """By customer, subscription, status and how they are collected."""
    subscription = subscribe(client, payer, seat)
    other = drafted(client, customer, collection_method="send_invoice", days_until_due=3)

    def listed(**given: Any) -> list[str]:
        return [one.id for one in client.v1.invoices.list(given).data]  # type: ignore[arg-type]

    first = str(subscription.latest_invoice)
    assert listed() == [other.id, first]
    assert listed(customer=payer.id) == listed(subscription=subscription.id) == listed(status="paid") == [first]
    assert listed(status="draft") == listed(collection_method="send_invoice") == [other.id]


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"days_until_due": 3}, "days_until_due"),
        ({"collection_method": "send_invoice"}, "days_until_due"),
        ({"collection_method": "send_invoice", "due_date": 1}, "due_date"),
        ({"default_payment_method": "pm_nope"}, "default_payment_method"),
        ({"discounts": [{"coupon": "NOPE"}]}, "discounts[0][coupon]"),
        ({"transfer_data": {"destination": "acct_1"}}, "transfer_data"),
        ({"automatic_tax": {"enabled": True}}, "automatic_tax[enabled]"),
    ],
)
def test_bad_invoices_are_refused(client: stripe.StripeClient, payer: Any, given: Any, param: str) -> None:
    """Each names its parameter."""
    asked: Any = {"customer": payer.id, **given}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.invoices.create(asked)
    assert refused.value.param == param


@pytest.mark.belief("10 invoices of a subscription in a minute, 20 in a day", "D")
def test_invoices_of_a_subscription_are_limited(
    client: stripe.StripeClient, payer: Any, seat: Any, stripe_emulator: EmulatorClient
) -> None:
    """The eleventh within a minute is refused, and the twenty-first of a day."""
    stripe_emulator.clock.set(JANUARY_31)
    subscription = subscribe(client, payer, seat)
    restart: Any = {"billing_cycle_anchor": {"type": "now"}, "proration_behavior": "none"}

    def until_refused() -> int:
        for _ in range(30):
            stripe_emulator.clock.advance(1)
            try:
                client.v1.subscriptions.update(subscription.id, restart)
            except stripe.RateLimitError:
                break
        return len(invoices(client, subscription))

    assert until_refused() == 10
    stripe_emulator.clock.advance(60)
    assert until_refused() == 20


def test_nothing_to_invoice(client: stripe.StripeClient, payer: Any, seat: Any) -> None:
    """An invoice for a subscription needs something that waits."""
    subscription = subscribe(client, payer, seat)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.invoices.create({"customer": payer.id, "subscription": subscription.id})
    assert refused.value.code == "invoice_no_subscription_line_items"
