"""Forecasts of what was counted here, whether or not Stripe has been told of it yet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from billing_runtime import Billing
    from tests.billing_runtime.reading.conftest import Stage

EVENT = "alpaca_ai_tokens"


@pytest.fixture
def subscription(stage: Stage) -> str:
    """On a plan that bills 4 cents for each started 1,000 tokens, counted here."""
    return stage.subscribe(stage.data["prices"]["alpaca-ai.tokens"]["id"])


def flush(stage: Stage) -> None:
    """Stripe is told of everything that was counted so far, as a worker does it, and counts it."""
    stage.billing.usage.flush(stage.entity)
    stage.emulator.process_meter_events()


def quantity(stage: Stage, **how: timedelta) -> int:
    """The units that the forecast bills."""
    return stage.forecast(**how).lines[0].quantity


@pytest.mark.parametrize("quantity_", [99_999, 100_000, 100_001])
def test_around_the_included_amount(stage: Stage, quantity_: int) -> None:
    """Counted here, at what the plan includes, one below and one above: before Stripe knows and after, to the cent."""
    tiers: Any = [{"up_to": 100_000, "unit_amount": 0}, {"up_to": "inf", "unit_amount": 7}]
    meter = stage.data["meters"]["alpaca-ai-tokens"]["id"]
    marks = {"billing:type": "metered", "limits:ai_tokens": "100000 overage=bill meter=alpaca-ai-tokens"}
    price = stage.price(meter=meter, billing_scheme="tiered", tiers_mode="graduated", tiers=tiers, metadata=marks)
    subscription = stage.subscribe(price)
    stage.watch.advance(hours=1)
    decision = stage.billing.consume(stage.entity, "ai_tokens", quantity_)
    amount = 7 if quantity_ > 100_000 else 0
    assert (decision.limit, decision.overage, stage.forecast().total) == (100_000, int(bool(amount)), amount)
    flush(stage)
    assert stage.agrees(subscription).total == amount


def test_what_is_not_sent_yet_is_in_it(stage: Stage, subscription: str) -> None:
    """The forecast is ahead of Stripe's by what waits, never counts it twice, and agrees as soon as it has arrived."""
    stage.watch.advance(days=3)
    stage.emulator.delay_meter_events(3600)
    stage.billing.consume(stage.entity, "ai_tokens", 2500)
    assert (quantity(stage), stage.forecast().total, stage.preview(subscription).total) == (2500, 12, 0)
    stage.billing.usage.flush(stage.entity)
    assert (quantity(stage), stage.preview(subscription).total) == (2500, 0)
    stage.emulator.process_meter_events()
    assert stage.agrees(subscription).total == 12
    stage.watch.advance(minutes=5)
    stage.billing.consume(stage.entity, "ai_tokens", 501)
    assert quantity(stage) == 3001


def test_what_others_told_stripe_is_in_it_too(stage: Stage, subscription: str) -> None:
    """Usage that was recorded beside the limits is billed as well, so it must be forecast as well."""
    stage.billing.usage.record(stage.entity, "alpaca-ai-tokens", 300)
    assert stage.agrees(subscription).lines[0].quantity == 300
    stage.billing.consume(stage.entity, "ai_tokens", 100)
    assert quantity(stage) == 400
    flush(stage)
    assert stage.agrees(subscription).lines[0].quantity == 400


def test_what_stripe_will_never_take_is_not_in_it(
    stage: Stage, subscription: str, stripe_client: stripe.StripeClient
) -> None:
    """Usage that was given up or dropped, and what is only reserved, is on no invoice."""
    meter = stage.data["meters"]["alpaca-ai-tokens"]["id"]
    stripe_client.v1.billing.meters.deactivate(meter)
    stage.billing.consume(stage.entity, "ai_tokens", 100)
    stage.billing.usage.flush(stage.entity)
    (dead,) = stage.billing.usage.dead(stage.entity)
    stripe_client.v1.billing.meters.reactivate(meter)
    stage.billing.reserve(stage.entity, "ai_tokens", 1000)
    assert stage.agrees(subscription).lines[0].quantity == 0
    stage.billing.usage.drop(dead.identifier)
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
    subscription = stage.subscribe(price)
    for amount in (4, 3, 2):
        stage.watch.advance(hours=7)
        assert stage.billing.consume(stage.entity, "things", amount)
    assert stage.forecast().lines[0].quantity == quantity
    flush(stage)
    (line,) = stage.client.v1.invoices.create_preview({"subscription": subscription}).lines.data
    assert (line.quantity, stage.forecast().lines[0].quantity) == (quantity, quantity)


def test_the_minute_of_the_renewal_is_no_riddle_here(stage: Stage) -> None:
    """What was counted here is known to the second, so nothing of the minute of a renewal is in doubt."""
    stage.watch.advance(seconds=30)
    stage.subscribe(stage.data["prices"]["alpaca-ai.tokens"]["id"])
    stage.use(EVENT, 9, timestamp=int(stage.watch.now.timestamp()) - 20)
    stage.billing.consume(stage.entity, "ai_tokens", 5)
    found = stage.forecast()
    assert (found.lines[0].quantity, found.complete) == (5, True)
