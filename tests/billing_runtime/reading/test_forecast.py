"""`billing.forecast`: to the cent what the emulated Stripe's preview says, or with the word for what is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import InvalidInput, NoSubscription, StripeUnavailable

if TYPE_CHECKING:
    from tests.billing_runtime.reading.conftest import Stage

INCLUDED = 1000
OVERAGE: list[Any] = [{"up_to": INCLUDED, "unit_amount": 0}, {"up_to": "inf", "unit_amount": 4}]
MODES = ["graduated", "volume"]


@pytest.mark.parametrize("mode", MODES)
def test_around_the_included_amount(stage: Stage, mode: Any) -> None:
    """At the included amount, one below and one above, the forecast must be the preview's, to the cent."""
    meter = stage.meter("tokens")
    price = stage.price(meter=meter, billing_scheme="tiered", tiers_mode=mode, tiers=OVERAGE)
    subscription = stage.subscribe(price, stage.price(unit_amount=1200))
    stage.watch.advance(days=1)
    stage.use("tokens", INCLUDED - 1)
    assert stage.agrees(subscription).total == 1200
    stage.use("tokens", 1)
    assert stage.agrees(subscription).total == 1200
    stage.use("tokens", 1)
    assert stage.agrees(subscription).total == 1200 + (4 if mode == "graduated" else 4 * (INCLUDED + 1))


def test_the_line_of_a_seat_price_and_of_usage(stage: Stage) -> None:
    """A line says what it is for: the manifest's name, the item, how many of what, paid ahead or used."""
    prices = stage.data["prices"]
    items: list[Any] = [
        {"price": prices["team.monthly"]["id"], "quantity": 3},
        {"price": prices["alpaca-ai.tokens"]["id"]},
    ]
    subscription = stage.subscribe(*items)
    stage.use("alpaca_ai_tokens", 1001)
    found = stage.agrees(subscription)
    seats, tokens = found.lines
    assert (seats.kind, seats.price, seats.quantity, seats.amount) == ("advance", "team.monthly", 3, 3600)
    assert (tokens.kind, tokens.price, tokens.quantity, tokens.amount) == ("usage", "alpaca-ai.tokens", 1001, 8)
    assert (tokens.description, tokens.price_id) == ("alpaca-ai", prices["alpaca-ai.tokens"]["id"])
    assert (found.complete, found.left_out, found.subscription_id) == (True, (), subscription)
    assert (found.period_start, found.at) == (stage.watch.now, stage.watch.now)
    assert found.period_end == datetime(2026, 2, 28, 12, tzinfo=UTC)


def test_a_replaced_price_is_forecast_by_its_own_amounts(stage: Stage) -> None:
    """Whoever stays on a price that the catalog no longer has must be forecast by that price, under its old name."""
    marks = {"billing:type": "per_seat", "billing:key": "team.monthly"}
    subscription = stage.subscribe({"price": stage.price(unit_amount=900, metadata=marks), "quantity": 2})
    found = stage.agrees(subscription)
    assert (found.lines[0].price, found.total) == ("team.monthly", 1800)


@pytest.mark.parametrize("currency", ["jpy", "isk", "eur"])
def test_other_currencies(stage: Stage, currency: str) -> None:
    """A subscription in another currency must be forecast by the price's option, rounded as that can be charged."""
    meter = stage.meter("tokens")
    tiers: list[Any] = [
        {"up_to": 10, "unit_amount_decimal": "33.3"},
        {"up_to": "inf", "unit_amount_decimal": "20.55", "flat_amount": 700},
    ]
    option = {currency: {"tiers": tiers}}
    dollars: list[Any] = [{"up_to": 10, "unit_amount": 1}, {"up_to": "inf", "unit_amount": 1}]
    tiered = stage.price(
        meter=meter, billing_scheme="tiered", tiers_mode="graduated", tiers=dollars, currency_options=option
    )
    flat = stage.price(unit_amount=1200, currency_options={currency: {"unit_amount": 1000}})
    subscription = stage.subscribe(tiered, flat, currency=currency)
    stage.use("tokens", 17)
    assert stage.agrees(subscription).currency == currency


def test_items_of_several_rhythms(stage: Stage) -> None:
    """The next invoice has what renews then, and nothing of what was paid for a year."""
    subscription = stage.subscribe(
        stage.price(unit_amount=12_000, interval="year"),
        stage.price(unit_amount=500),
        billing_mode={"type": "flexible"},
    )
    assert [line.amount for line in stage.agrees(subscription).lines] == [500]


