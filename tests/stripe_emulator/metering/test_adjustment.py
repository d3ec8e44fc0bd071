"""Cancellations of meter events, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body
from tests.stripe_emulator.metering.sending import DAY, HOUR, NOON, send, send_v2, summaries, total


@pytest.fixture(autouse=True)
def noon(stripe_emulator: EmulatorClient) -> None:
    """Let time stand still."""
    stripe_emulator.clock.set(NOON)


def cancel(client: stripe.StripeClient, identifier: str = "a", /, name: str = "tokens") -> Any:
    """Cancel an event over v1."""
    return client.v1.billing.meter_event_adjustments.create(
        {"event_name": name, "type": "cancel", "cancel": {"identifier": identifier}}
    )


def cancel_v2(client: stripe.StripeClient, identifier: str = "a", /, name: str = "tokens") -> Any:
    """Cancel an event over v2."""
    return client.v2.billing.meter_event_adjustments.create(
        {"event_name": name, "type": "cancel", "cancel": {"identifier": identifier}}
    )


@pytest.mark.belief("an adjustment cancels one event; what is aggregated at once is complete at once", "S")
def test_cancelled_event_counts_no_more(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """Whichever way it came, and whichever way it is cancelled."""
    send(client, customer.id, "1", identifier="a")
    send_v2(client, customer.id, "2", identifier="b")
    send(client, customer.id, "4")
    assert body(cancel(client, "b")) == {
        "object": "billing.meter_event_adjustment", "livemode": False, "status": "complete", "type": "cancel",
        "event_name": "tokens", "cancel": {"identifier": "b"},
    }  # fmt: skip
    assert total(client, meter, customer.id) == 5
    shown = body(cancel_v2(client, "a"))
    assert shown == {
        "id": shown["id"], "object": "v2.billing.meter_event_adjustment", "livemode": False, "status": "complete",
        "type": "cancel", "event_name": "tokens", "cancel": {"identifier": "a"}, "created": "2026-01-01T12:00:00.000Z",
    }  # fmt: skip
    assert total(client, meter, customer.id) == 4


@pytest.mark.error_case(77)
@pytest.mark.belief("an event can be cancelled within 24 hours of its receipt, whatever its own time (words: M)", "S")
def test_event_of_yesterday_stays(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """Both ways."""
    for identifier in "ab":
        send(client, customer.id, "1", identifier=identifier, timestamp=NOON - 11 * HOUR)
    stripe_emulator.clock.advance(DAY - 1)
    cancel(client, "b")
    stripe_emulator.clock.advance(1)
    with pytest.raises(stripe.InvalidRequestError, match="within 24 hours") as refused:
        cancel(client)
    assert refused.value.param == "cancel[identifier]"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        cancel_v2(client)
    assert refused.value.code == "invalid_cancel_configuration"
    assert total(client, meter, customer.id) == 1


@pytest.mark.belief("what was never sent under this name, or is cancelled already, cannot be cancelled", "M")
def test_nothing_is_cancelled_twice_or_by_guess(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer
) -> None:
    """Neither an unknown identifier, nor one of another event name."""
    send(client, customer.id, "1", identifier="a")
    for identifier, name in (("nope", "tokens"), ("a", "other")):
        with pytest.raises(stripe.InvalidRequestError, match="No such meter event") as refused:
            cancel(client, identifier, name)
        assert (refused.value.http_status, refused.value.param) == (400, "cancel[identifier]")
        with pytest.raises(stripe.InvalidRequestError) as refused:
            cancel_v2(client, identifier, name)
        assert (refused.value.http_status, refused.value.code) == (404, "not_found")
    cancel(client)
    with pytest.raises(stripe.InvalidRequestError, match="already"):
        cancel(client)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        cancel_v2(client)
    assert refused.value.code == "invalid_cancel_configuration"


@pytest.mark.parametrize("params", [{}, {"cancel": {}}])
def test_cancellation_names_its_event(client: stripe.StripeClient, params: Any) -> None:
    """Though Stripe's schema would let it go."""
    asked: Any = {"event_name": "tokens", "type": "cancel", **params}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.billing.meter_event_adjustments.create(asked)
    assert refused.value.param is not None
    assert refused.value.param.startswith("cancel")


@pytest.mark.belief("the identifier of a cancelled event is not free before its day is over", "M")
def test_corrected_event_needs_another_identifier(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer
) -> None:
    """Cancelled and sent again, it counts as corrected."""
    send(client, customer.id, "500", identifier="a")
    cancel(client)
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        send(client, customer.id, "5", identifier="a")
    send(client, customer.id, "5", identifier="a2")
    assert total(client, meter, customer.id) == 5


def test_cancelled_newest_gives_way_to_the_one_before(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """Of a meter that takes the last value, and of each hour of a pre-aggregated one."""
    last: Any = {"display_name": "L", "event_name": "tokens", "default_aggregation": {"formula": "last"}}
    hourly: Any = {
        **last,
        "event_name": "hourly",
        "event_time_window": "hour",
        "default_aggregation": {"formula": "sum"},
    }
    meters = [client.v1.billing.meters.create(one) for one in (last, hourly)]
    for name in ("tokens", "hourly"):
        for identifier, value, offset in (("1", "7", -60), ("2", "9", 0)):
            send(client, customer.id, value, event_name=name, identifier=f"{name}{identifier}", timestamp=NOON + offset)
        cancel(client, f"{name}2", name)
    assert [total(client, one, customer.id) for one in meters] == [7, 7]


@settings(max_examples=15, deadline=None)
@given(
    sent=st.lists(
        st.tuples(st.integers(-3 * HOUR, 0), st.integers(-9, 50), st.sampled_from(["keep", "cancel", "again"])),
        max_size=8,
    )
)
def test_usage_is_what_was_not_cancelled(new_account: Any, sent: list[tuple[int, int, str]]) -> None:
    """Whatever is sent, cancelled and sent again corrected, hour by hour and in all."""
    client = new_account()
    customer = client.v1.customers.create({}).id
    meter = client.v1.billing.meters.create(
        {"display_name": "Tokens", "event_name": "tokens", "default_aggregation": {"formula": "sum"}}
    )
    expected: dict[int, int] = {}
    for number, (offset, value, then) in enumerate(sent):
        send(client, customer, str(value), timestamp=NOON + offset, identifier=f"{number}")
        if then != "keep":
            cancel(client, f"{number}")
        if then == "again":
            send(client, customer, str(value + 1), timestamp=NOON + offset, identifier=f"{number} corrected")
        hour = (NOON + offset) // HOUR * HOUR
        if then != "cancel":
            expected[hour] = expected.get(hour, 0) + value + (then == "again")
    assert summaries(client, meter, customer, value_grouping_window="hour") == sorted(expected.items(), reverse=True)
    assert total(client, meter, customer) == sum(expected.values())
