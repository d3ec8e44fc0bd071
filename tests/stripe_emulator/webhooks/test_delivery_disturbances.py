"""Deliveries that go wrong on demand: in another order, twice, late, never, badly answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from stripe_emulator.delivery.disturbances import Disturbances
from stripe_emulator.delivery.lanes import Turns
from stripe_emulator.delivery.outbox import Outbox
from tests.stripe_emulator.webhooks.conftest import APP
from tests.stripe_emulator.webhooks.receiving import Receiver

Endpoint = Callable[..., stripe.WebhookEndpoint]
NOW = 1_700_000_000


def products(client: stripe.StripeClient, count: int) -> list[str]:
    """Make so many events, and return their numbers."""
    names = [str(number) for number in range(count)]
    for name in names:
        client.v1.products.create({"name": name})
    return names


def names(receiver: Receiver) -> list[str]:
    """Return the numbers of the events that arrived."""
    return [one.event["data"]["object"]["name"] for one in receiver.received]


def test_order_is_kept_by_default(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """Of creations and of what one request makes."""
    endpoint()
    made = products(client, 12)
    stripe_emulator.wait_for_deliveries()
    assert names(receiver) == made


def test_shuffle_is_the_same_each_time(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """The seed decides; each window of five holds the same events, and the last one is sent when a test waits."""
    endpoint()
    orders = []
    for seed in (1, 1, 2):
        stripe_emulator.calm()
        stripe_emulator.disturb("shuffle", seed=seed)
        made = products(client, 12)
        stripe_emulator.wait_for_deliveries()
        orders.append(names(receiver))
        receiver.received.clear()
    first, again, other = orders
    assert first == again
    assert first != made
    assert first != other
    for window in (slice(0, 5), slice(5, 10), slice(10, 12)):
        assert sorted(first[window]) == sorted(made[window])


def test_full_window_does_not_wait_for_anybody(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """A program that nobody waits for gets its events, too; calm sends the rest."""
    endpoint()
    stripe_emulator.disturb("shuffle", seed=3, window=2)
    products(client, 3)
    for _ in range(2):
        receiver.arrived.acquire()
    assert sorted(names(receiver)) == ["0", "1"]
    stripe_emulator.calm()
    receiver.arrived.acquire()
    assert names(receiver)[2] == "2"


def test_event_comes_twice(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """Only the types that the rule names, and only as often as it says."""
    endpoint()
    stripe_emulator.disturb("duplicate", type="product.*", times=3, skip=1, count=1)
    client.v1.coupons.create({"percent_off": 5, "duration": "once"})
    products(client, 3)
    stripe_emulator.wait_for_deliveries()
    assert names(receiver)[1:] == ["0", "1", "1", "1", "2"]
    assert len(set(receiver.ids)) == 4
    twice = stripe_emulator.deliveries(type="product.created")[1]
    assert (twice["state"], len(twice["attempts"])) == ("delivered", 3)


def test_event_comes_late(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """By the emulator's clock, after those that were made later; once only, even if the rule has no end."""
    stripe_emulator.clock.set(NOW)
    endpoint()
    stripe_emulator.disturb("delay", seconds=60, count=None, type="product.created")
    products(client, 1)
    client.v1.coupons.create({"percent_off": 5, "duration": "once"})
    stripe_emulator.wait_for_deliveries()
    assert receiver.types == ["coupon.created"]
    assert client.v1.events.list({"delivery_success": False}).data[0].type == "product.created"
    stripe_emulator.clock.advance(60)
    stripe_emulator.wait_for_deliveries()
    assert receiver.types == ["coupon.created", "product.created"]


