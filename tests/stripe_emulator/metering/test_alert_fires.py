"""When alerts fire, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.metering.sending import DAY, HOUR, NOON, send


@pytest.fixture(autouse=True)
def noon(stripe_emulator: EmulatorClient) -> None:
    """Let time stand still."""
    stripe_emulator.clock.set(NOON)


def watch(client: stripe.StripeClient, meter: Any, gte: int = 100, customer: str | None = None) -> Any:
    """Create an alert for a customer, or for all."""
    filters: Any = {} if customer is None else {"filters": [{"type": "customer", "customer": customer}]}
    usage: Any = {"gte": gte, "meter": meter.id, "recurrence": "one_time", **filters}
    return client.v1.billing.alerts.create({"alert_type": "usage_threshold", "title": "Much", "usage_threshold": usage})


def fired(client: stripe.StripeClient) -> list[tuple[str, str, int]]:
    """Return what fired, oldest first: alert, customer, value."""
    listed = client.v1.events.list({"type": "billing.alert.triggered", "limit": 100}).data[::-1]
    shown = [one.to_dict()["data"]["object"] for one in listed]
    return [(one["alert"]["id"], one["customer"], one["value"]) for one in shown]


@pytest.mark.belief("an alert fires once per customer, as usage reaches it", "D")
def test_alert_fires_once_for_each_customer(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """At the threshold, with the usage that reached it, and never again."""
    other, alert = client.v1.customers.create({}).id, watch(client, meter)
    for value in ("60", "39"):
        send(client, customer.id, value)
    assert fired(client) == []
    send(client, customer.id, "1")
    send(client, customer.id, "1000")
    send(client, other, "150")
    assert fired(client) == [(alert.id, customer.id, 100), (alert.id, other, 150)]


def test_event_is_shown_as_stripe_shows_it(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """The alert whole, its meter by id."""
    alert = watch(client, meter, 5)
    send(client, customer.id)
    [event] = client.v1.events.list({"type": "billing.alert.triggered"}).data
    assert event.to_dict()["data"]["object"] == {
        "object": "billing.alert_triggered", "alert": alert.to_dict(), "created": NOON, "customer": customer.id,
        "livemode": False, "value": 5,
    }  # fmt: skip


@pytest.mark.belief("only usage reported after an alert's creation counts for it, whatever its time", "D")
def test_usage_before_the_alert_does_not_count(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer
) -> None:
    """Even if it was reported in the same second."""
    send(client, customer.id, "99")
    alert = watch(client, meter)
    send(client, customer.id, "99", timestamp=NOON - HOUR)
    assert fired(client) == []
    send(client, customer.id, "1")
    assert fired(client) == [(alert.id, customer.id, 100)]


def test_usage_that_waited_since_before_the_alert_does_not_count(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """It was reported before, though it is processed after."""
    stripe_emulator.delay_meter_events(60)
    send(client, customer.id, "99")
    alert = watch(client, meter)
    send(client, customer.id, "100")
    stripe_emulator.process_meter_events()
    assert fired(client) == [(alert.id, customer.id, 100)]


def test_alert_for_one_customer_is_for_no_other(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer
) -> None:
    """Nor one on another meter."""
    other, alert = client.v1.customers.create({}).id, watch(client, meter, 5, customer.id)
    aggregation: Any = {"formula": "sum"}
    second = client.v1.billing.meters.create(
        {"display_name": "B", "event_name": "b", "default_aggregation": aggregation}
    )
    watch(client, second, 5)
    send(client, other)
    send(client, customer.id)
    assert fired(client) == [(alert.id, customer.id, 5)]


@pytest.mark.belief("an inactive alert does not fire; activated, it fires with the next usage", "M")
def test_inactive_alert_is_silent(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """What has fired does not fire again when it is activated again, and an archived one never."""
    alert, archived = watch(client, meter), watch(client, meter)
    client.v1.billing.alerts.archive(archived.id)
    client.v1.billing.alerts.deactivate(alert.id)
    send(client, customer.id, "150")
    assert fired(client) == []
    client.v1.billing.alerts.activate(alert.id)
    assert fired(client) == []
    send(client, customer.id, "1")
    client.v1.billing.alerts.deactivate(alert.id)
    client.v1.billing.alerts.activate(alert.id)
    send(client, customer.id, "1")
    assert fired(client) == [(alert.id, customer.id, 151)]


@pytest.mark.belief("alerts do not work with test clocks", "D")
def test_customer_on_a_clock_sets_off_nothing(client: stripe.StripeClient, meter: Any) -> None:
    """However much is used."""
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": NOON + HOUR})
    customer = client.v1.customers.create({"test_clock": clock.id})
    watch(client, meter, 1)
    assert send(client, customer.id, "100").timestamp == NOON + HOUR
    assert fired(client) == []


@pytest.mark.parametrize(
    ("formula", "window", "sent", "expected"),
    [
        ("count", None, [("900", 0), ("1", 0), ("1", 0)], 3),
        ("last", None, [("9", 0), ("99", -60), ("3", 60)], 9),
        ("last", None, [("1", 0), ("99", -60), ("3", 60)], 3),
        ("sum", "hour", [("1", 0), ("2", 60), ("1", 90), ("2", -HOUR)], 3),
        ("sum", "hour", [("1", 60), ("8", 0), ("2", -HOUR)], 8),
        ("last", "hour", [("1", 60), ("8", 0)], 8),
        ("count", "day", [("1", 0), ("1", 60), ("1", -DAY), ("1", -2 * DAY)], 3),
    ],
)
def test_alert_counts_as_its_meter_does(
    client: stripe.StripeClient, customer: stripe.Customer, formula: Any, window: Any, sent: Any, expected: int
) -> None:
    """By formula, and of a pre-aggregated one the newest of each window."""
    windows: Any = {} if window is None else {"event_time_window": window}
    params: Any = {"display_name": "M", "event_name": "tokens", "default_aggregation": {"formula": formula}, **windows}
    meter = client.v1.billing.meters.create(params)
    watch(client, meter, 3)
    for value, offset in sent:
        send(client, customer.id, value, timestamp=NOON + offset)
    assert [value for *_, value in fired(client)] == [expected]


def test_cancelled_event_of_a_window_takes_nothing_from_the_next(
    client: stripe.StripeClient, customer: stripe.Customer
) -> None:
    """What takes its place counts whole."""
    formula: Any = {"default_aggregation": {"formula": "sum"}, "event_time_window": "hour"}
    params: Any = {"display_name": "M", "event_name": "tokens", **formula}
    meter = client.v1.billing.meters.create(params)
    watch(client, meter, 5)
    send(client, customer.id, "4", identifier="a")
    adjustment: Any = {"event_name": "tokens", "type": "cancel", "cancel": {"identifier": "a"}}
    client.v1.billing.meter_event_adjustments.create(adjustment)
    send(client, customer.id, "5")
    assert [value for *_, value in fired(client)] == [5]


@pytest.mark.parametrize("window", [None, "hour"])
def test_cancelled_usage_does_not_count(client: stripe.StripeClient, customer: stripe.Customer, window: Any) -> None:
    """For what has not fired yet."""
    windows: Any = {} if window is None else {"event_time_window": window}
    params: Any = {"display_name": "M", "event_name": "tokens", "default_aggregation": {"formula": "sum"}, **windows}
    meter = client.v1.billing.meters.create(params)
    alert = watch(client, meter)
    send(client, customer.id, "20", timestamp=NOON - 60)
    send(client, customer.id, "70", identifier="a", timestamp=NOON - HOUR - 60)
    client.v1.billing.meter_event_adjustments.create(
        {"event_name": "tokens", "type": "cancel", "cancel": {"identifier": "a"}}
    )
    send(client, customer.id, "79", timestamp=NOON)
    assert fired(client) == []
    send(client, customer.id, "21", timestamp=NOON - 30)
    assert fired(client) == [(alert.id, customer.id, 120 if window is None else 100)]


Sent = tuple[int, int, bool]  # when, how much, whether it is cancelled at once after it was sent
SIZES = {"hour": HOUR, "day": DAY}
MOMENTS = st.sampled_from([0, -60, -120, -HOUR, -HOUR - 60, -DAY])


def naive(formula: str, window: str | None, sent: list[tuple[int, int]]) -> int:
    """Calculate usage by hand: all events in a row."""
    inside = [(offset, number, value) for number, (offset, value) in enumerate(sent)]
    if window is not None:  # the last one to come of each hour or day takes the place of the others
        inside = list({(NOON + one[0]) // SIZES[window]: one for one in inside}.values())
    values = [value for _, _, value in sorted(inside)]
    return {"count": len(values), "sum": sum(values), "last": (values or [0])[-1]}[formula]


@settings(max_examples=30, deadline=None)
@given(
    formula=st.sampled_from(["sum", "count", "last"]),
    window=st.sampled_from([None, "hour", "day"]),
    sent=st.lists(st.tuples(MOMENTS, st.integers(-3, 9), st.booleans()), max_size=8),
    gte=st.integers(1, 12),
    before=st.integers(0, 2),
)
def test_alert_fires_when_a_calculation_by_hand_says_so(
    new_account: Any, formula: Any, window: str | None, sent: list[Sent], gte: int, before: int
) -> None:
    """On any meter, with cancellations in between, and none of what came before it was created."""
    client = new_account()
    customer = client.v1.customers.create({}).id
    windows: Any = {} if window is None else {"event_time_window": window}
    params: Any = {"display_name": "M", "event_name": "tokens", "default_aggregation": {"formula": formula}, **windows}
    meter = client.v1.billing.meters.create(params)
    counted: list[tuple[int, int]] = []
    expected: list[int] = []
    for number, (offset, value, is_cancelled) in enumerate(sent):
        if number == before:
            watch(client, meter, gte)
        send(client, customer, str(value), timestamp=NOON + offset, identifier=f"{number}")
        if number < before:
            continue
        now = naive(formula, window, [*counted, (offset, value)])
        expected += [now] if now >= gte and not expected else []
        if is_cancelled:
            adjustment: Any = {"event_name": "tokens", "type": "cancel", "cancel": {"identifier": f"{number}"}}
            client.v1.billing.meter_event_adjustments.create(adjustment)
        else:
            counted.append((offset, value))
    assert [value for *_, value in fired(client)] == expected
