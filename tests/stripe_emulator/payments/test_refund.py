"""Refunds and disputes through the official client. https://docs.stripe.com/refunds."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from tests.stripe_emulator.answers import body
from tests.stripe_emulator.payments.paying import pay, refusal, told


@pytest.mark.real_stripe
@pytest.mark.belief("a refund gives back a part, or what is left, and the charge says how much", "D S")
def test_parts_and_the_rest(client: stripe.StripeClient) -> None:
    """Of 20.00 first 5.00 go back, then the rest; then there is nothing left."""
    intent = pay(client, "pm_card_visa")
    part = client.v1.refunds.create({"payment_intent": intent.id, "amount": 500, "reason": "requested_by_customer"})
    assert (part.amount, part.status, part.charge) == (500, "succeeded", intent.latest_charge)
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (500, False)
    rest = client.v1.refunds.create({"charge": charge.id, "metadata": {"a": "b"}})
    assert rest.amount == 1500
    charge = client.v1.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert charge.refunds is not None
    assert (charge.amount_refunded, charge.refunded) == (2000, True)
    assert [one.id for one in charge.refunds.data] == [rest.id, part.id]
    assert told(client, "charge", "refund") == [
        "charge.succeeded",
        "charge.refunded",
        "refund.created",
        "charge.refunded",
        "refund.created",
    ]


@pytest.mark.real_stripe
@pytest.mark.belief("nobody gets back more than was taken, nor twice", "D I")
def test_refusals(client: stripe.StripeClient) -> None:
    """Too much, the same again, what was never paid, and nothing at all are refused."""
    intent = pay(client, "pm_card_visa")
    error = refusal(lambda: client.v1.refunds.create({"payment_intent": intent.id, "amount": 2001}))
    assert (error.http_status, error.param) == (400, "amount")
    assert refusal(lambda: client.v1.refunds.create({"payment_intent": intent.id, "amount": 0})).param == "amount"
    client.v1.refunds.create({"payment_intent": intent.id})
    error = refusal(lambda: client.v1.refunds.create({"payment_intent": intent.id}))
    assert (error.http_status, error.code) == (400, "charge_already_refunded")
    assert refusal(lambda: client.v1.refunds.create({"payment_intent": pay(client).id})).http_status == 400
    assert refusal(client.v1.refunds.create).http_status == 400
    assert refusal(lambda: client.v1.refunds.create({"charge": "ch_nope"})).param == "charge"


@given(parts=st.lists(st.integers(1, 900), min_size=1, max_size=6))
def test_refunds_never_exceed_the_charge(new_account: Any, parts: list[int]) -> None:
    """Whatever parts are asked for, what went back is the sum of those that still fitted."""
    client = new_account()
    intent, expected = pay(client, "pm_card_visa"), 0
    for part in parts:
        asked = partial(client.v1.refunds.create, {"payment_intent": intent.id, "amount": part})
        if expected + part <= 2000:
            asked()
            expected += part
        else:
            assert refusal(asked).http_status == 400
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (expected, expected == 2000)


def test_refunds_are_listed_and_noted(client: stripe.StripeClient) -> None:
    """Refunds are listed by charge and intent, and keep metadata."""
    intent, other = pay(client, "pm_card_visa"), pay(client, "pm_card_visa")
    mine, theirs = (client.v1.refunds.create({"payment_intent": one.id}) for one in (intent, other))
    assert [one.id for one in client.v1.refunds.list({"payment_intent": intent.id}).data] == [mine.id]
    assert [one.id for one in client.v1.refunds.list({"charge": other.latest_charge}).data] == [theirs.id]
    noted = client.v1.refunds.update(mine.id, {"metadata": {"order": "7"}})
    assert body(client.v1.refunds.retrieve(mine.id))["metadata"] == body(noted)["metadata"] == {"order": "7"}


@pytest.mark.belief("test card 0259 pays and is disputed; the words of the evidence decide", "D")
@pytest.mark.parametrize(("words", "status"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_dispute(client: stripe.StripeClient, words: str, status: str) -> None:
    """A disputed charge cannot be refunded, and evidence ends the dispute."""
    intent = pay(client, "pm_card_createDispute")
    assert intent.status == "succeeded"
    dispute = client.v1.disputes.list({"payment_intent": intent.id}).data[0]
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", "fraudulent", 2000)
    assert client.v1.charges.retrieve(intent.latest_charge).disputed is True
    error = refusal(lambda: client.v1.refunds.create({"payment_intent": intent.id}))
    assert error.code == "charge_disputed"
    client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "A draft"}, "submit": False})
    assert client.v1.disputes.retrieve(dispute.id).status == "needs_response"
    client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": words}, "metadata": {"a": "b"}})
    assert client.v1.disputes.retrieve(dispute.id).status == status
    assert refusal(lambda: client.v1.disputes.close(dispute.id)).http_status == 400
    assert told(client, "charge.dispute")[:2] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    ends = ["charge.dispute.closed"] + ["charge.dispute.funds_reinstated"] * (status == "won")
    assert told(client, "charge.dispute")[3:] == ends


def test_dispute_is_given_up(client: stripe.StripeClient) -> None:
    """Whoever closes a dispute has lost it."""
    pay(client, "pm_card_createDispute")
    dispute = client.v1.disputes.list().data[0]
    assert client.v1.disputes.close(dispute.id).status == "lost"