def test_a_trial(stage: Stage) -> None:
    """What is used in a trial is free; the invoice at its end has the first period that is paid for."""
    meter = stage.meter("tokens")
    subscription = stage.subscribe(
        stage.price(meter=meter, unit_amount=4), stage.price(unit_amount=1200), trial_period_days=14
    )
    stage.use("tokens", 100)
    found = stage.agrees(subscription)
    assert ([line.kind for line in found.lines], found.total) == (["advance"], 1200)
    stage.watch.advance(days=15)
    stage.emulator.process_meter_events()
    stage.use("tokens", 7)
    stage.billing.sync(stage.entity)
    assert stage.agrees(subscription).total == 1228


def test_prorations_wait_for_the_next_invoice(stage: Stage) -> None:
    """Seats bought in the middle of a period, and an item somebody added by hand, must be in the forecast."""
    price = stage.price(unit_amount=1000)
    subscription = stage.subscribe({"price": price, "quantity": 2})
    stage.watch.advance(days=10)
    item = stage.client.v1.subscription_items.list({"subscription": subscription}).data[0]
    stage.client.v1.subscription_items.update(item.id, {"quantity": 5})
    stage.client.v1.invoice_items.create({"customer": stage.customer, "amount": 250, "currency": "usd"})
    found = stage.agrees(subscription)
    assert [line.kind for line in found.lines] == ["pending"] * 3 + ["advance"]


def test_what_waits_for_another_subscription_is_not_in_it(stage: Stage) -> None:
    """Invoice items of another subscription or currency must be left to their own invoices."""
    subscription = stage.subscribe(stage.price(unit_amount=1000))
    other = stage.subscribe(stage.price(unit_amount=2000))
    stage.client.v1.invoice_items.create(
        {"customer": stage.customer, "amount": 250, "currency": "usd", "subscription": other}
    )
    assert stage.agrees(subscription, subscription_id=subscription).total == 1000
    assert stage.agrees(other, subscription_id=other).total == 2250


def test_an_end_at_the_period_end_leaves_only_usage(stage: Stage) -> None:
    """Who has cancelled pays what was used, and no further period."""
    meter = stage.meter("tokens")
    subscription = stage.subscribe(stage.price(meter=meter, unit_amount=4), stage.price(unit_amount=1200))
    stage.use("tokens", 100)
    stage.client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    found = stage.forecast()
    assert (found.total, [line.kind for line in found.lines]) == (stage.preview(subscription).total, ["usage"])
    assert (found.total, found.complete) == (400, True)


def test_an_end_with_nothing_to_pay_is_no_invoice(stage: Stage) -> None:
    """Who has cancelled what was paid ahead gets no further invoice."""
    subscription = stage.subscribe(stage.price(unit_amount=1200))
    stage.client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    assert stage.billing.forecast(stage.entity) is None


def test_an_end_inside_a_period_says_so(stage: Stage) -> None:
    """A rest that may be given back is not guessed: it is named."""
    subscription = stage.subscribe(stage.price(unit_amount=1200), stage.price(meter=stage.meter("t"), unit_amount=1))
    moment = int((stage.watch.now + timedelta(days=5)).timestamp())
    stage.client.v1.subscriptions.update(subscription, {"cancel_at": moment})
    found = stage.forecast()
    assert (found.left_out, int(found.period_end.timestamp())) == (("early_end",), moment)


def test_without_a_subscription_there_is_no_invoice(stage: Stage) -> None:
    """Nobody's, cancelled and unpaid first ones have no next invoice; that takes no request."""
    stage.emulator.clear_requests()
    assert stage.billing.forecast("org_2") is None
    assert stage.emulator.count() == 0
    subscription = stage.subscribe(stage.price(unit_amount=1200))
    stage.client.v1.subscriptions.cancel(subscription)
    assert stage.billing.forecast(stage.entity) is None  # the cache has not heard of it
    stage.billing.sync(stage.entity)
    assert stage.billing.forecast(stage.entity) is None
    with pytest.raises(InvalidInput):
        stage.billing.forecast("")


def test_of_several_one_must_be_named(stage: Stage) -> None:
    """Each subscription has its own invoice, so it must be said which one is meant; another's is refused."""
    first = stage.subscribe(stage.price(unit_amount=1000))
    stage.subscribe(stage.price(unit_amount=2000))
    with pytest.raises(NoSubscription, match="several subscriptions"):
        stage.billing.forecast(stage.entity)
    with pytest.raises(NoSubscription, match="'sub_other' that runs"):
        stage.billing.forecast(stage.entity, subscription_id="sub_other")
    assert stage.agrees(first, subscription_id=first).total == 1000