def test_event_never_comes(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """It is in the list all the same: there a program finds what it missed."""
    stripe_emulator.clock.set(NOW)
    endpoint()
    stripe_emulator.disturb("drop")
    products(client, 2)
    stripe_emulator.clock.advance(86400)
    stripe_emulator.wait_for_deliveries()
    assert names(receiver) == ["1"]
    assert [one["state"] for one in stripe_emulator.deliveries()] == ["dropped", "delivered"]
    (missed,) = client.v1.events.list({"delivery_success": False}).data
    assert missed.data.object["name"] == "0"


@pytest.mark.parametrize(
    ("kind", "error", "received"),
    [("status", "answered 500", 0), ("timeout", "timed out", 0), ("refuse", "connection refused", 0),
     ("lose_answer", "timed out", 1)],
)  # fmt: skip
def test_delivery_fails_on_demand(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    receiver: Receiver,
    endpoint: Endpoint,
    kind: str,
    error: str,
    received: int,
) -> None:
    """The endpoint hears of it only where the answer is what is lost; the retry comes in any case."""
    stripe_emulator.clock.set(NOW)
    target = endpoint()
    stripe_emulator.disturb(kind, endpoint=target.id)
    products(client, 1)
    stripe_emulator.wait_for_deliveries()
    assert stripe_emulator.deliveries()[0]["attempts"][0]["error"] == error
    assert len(receiver.received) == received
    stripe_emulator.clock.advance(3600)
    stripe_emulator.wait_for_deliveries()
    assert len(receiver.received) == received + 1


def test_rule_is_about_one_endpoint(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """The others get theirs, although one is held up."""
    unlucky, lucky = endpoint(url=f"{APP}/a"), endpoint(url=f"{APP}/b")
    stripe_emulator.disturb("drop", endpoint=unlucky.id, count=None)
    products(client, 2)
    stripe_emulator.wait_for_deliveries()
    assert [one.path for one in receiver.received] == ["/b", "/b"]
    assert len(stripe_emulator.deliveries(endpoint=lucky.id, state="delivered")) == 2


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"kind": "lose"}, "one of shuffle, duplicate"),
        ({"kind": "drop", "colour": 1}, "a rule for deliveries has no colour"),
        ({"kind": "drop", "count": 0}, "'count' is a whole number, 1 or more"),
        ({"kind": "drop", "count": "x"}, "'count' is a whole number, 1 or more"),
        ({"kind": "duplicate", "times": 1}, "'times' is a whole number, 2 or more"),
        ({"kind": "delay", "seconds": -1}, "'seconds' is a whole number, 0 or more"),
        ({"kind": "shuffle", "window": 1}, "'window' is a whole number, 2 or more"),
        ({"kind": "shuffle", "type": 5}, "'type' is text"),
    ],
)
def test_odd_rule_is_refused(stripe_emulator: EmulatorClient, rule: dict[str, Any], sentence: str) -> None:
    """In one sentence, and nothing is kept."""
    with pytest.raises(ValueError, match=sentence):
        stripe_emulator.call("POST", "/disturbances", rule)
    assert stripe_emulator.call("GET", "/disturbances") == {"disturbances": []}


@given(counts=st.lists(st.integers(1, 9), min_size=1, max_size=6), window=st.integers(2, 6), seed=st.integers(0, 99))
def test_shuffle_loses_and_repeats_nothing(counts: list[int], window: int, seed: int) -> None:
    """However deliveries come in: each is drawn once, at most a window away from its place."""
    outbox, turns = Outbox(), Turns()
    rules = Disturbances()
    rules.add({"kind": "shuffle", "seed": seed, "window": window})
    lane, made, drawn = ("scope", "we_1"), 0, []

    def send(*, all_are_here: bool) -> None:
        while (one := turns.next(outbox, lane, rules.shuffle, all_are_here=all_are_here)) is not None:
            drawn.append(int(one))
            outbox.note("scope", one, {"state": "delivered", "endpoint": "we_1"})

    for count in counts:
        for _ in range(count):
            outbox.note("scope", str(made), {"state": "ready", "endpoint": "we_1"})
            made += 1
        send(all_are_here=False)
    assert made - len(drawn) < window
    send(all_are_here=True)
    assert sorted(drawn) == list(range(made))
    assert all(abs(place - one) < window for place, one in enumerate(drawn))
