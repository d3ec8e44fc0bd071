"""Events that are processed later, and the reports of those that turn out to be bad, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.metering.sending import DAY, NOON, event, send, send_v2, streamer, thin, total

REPORT, NO_METER = "v1.billing.meter.error_report_triggered", "v1.billing.meter.no_meter_found"


@pytest.fixture(autouse=True)
def noon(stripe_emulator: EmulatorClient) -> None:
    """Let time stand still."""
    stripe_emulator.clock.set(NOON)


@pytest.fixture
def stream(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """Return a client of the stream."""
    return streamer(client, stripe_emulator.url)


def put(stream: stripe.StripeClient, *events: Any) -> None:
    """Send events over the stream."""
    stream.v2.billing.meter_event_stream.create({"events": list(events)})


def found(client: stripe.StripeClient, name: str = REPORT) -> list[dict[str, Any]]:
    """Return what the reports say, oldest first: count by code."""
    reports = [one.to_dict() for one in thin(client, name)[::-1]]
    return [{one["code"]: one["error_count"] for one in report["data"]["reason"]["error_types"]} for report in reports]


@pytest.mark.belief("events are aggregated some time after they were taken (on demand here)", "D")
def test_event_counts_after_the_delay(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """Each by its own time of receipt, over v1, v2 and stream."""
    stripe_emulator.delay_meter_events(60)
    send(client, customer.id, "1")
    stripe_emulator.clock.advance(30)
    send_v2(client, customer.id, "2")
    put(streamer(client, stripe_emulator.url), event(customer.id, "4"))
    assert total(client, meter, customer.id) == 0
    stripe_emulator.clock.advance(30)
    assert total(client, meter, customer.id) == 1
    stripe_emulator.clock.advance(30)
    assert total(client, meter, customer.id) == 7


def test_everything_is_processed_on_demand(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """By the admin call, or as nothing waits any more."""
    stripe_emulator.delay_meter_events(60)
    send(client, customer.id, "1")
    stripe_emulator.process_meter_events()
    assert total(client, meter, customer.id) == 1
    send(client, customer.id, "2")
    stripe_emulator.delay_meter_events(None)
    assert total(client, meter, customer.id) == 3
    send(client, customer.id, "4")
    assert total(client, meter, customer.id) == 7
    stripe_emulator.clock.advance(DAY // 4)
    assert total(client, meter, customer.id) == 7


@pytest.mark.parametrize("delay", [0, -1, 1.5, "soon", True])
def test_delay_is_a_number_of_seconds(stripe_emulator: EmulatorClient, delay: Any) -> None:
    """Or nothing."""
    with pytest.raises(ValueError, match="number of seconds"):
        stripe_emulator.delay_meter_events(delay)


@pytest.mark.belief("an adjustment is pending until it is processed", "S")
def test_cancellation_waits_as_well(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """Of an event that counts, which does until then, and of one that waits, which never does."""
    send(client, customer.id, "1", identifier="a")
    stripe_emulator.delay_meter_events(60)
    send(client, customer.id, "2", identifier="b")
    for identifier in "ab":
        adjusted = client.v1.billing.meter_event_adjustments.create(
            {"event_name": "tokens", "type": "cancel", "cancel": {"identifier": identifier}}
        )
        assert adjusted.status == "pending"
    with pytest.raises(stripe.InvalidRequestError, match="already"):
        client.v1.billing.meter_event_adjustments.create(
            {"event_name": "tokens", "type": "cancel", "cancel": {"identifier": "a"}}
        )
    assert total(client, meter, customer.id) == 1
    stripe_emulator.clock.advance(60)
    assert total(client, meter, customer.id) == 0


@pytest.mark.belief("bad events of a stream are told in a report per meter, with counts and samples by code", "S")
def test_report_is_shown_as_stripe_shows_it(
    client: stripe.StripeClient,
    stream: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    meter: Any,
    customer: stripe.Customer,
) -> None:
    """Once the ten seconds of its window are over."""
    bad = {"event_name": "tokens", "payload": {"value": "1"}, "identifier": "bad"}
    put(stream, bad, event(customer.id, "3"))
    assert thin(client, REPORT) == []
    stripe_emulator.clock.advance(10)
    [report] = thin(client, REPORT)
    shown = report.to_dict()
    assert shown["data"] == {
        "developer_message_summary": "There is 1 invalid event",
        "reason": {
            "error_count": 1,
            "error_types": [
                {
                    "code": "meter_event_no_customer_defined",
                    "error_count": 1,
                    "sample_errors": [
                        {
                            "error_message": "Customer mapping key stripe_customer_id not found in payload.",
                            "request": {"identifier": "bad"},
                        }
                    ],
                }
            ],
        },
        "validation_start": "2026-01-01T12:00:00.000Z",
        "validation_end": "2026-01-01T12:00:10.000Z",
    }
    related = {"id": meter.id, "type": "billing.meter", "url": f"/v1/billing/meters/{meter.id}"}
    assert (shown["related_object"], shown["reason"]) == (related, None)
    assert total(client, meter, customer.id) == 3


def test_everything_that_can_be_wrong_is_told(
    client: stripe.StripeClient,
    stream: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    meter: Any,
    customer: stripe.Customer,
) -> None:
    """By its code; what is right beside it counts."""
    put(
        stream,
        event("cus_nope"),
        event(customer.id, "1.5"),
        event(customer.id, "many"),
        event(customer.id, ""),
        event(customer.id, "9" * 20),
        event(customer.id, timestamp="2026-01-01T12:05:01Z"),
        event(customer.id, timestamp="2025-11-27T11:59:59Z"),
        event(customer.id, "2", timestamp="2026-01-01T12:05:00Z"),
    )
    stripe_emulator.process_meter_events()
    assert found(client) == [
        {
            "meter_event_customer_not_found": 1,
            "meter_event_invalid_value": 2,
            "meter_event_value_not_found": 1,
            "meter_event_value_too_many_digits": 1,
            "timestamp_in_future": 1,
            "timestamp_too_far_in_past": 1,
        }
    ]
    assert total(client, meter, customer.id) == 2


def test_reports_are_of_one_meter_and_ten_seconds(
    client: stripe.StripeClient,
    stream: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    meter: Any,
    customer: stripe.Customer,
) -> None:
    """With few samples of many errors."""
    put(stream, *[event("cus_nope", identifier=f"{number}") for number in range(7)])
    stripe_emulator.clock.advance(9)
    put(stream, event("cus_nope"))
    stripe_emulator.clock.advance(1)
    put(stream, event("cus_nope"))
    stripe_emulator.clock.advance(10)
    assert found(client) == [{"meter_event_customer_not_found": count} for count in (8, 1)]
    [*_, first] = thin(client, REPORT)
    [told] = first.to_dict()["data"]["reason"]["error_types"]
    assert [one["request"]["identifier"] for one in told["sample_errors"]] == list("01234")


@pytest.mark.belief("events that no meter counts are told without a related object", "S")
def test_events_without_a_meter(
    client: stripe.StripeClient,
    stream: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    meter: Any,
    customer: stripe.Customer,
) -> None:
    """An archived meter is related to what came for it."""
    client.v1.billing.meters.deactivate(meter.id)
    put(stream, event(customer.id, event_name="nope"), event(customer.id))
    stripe_emulator.process_meter_events()
    assert (found(client, NO_METER), found(client)) == (
        [{"no_meter": 1}],
        [{"archived_meter": 1}],
    )
    assert thin(client, NO_METER)[0].to_dict().get("related_object") is None
    assert thin(client, REPORT)[0].to_dict()["related_object"]["id"] == meter.id


@pytest.mark.belief("v2 takes an unknown customer and a time out of range, and reports them", "M")
def test_what_v2_does_not_refuse_is_reported(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """It answers as if all were well."""
    send_v2(client, "cus_nope")
    send_v2(client, customer.id, timestamp="2025-01-01T00:00:00Z")
    stripe_emulator.process_meter_events()
    assert found(client) == [{"meter_event_customer_not_found": 1, "timestamp_too_far_in_past": 1}]


def test_what_became_bad_while_it_waited_is_reported(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """Such as the meter that was deactivated, and the customer who was deleted."""
    stripe_emulator.delay_meter_events(60)
    send(client, customer.id, identifier="a")
    client.v1.customers.delete(customer.id)
    stripe_emulator.clock.advance(60)
    other = client.v1.customers.create({})
    send(client, other.id)
    client.v1.billing.meters.deactivate(meter.id)
    stripe_emulator.clock.advance(70)
    assert found(client) == [{"meter_event_customer_not_found": 1}, {"archived_meter": 1}]


def test_what_was_never_counted_cannot_be_cancelled(
    client: stripe.StripeClient, stream: stripe.StripeClient, meter: Any, customer: stripe.Customer
) -> None:
    """A bad event of the stream is none."""
    put(stream, event("cus_nope", identifier="bad"))
    adjustment: Any = {"event_name": "tokens", "type": "cancel", "cancel": {"identifier": "bad"}}
    with pytest.raises(stripe.InvalidRequestError, match="No such meter event"):
        client.v1.billing.meter_event_adjustments.create(adjustment)


def test_waiting_events_survive_a_snapshot(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """And the delay as well."""
    stripe_emulator.delay_meter_events(60)
    send(client, customer.id, "1")
    stripe_emulator.restore(stripe_emulator.snapshot())
    assert total(client, meter, customer.id) == 0
    stripe_emulator.clock.advance(60)
    assert total(client, meter, customer.id) == 1
