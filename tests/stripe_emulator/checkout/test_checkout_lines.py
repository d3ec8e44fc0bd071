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


@pytest.mark.belief(
    "with invoice_creation a payment leaves a paid invoice behind, and its intent is the session's", "D"
)
def test_payment_leaves_an_invoice(
    client: stripe.StripeClient, product: stripe.Product, stripe_emulator: EmulatorClient
) -> None:
    """2 × 5.00 less a tenth is an invoice of 9.00 with the session's data for it."""
    coupon = client.v1.coupons.create({"percent_off": 10, "duration": "once"})
    data = {"description": "Thanks", "metadata": {"order": "7"}, "footer": "Bye"}
    session = open_session(
        client,
        {"price": one_time(client, product).id, "quantity": 2},
        mode="payment",
        discounts=[{"coupon": coupon.id}],
        invoice_creation={"enabled": True, "invoice_data": data},
        payment_intent_data={"metadata": {"a": "1"}},
    )
    shown = session.to_dict()["invoice_creation"]
    assert (shown["enabled"], shown["invoice_data"]["description"], shown["invoice_data"]["issuer"]) == (
        True,
        "Thanks",
        None,
    )
    done = stripe_emulator.complete_checkout(session.id, payment_method="pm_card_threeDSecure2Required")
    invoice = client.v1.invoices.retrieve(done["invoice"])
    assert (invoice.status, invoice.total, invoice.customer) == ("paid", 900, done["customer"])
    assert (invoice.description, invoice.footer, invoice.to_dict()["metadata"]) == ("Thanks", "Bye", {"order": "7"})
    intent = client.v1.payment_intents.retrieve(done["payment_intent"])
    assert (intent.status, intent.amount, intent.to_dict()["metadata"]) == ("succeeded", 900, {"a": "1"})
    assert client.v1.coupons.retrieve(coupon.id).times_redeemed == 1


def test_invoice_of_a_debit_is_paid_when_it_arrives(
    client: stripe.StripeClient, product: stripe.Product, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """Single payments and subscriptions alike: open and unpaid first, then paid and told."""
    stripe_emulator.clock.set("2026-01-31T12:00:00Z")
    types = {"allowed_payment_method_types": ["us_bank_account"]}
    once = one_time(client, product)
    sessions = [
        open_session(client, once, mode="payment", invoice_creation={"enabled": True}, **types),
        open_session(client, seat, **types),
    ]
    for session in sessions:
        done = stripe_emulator.complete_checkout(session.id, payment_method="pm_usBankAccount_success")
        assert (done["status"], done["payment_status"]) == ("complete", "unpaid")
        assert client.v1.invoices.retrieve(done["invoice"]).status == "open"
    stripe_emulator.clock.advance(4 * 86400)
    for session in sessions:
        shown = client.v1.checkout.sessions.retrieve(session.id)
        assert shown.payment_status == "paid"
        assert client.v1.invoices.retrieve(str(shown.invoice)).status == "paid"
    told = client.v1.events.list({"type": "checkout.session.async_payment_succeeded"}).data
    assert {one.data.object["id"] for one in told} == {one.id for one in sessions}


def test_free_payment_leaves_a_paid_invoice(
    client: stripe.StripeClient, product: stripe.Product, stripe_emulator: EmulatorClient
) -> None:
    """Where nothing is due, nothing is paid; elsewhere the parameter is refused, and a declined card is told."""
    coupon = client.v1.coupons.create({"percent_off": 100, "duration": "once"})
    asked: Any = {"mode": "payment", "invoice_creation": {"enabled": True}}
    once = one_time(client, product)
    session = open_session(client, once, discounts=[{"coupon": coupon.id}], **asked)
    done = stripe_emulator.complete_checkout(session.id)
    assert (done["payment_status"], done["payment_intent"]) == ("no_payment_required", None)
    assert client.v1.invoices.retrieve(done["invoice"]).status == "paid"
    with pytest.raises(ValueError, match="Your card was declined"):
        stripe_emulator.complete_checkout(
            open_session(client, once, **asked).id, payment_method="pm_card_chargeCustomerFail"
        )