def test_meters_that_count_or_take_the_last_value(stage: Stage) -> None:
    """What a meter makes of its events is Stripe's business, whatever its formula."""
    for event, formula in (("runs", "count"), ("storage", "last")):
        stage.meter(event, formula)
    meters = {one.event_name: one.id for one in stage.client.v1.billing.meters.list({}).data}
    prices = [stage.price(meter=meters[event], unit_amount=3) for event in ("runs", "storage")]
    subscription = stage.subscribe(*prices)
    for value in (10, 40, 20):
        stage.watch.advance(minutes=5)
        stage.use("runs", 1)
        stage.use("storage", value)
    assert [line.quantity for line in stage.agrees(subscription).lines] == [3, 20]


def test_usage_in_the_minute_of_the_renewal_is_named(stage: Stage) -> None:
    """Stripe sums up whole minutes: usage in the one in which a period began may be the one's before."""
    meter = stage.meter("tokens")
    stage.watch.advance(seconds=30)
    subscription = stage.subscribe(stage.price(meter=meter, unit_amount=4))
    stage.watch.advance(seconds=20)
    stage.use("tokens", 5, timestamp=int(stage.watch.now.timestamp()) - 40)
    found = stage.forecast()
    assert (found.left_out, found.total, stage.preview(subscription).total) == (("usage",), 20, 0)


def test_tax_thresholds_and_planned_changes_are_named(stage: Stage) -> None:
    """What the forecast cannot reckon with must be said, each by its name."""
    rate = stage.client.v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": False})
    subscription = stage.subscribe(
        stage.price(meter=stage.meter("tokens"), unit_amount=4),
        default_tax_rates=[rate.id],
        billing_thresholds={"amount_gte": 10_000},
    )
    assert stage.forecast().left_out == ("tax", "threshold")
    stage.client.v1.subscription_schedules.create({"from_subscription": subscription})
    found = stage.forecast()
    assert (found.left_out, found.complete) == (("schedule", "tax", "threshold"), False)


def test_it_asks_stripe_no_more_than_it_must(stage: Stage) -> None:
    """Without metered items two requests; with `stale`, none until the subscription changes or the time is over."""
    subscription = stage.subscribe(stage.price(unit_amount=1200))
    stage.emulator.clear_requests()
    minute = timedelta(minutes=1)
    assert stage.forecast(stale=minute).total == 1200
    assert stage.emulator.count(path="/v1/account") + 2 == stage.emulator.count()
    stage.emulator.clear_requests()
    stage.watch.advance(seconds=59)
    assert stage.forecast(stale=minute).total == 1200
    assert stage.emulator.count() == 0
    stage.client.v1.invoice_items.create({"customer": stage.customer, "amount": 1, "currency": "usd"})
    assert stage.forecast().total == 1201
    stage.watch.advance(seconds=60)
    assert stage.forecast(stale=minute).total == 1201
    stage.client.v1.subscriptions.update(subscription, {"metadata": {"a": "b"}})
    stage.billing.sync(stage.entity)
    stage.emulator.clear_requests()
    assert stage.forecast(stale=timedelta(days=1)).total == 1201
    assert stage.emulator.count() == 2


def test_stripe_is_down(stage: Stage) -> None:
    """There is no forecast without Stripe, and the error says so."""
    stage.subscribe(stage.price(unit_amount=1200))
    for _ in range(5):
        stage.emulator.fail_next(503, method="GET", path="/v1/subscriptions/*")
    with pytest.raises(StripeUnavailable):
        stage.billing.forecast(stage.entity)


def test_an_item_that_was_added_counts_from_then(stage: Stage) -> None:
    """Usage from before a metered price was added is nobody's, although the period began before."""
    meter = stage.meter("tokens")
    subscription = stage.subscribe(stage.price(unit_amount=1200))
    stage.use("tokens", 50)
    stage.watch.advance(days=3)
    price = stage.price(meter=meter, unit_amount=4)
    stage.client.v1.subscription_items.create({"subscription": subscription, "price": price})
    stage.use("tokens", 7)
    assert stage.agrees(subscription).lines[-1].quantity == 7


def test_more_items_than_stripe_embeds(stage: Stage) -> None:
    """A subscription of many items must be forecast whole: Stripe puts only the first ten into it."""
    prices = [stage.price(unit_amount=100 + number) for number in range(12)]
    subscription = stage.subscribe(*prices)
    assert (len(stage.forecast().lines), stage.forecast().total) == (12, stage.preview(subscription).total)
