"""Meter events and their summaries, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.metering.sending import DAY, HOUR, NOON, send, summaries, total


@pytest.fixture(autouse=True)
def noon(stripe_emulator: EmulatorClient) -> None:
    """Let time stand still."""
    stripe_emulator.clock.set(NOON)


def test_events_are_summed_up(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """A sum meter adds up a customer's values, corrections included, and nobody else's."""
    other = client.v1.customers.create({})
    send(client, customer.id, "7")
    send(client, customer.id, "-2")
    send(client, other.id, "100")
    assert total(client, meter, customer.id) == 5


def test_event_is_echoed(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """The answer has what was sent, with time and identifier filled in."""
    event = send(client, customer.id)
    assert (event.timestamp, event.payload["value"], bool(event.identifier)) == (NOON, "5", True)


@pytest.mark.belief("a repeated event identifier is a 400 with `Stripe-Should-Retry: false`", "I")
def test_repeated_identifier_is_refused(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """A repeat is an error that must not be tried again, and counts nothing."""
    send(client, customer.id, identifier="once")
    with pytest.raises(stripe.InvalidRequestError, match="An event already exists with identifier once") as refused:
        send(client, customer.id, identifier="once")
    assert refused.value.headers is not None
    assert refused.value.headers["Stripe-Should-Retry"] == "false"
    assert total(client, meter, customer.id) == 5


@pytest.mark.belief("identifiers are free after a day", "D")
def test_identifier_is_free_after_a_day(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """Identifiers are unique within a rolling day."""
    send(client, customer.id, identifier="daily", timestamp=NOON)
    stripe_emulator.clock.advance(DAY)
    send(client, customer.id, identifier="daily", timestamp=NOON)
    assert total(client, meter, customer.id) == 10


@pytest.mark.belief("event times: 35 days back, five minutes ahead (words: M)", "S D")
@pytest.mark.parametrize(
    ("offset", "code"), [(-35 * DAY - 1, "timestamp_too_far_in_past"), (301, "timestamp_in_future")]
)
def test_timestamp_outside_the_window_is_refused(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer, offset: int, code: str
) -> None:
    """35 days back and five minutes ahead."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        send(client, customer.id, timestamp=NOON + offset)
    assert (refused.value.code, refused.value.param) == (code, "timestamp")


@pytest.mark.parametrize("offset", [-35 * DAY, 300])
def test_timestamp_at_the_edge_is_taken(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer, offset: int
) -> None:
    """The bounds themselves are inside."""
    assert send(client, customer.id, timestamp=NOON + offset).timestamp == NOON + offset


