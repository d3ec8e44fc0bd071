"""The end of a checkout session by its time, its events, and the link that takes it up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.stripe_emulator.answers import body
from tests.stripe_emulator.checkout.checkouts import DAY, HALF_AN_HOUR, open_session

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

NOON = 1_769_860_800
RECOVERY = {"recovery": {"enabled": True, "allow_promotion_codes": True}}


def _told(client: stripe.StripeClient) -> list[tuple[str, str, int]]:
    events = client.v1.events.list().data
    return [(one.type, one.data.object["id"], one.created) for one in events if one.type.startswith("checkout.")]


@pytest.mark.belief("a session expires by itself at expires_at, which is told as checkout.session.expired", "D")
def test_session_expires_at_its_time(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The event carries the moment of the end, not the moment when somebody looked."""
    stripe_emulator.clock.set(NOON)
    session = open_session(client, seat, expires_at=NOON + HALF_AN_HOUR)
    stripe_emulator.clock.set(NOON + HALF_AN_HOUR - 1)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    stripe_emulator.clock.set(NOON + 5 * HALF_AN_HOUR)
    assert _told(client) == [("checkout.session.expired", session.id, NOON + HALF_AN_HOUR)]
    shown = client.v1.checkout.sessions.retrieve(session.id)
    assert (shown.status, shown.url, shown.after_expiration) == ("expired", None, None)
    listed = client.v1.checkout.sessions.list({"status": "expired"}).data
    assert [one.id for one in listed] == [session.id]


@pytest.mark.belief("a completed session is told as checkout.session.completed and never expires", "D")
def test_completed_session_does_not_expire(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """One event, and nothing at the time at which it would have expired."""
    stripe_emulator.clock.set(NOON)
    session = open_session(client, seat)
    stripe_emulator.complete_checkout(session.id)
    stripe_emulator.clock.set(NOON + 2 * DAY)
    assert _told(client) == [("checkout.session.completed", session.id, NOON)]
    ended = client.v1.checkout.sessions.expire(open_session(client, seat).id)
    stripe_emulator.clock.set(NOON + 5 * DAY)
    assert _told(client)[0] == ("checkout.session.expired", ended.id, NOON + 2 * DAY)
    assert len(_told(client)) == 2


@pytest.mark.belief("an expired session with recovery has a url for thirty days that opens a copy of it", "D")
def test_expired_session_is_taken_up_again(
    client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient
) -> None:
    """The copy has the same items and names where it came from; the original stays expired."""
    stripe_emulator.clock.set(NOON)
    session = open_session(client, {"price": seat.id, "quantity": 3}, after_expiration=RECOVERY)
    blank = {"enabled": True, "allow_promotion_codes": True, "expires_at": None, "url": None}
    assert body(session)["after_expiration"] == {"recovery": blank}
    with pytest.raises(ValueError, match="cannot be recovered"):
        stripe_emulator.recover_checkout(session.id)
    stripe_emulator.clock.advance(DAY)
    expired = body(client.v1.checkout.sessions.retrieve(session.id))
    recovery = expired["after_expiration"]["recovery"]
    assert recovery["expires_at"] == NOON + 31 * DAY
    assert recovery["url"] == f"{stripe_emulator.url}/c/recover/{session.id}"
    copy = stripe_emulator.recover_checkout(session.id)
    assert (copy["status"], copy["recovered_from"], copy["amount_total"]) == ("open", session.id, 3600)
    assert (copy["allow_promotion_codes"], copy["expires_at"]) == (True, NOON + 2 * DAY)
    assert stripe_emulator.complete_checkout(copy["id"])["status"] == "complete"
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_recovery_ends(client: stripe.StripeClient, seat: stripe.Price, stripe_emulator: EmulatorClient) -> None:
    """After thirty days the link is of no use; one that nobody asked for never was."""
    stripe_emulator.clock.set(NOON)
    session = open_session(client, seat, after_expiration=RECOVERY)
    client.v1.checkout.sessions.expire(session.id)
    stripe_emulator.clock.advance(30 * DAY)
    with pytest.raises(ValueError, match="has expired"):
        stripe_emulator.recover_checkout(session.id)
    bare = client.v1.checkout.sessions.expire(open_session(client, seat).id)
    with pytest.raises(ValueError, match="cannot be recovered"):
        stripe_emulator.recover_checkout(bare.id)


@pytest.mark.belief("optional items are added by the customer, at most ten, and paid with the rest", "S")
def test_optional_items(
    client: stripe.StripeClient, seat: stripe.Price, product: stripe.Product, stripe_emulator: EmulatorClient
) -> None:
    """They are echoed, cost nothing until they are chosen, and then stand among the line items."""
    once = client.v1.prices.create({"product": product.id, "currency": "usd", "unit_amount": 500})
    bounds = {"enabled": True, "minimum": 1, "maximum": 3}
    options: Any = [{"price": once.id, "quantity": 1, "adjustable_quantity": bounds}]
    session = open_session(client, seat, optional_items=options)
    assert body(session)["optional_items"] == options
    assert session.amount_total == 1200
    with pytest.raises(ValueError, match="between the adjustable minimum"):
        stripe_emulator.complete_checkout(session.id, optional_items={0: 4})
    with pytest.raises(ValueError, match="no optional item 1"):
        stripe_emulator.complete_checkout(session.id, optional_items={1: 1})
    assert stripe_emulator.complete_checkout(session.id, optional_items={0: 2})["amount_total"] == 2200
    lines = client.v1.checkout.sessions.line_items.list(session.id).data
    assert [(one.price and one.price.id, one.quantity) for one in lines] == [(seat.id, 1), (once.id, 2)]
    without = open_session(client, seat, optional_items=options)
    assert stripe_emulator.complete_checkout(without.id)["amount_total"] == 1200


def test_bad_optional_items_are_refused(
    client: stripe.StripeClient, seat: stripe.Price, usage: stripe.Price, product: stripe.Product
) -> None:
    """What is sold anyway, metered, of another currency, archived, of no quantity, or one too many."""
    prices: Any = client.v1.prices
    euros = prices.create({"product": product.id, "currency": "eur", "unit_amount": 500})
    gone = prices.create({"product": product.id, "currency": "usd", "unit_amount": 500, "active": False})
    for options, words in (
        ([{"price": seat.id, "quantity": 1}], "already among the line items"),
        ([{"price": usage.id, "quantity": 1}], "Metered prices are not supported"),
        ([{"price": euros.id, "quantity": 1}], "eur"),
        ([{"price": gone.id, "quantity": 1}], "only accepts active prices"),
        ([{"price": gone.id, "quantity": 1}] * 11, "at most 10 optional items"),
        ([{"price": prices.create({"product": product.id, "currency": "usd", "unit_amount": 1}).id, "quantity": 0}],
         "Invalid positive integer"),
    ):  # fmt: skip
        with pytest.raises(stripe.InvalidRequestError, match=words):
            open_session(client, seat, optional_items=options)
