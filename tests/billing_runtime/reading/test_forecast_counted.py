"""Forecasts of what was counted here, whether or not Stripe has been told of it yet."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import Billing
    from tests.billing_runtime.reading.conftest import Stage

pytestmark = pytest.mark.sqlite_file
EVENT = "alpaca_ai_tokens"


@pytest.fixture
def subscription(stage: Stage) -> str:
    """On a plan that bills 4 cents for each started 1,000 tokens, counted here."""
    return stage.subscribe(stage.data["prices"]["alpaca-ai.tokens"]["id"])


@pytest.fixture
def store(store_url: str) -> str:
    """The file."""
    return store_url.removeprefix("sqlite:///")


def mark(store: str, state: str) -> None:
    """Everything that was counted so far is on its way to Stripe, or there."""
    with closing(sqlite3.connect(store)) as file, file:
        file.execute("UPDATE outbox SET state = ? WHERE state <> 'dead'", [state])


def quantity(stage: Stage, **how: timedelta) -> int:
    """The units that the forecast bills."""
    return stage.forecast(**how).lines[0].quantity


def test_what_is_not_sent_yet_is_in_it(stage: Stage, subscription: str, store: str) -> None:
    """The forecast is ahead of Stripe's by what waits, never counts it twice, and agrees as soon as it has arrived."""
    stage.watch.advance(days=3)
    stage.billing.consume(stage.entity, "ai_tokens", 2500)
    assert (quantity(stage), stage.forecast().total, stage.preview(subscription).total) == (2500, 12, 0)
    mark(store, "sealed")
    assert quantity(stage) == 2500
    stage.use(EVENT, 2500)
    assert quantity(stage) == 2500
    mark(store, "sent")
    assert stage.agrees(subscription).total == 12
    stage.watch.advance(minutes=5)
    stage.billing.consume(stage.entity, "ai_tokens", 501)
    assert quantity(stage) == 3001


def test_what_others_told_stripe_is_in_it_too(stage: Stage, subscription: str, store: str) -> None:
    """Usage that was recorded beside the limits is billed as well, so it must be forecast as well."""
    stage.billing.usage.record(stage.entity, "alpaca-ai-tokens", 300)
    assert stage.agrees(subscription).lines[0].quantity == 300
    stage.billing.consume(stage.entity, "ai_tokens", 100)
    assert quantity(stage) == 400
    stage.use(EVENT, 100)
    mark(store, "sent")
    assert stage.agrees(subscription).lines[0].quantity == 400


def test_what_stripe_will_never_take_is_not_in_it(stage: Stage, subscription: str, store: str) -> None:
    """Usage that was given up, and what is only reserved, is on no invoice."""
    stage.billing.consume(stage.entity, "ai_tokens", 100)
    mark(store, "dead")
    stage.billing.reserve(stage.entity, "ai_tokens", 1000)
    assert stage.agrees(subscription).lines[0].quantity == 0


def test_refunds_and_earlier_periods_are_not_in_it(stage: Stage, subscription: str) -> None:
    """Only the period that ends next counts, less what was given back of it."""
    stage.billing.consume(stage.entity, "ai_tokens", 700)
    stage.watch.advance(days=29)
    stage.billing.sync(stage.entity)
    made = stage.billing.consume(stage.entity, "ai_tokens", 50)
    stage.billing.refund(str(made.receipt), 20)
    assert quantity(stage) == 30
    assert stage.client.v1.subscriptions.retrieve(subscription).status == "active"


def test_counted_usage_is_always_that_of_now(stage: Stage, subscription: str) -> None:
    """Stripe's part may be as old as is said, what was counted here never is."""
    day = timedelta(days=1)
    stage.use(EVENT, 10)
    stage.billing.consume(stage.entity, "ai_tokens", 1)
    assert quantity(stage, stale=day) == 11
    stage.emulator.clear_requests()
    stage.use(EVENT, 500)
    stage.billing.consume(stage.entity, "ai_tokens", 5)
    assert quantity(stage, stale=day) == 16
    assert stage.emulator.count(method="GET") == 0
    assert (quantity(stage), subscription) == (516, subscription)


@pytest.mark.parametrize(("kind", "quantity"), [("count", 9), ("last", 9), ("hourly", 9), ("days", 2)])
def test_a_meter_of_every_kind(stage: Stage, open_billing: Callable[..., Billing], kind: str, quantity: int) -> None:
    """What a meter will make of what was counted must be in the forecast before Stripe has heard of it."""
    formula, window = {"count": ("count", None), "last": ("last", None), "hourly": ("sum", "hour")}.get(
        kind, ("count", "day")
    )
    meter = stage.meter("things", formula, **({"event_time_window": window} if window else {}))
    known = {"id": meter, "event_name": "things", "formula": formula, "window": window}
    stage.data["meters"]["things"] = stage.data["meters"]["alpaca-ai-tokens"] | known
    limit = {"included": 0, "per": "period", "overage": "bill", "meter": "things"}
    stage.data["plans"]["team"] |= {"limits": {"things": limit}, "prices": ["team.things"]}
    price = stage.price(meter=meter, unit_amount=3)
    stage.data["prices"]["team.things"] = stage.data["prices"]["alpaca-ai.tokens"] | {
        "id": price, "product": "team", "meter": "things", "limits": {"things": limit},
    }  # fmt: skip
    settings = {"manifest": stage.data, "api_base": stage.emulator.url, "clock": stage.watch}
    stage.billing = open_billing(**settings)
    stage.subscribe(price)
    for amount in (4, 3, 2):
        stage.watch.advance(hours=7)
        assert stage.billing.consume(stage.entity, "things", amount)
    assert stage.forecast().lines[0].quantity == quantity


def test_the_minute_of_the_renewal_is_no_riddle_here(stage: Stage) -> None:
    """What was counted here is known to the second, so nothing of the minute of a renewal is in doubt."""
    stage.watch.advance(seconds=30)
    stage.subscribe(stage.data["prices"]["alpaca-ai.tokens"]["id"])
    stage.use(EVENT, 9, timestamp=int(stage.watch.now.timestamp()) - 20)
    stage.billing.consume(stage.entity, "ai_tokens", 5)
    found = stage.forecast()
    assert (found.lines[0].quantity, found.complete) == (5, True)