@pytest.mark.belief("values are whole numbers, negative ones correct", "D")
@pytest.mark.belief("a value of more than 19 digits is too long (the number: M)", "S")
@pytest.mark.parametrize("value", ["1.5", "1e3", "many", " 1", "5\n", "٣", "9" * 20, "9" * 5000])
def test_value_must_be_whole_digits(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer, value: str
) -> None:
    """Usage is counted in whole numbers."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        send(client, customer.id, value)
    assert refused.value.param == "payload[value]"


def test_largest_value_is_counted_exactly(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """Nothing is rounded, in either direction."""
    send(client, customer.id, "9" * 19)
    assert total(client, meter, customer.id) == int("9" * 19)
    send(client, customer.id, f"-{'9' * 18}8")
    assert total(client, meter, customer.id) == 1


def test_unknown_customer_is_refused(client: stripe.StripeClient, meter: Any) -> None:
    """Usage belongs to a customer."""
    with pytest.raises(stripe.InvalidRequestError, match="No such customer: 'cus_nope'") as refused:
        send(client, "cus_nope")
    assert (refused.value.code, refused.value.param) == ("resource_missing", "payload[stripe_customer_id]")


@pytest.mark.parametrize("missing", ["stripe_customer_id", "value"])
def test_payload_must_be_complete(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer, missing: str
) -> None:
    """Who and how much."""
    payload = {"stripe_customer_id": customer.id, "value": "1"}
    del payload[missing]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.billing.meter_events.create({"event_name": "tokens", "payload": payload})
    assert refused.value.param == f"payload[{missing}]"


def test_event_without_an_active_meter_is_refused(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer
) -> None:
    """A deactivated meter takes no events."""
    client.v1.billing.meters.deactivate(meter.id)
    with pytest.raises(stripe.InvalidRequestError, match="No active meter found"):
        send(client, customer.id)


def test_count_meter_needs_no_value(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """A meter that counts counts events, whatever their value."""
    meter = client.v1.billing.meters.create(
        {"display_name": "Calls", "event_name": "calls", "default_aggregation": {"formula": "count"}}
    )
    for _ in range(3):
        payload = {"stripe_customer_id": customer.id}
        client.v1.billing.meter_events.create({"event_name": "calls", "payload": payload})
    assert total(client, meter, customer.id) == 3


def test_last_meter_takes_the_latest_time(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """The last value is the one with the latest timestamp, not the one that came last."""
    meter = client.v1.billing.meters.create(
        {"display_name": "Size", "event_name": "tokens", "default_aggregation": {"formula": "last"}}
    )
    send(client, customer.id, "9", timestamp=NOON)
    send(client, customer.id, "4", timestamp=NOON - 60)
    assert total(client, meter, customer.id) == 9


@pytest.mark.belief("of an hour or day of a pre-aggregated meter counts what was received last, whatever its time", "D")
def test_pre_aggregated_meter_keeps_the_last_of_a_window(
    client: stripe.StripeClient, customer: stripe.Customer
) -> None:
    """With an hourly window a newer event of an hour takes the place of the others; the hour is that of its time."""
    client.v1.billing.meters.create(
        {
            "display_name": "Hourly",
            "event_name": "tokens",
            "default_aggregation": {"formula": "sum"},
            "event_time_window": "hour",
        }
    )
    meter = client.v1.billing.meters.list().data[0]
    for value, time in (("5", NOON - 2 * HOUR), ("3", NOON - HOUR), ("8", NOON - HOUR + 60)):
        send(client, customer.id, value, timestamp=time)
    assert total(client, meter, customer.id) == 13
    send(client, customer.id, "1", timestamp=NOON - HOUR + 30)
    assert total(client, meter, customer.id) == 6


def test_own_payload_keys(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """A meter can name the keys of its payload."""
    meter = client.v1.billing.meters.create(
        {
            "display_name": "Own",
            "event_name": "own",
            "default_aggregation": {"formula": "sum"},
            "customer_mapping": {"type": "by_id", "event_payload_key": "who"},
            "value_settings": {"event_payload_key": "much"},
        }
    )
    client.v1.billing.meter_events.create({"event_name": "own", "payload": {"who": customer.id, "much": "6"}})
    assert total(client, meter, customer.id) == 6


@pytest.mark.belief(
    "an ungrouped summary is one object, zero without usage; a grouped one leaves empty windows out", "M"
)
def test_summaries_by_hour(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """Grouped by hour there is one summary per hour with usage, newest first."""
    for offset, value in ((0, "1"), (60, "2"), (-HOUR, "4")):
        send(client, customer.id, value, timestamp=NOON + offset)
    grouped = summaries(client, meter, customer.id, value_grouping_window="hour")
    assert grouped == [(NOON, 3), (NOON - HOUR, 4)]


def test_range_without_usage_sums_up_to_zero(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer
) -> None:
    """No usage is zero, not nothing."""
    assert total(client, meter, customer.id) == 0


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"start_time": NOON + 1}, "start_time"),
        ({"end_time": NOON + 59}, "end_time"),
        ({"start_time": NOON + 60, "value_grouping_window": "hour"}, "start_time"),
        ({"end_time": NOON + HOUR, "start_time": NOON - 12 * HOUR, "value_grouping_window": "day"}, "end_time"),
        ({"start_time": NOON, "end_time": NOON}, "end_time"),
        ({"customer": "cus_nope"}, "customer"),
    ],
)
def test_bad_range_is_refused(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer, change: dict[str, Any], param: str
) -> None:
    """Summaries begin and end on the minute, the hour or the UTC day."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        summaries(client, meter, **{"customer": customer.id, **change})
    assert refused.value.param == param


@settings(max_examples=15, deadline=None)
@given(events=st.lists(st.tuples(st.integers(-11 * HOUR, 0), st.integers(-50, 50)), max_size=8))
def test_hours_add_up_to_the_whole(new_account: Any, events: list[tuple[int, int]]) -> None:
    """Whatever was sent, the grouped summaries add up to the ungrouped one."""
    client = new_account()
    customer = client.v1.customers.create({}).id
    aggregation: Any = {"formula": "sum"}
    meter = client.v1.billing.meters.create(
        {"display_name": "Tokens", "event_name": "tokens", "default_aggregation": aggregation}
    )
    for offset, value in events:
        send(client, customer, str(value), timestamp=NOON + offset)
    grouped = summaries(client, meter, customer, value_grouping_window="hour", limit=100)
    expected = sum(value for _, value in events)
    assert sum(value for _, value in grouped) == total(client, meter, customer) == expected


@pytest.mark.belief("usage of a customer on a test clock lives in its time", "M")
def test_usage_lives_in_the_time_of_the_clock(client: stripe.StripeClient, meter: Any) -> None:
    """Its time is the usual one, and what is too old or too new is so by it."""
    later = NOON + 100 * DAY
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": later})
    customer = client.v1.customers.create({"test_clock": clock.id})
    assert (send(client, customer.id).timestamp, send(client, customer.id).created) == (later, later)
    send(client, customer.id, timestamp=later - 35 * DAY)
    for offset, code in ((-35 * DAY - 1, "timestamp_too_far_in_past"), (301, "timestamp_in_future")):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            send(client, customer.id, timestamp=later + offset)
        assert refused.value.code == code
    whole: Any = {"start_time": later - 36 * DAY, "end_time": later + DAY}
    assert [value for _, value in summaries(client, meter, customer.id, **whole)] == [15]


def test_usage_survives_a_snapshot(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """And goes on from there."""
    send(client, customer.id, "1", identifier="a")
    stripe_emulator.restore(stripe_emulator.snapshot())
    send(client, customer.id, "2")
    assert total(client, meter, customer.id) == 3
    adjustment: Any = {"event_name": "tokens", "type": "cancel", "cancel": {"identifier": "a"}}
    client.v1.billing.meter_event_adjustments.create(adjustment)
    assert total(client, meter, customer.id) == 2
