"""Meter events of the v2 namespace and of the stream, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body
from tests.stripe_emulator.metering.sending import DAY, HOUR, NOON, event, send, send_v2, streamer, summaries, total


@pytest.fixture(autouse=True)
def noon(stripe_emulator: EmulatorClient) -> None:
    """Let time stand still."""
    stripe_emulator.clock.set(NOON)


@pytest.fixture
def stream(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """Return a client of the stream."""
    return streamer(client, stripe_emulator.url)


def test_event_is_counted(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """With the same count as those of v1; the answer has what was sent, times in writing."""
    sent = send_v2(client, customer.id, "7", identifier="a", timestamp="2026-01-01T11:59:30Z")
    assert body(sent) == {
        "object": "v2.billing.meter_event", "created": "2026-01-01T12:00:00.000Z", "event_name": "tokens",
        "identifier": "a", "livemode": False, "payload": {"stripe_customer_id": customer.id, "value": "7"},
        "timestamp": "2026-01-01T11:59:30.000Z",
    }  # fmt: skip
    send(client, customer.id, "2")
    assert total(client, meter, customer.id) == 9


@pytest.mark.belief("a v2 timestamp has an offset, and is now unless said otherwise", "S")
def test_time_of_an_event(client: stripe.StripeClient, meter: Any, customer: stripe.Customer) -> None:
    """In any zone, to the second."""
    send_v2(client, customer.id, "1", timestamp="2026-01-01T12:30:00.900+01:00")
    send_v2(client, customer.id, "2")
    grouped = summaries(client, meter, customer.id, value_grouping_window="hour")
    assert grouped == [(NOON, 2), (NOON - HOUR, 1)]


@pytest.mark.error_case(72, 73, 74)
@pytest.mark.belief("v2 refuses these at once, by its own codes; the rest turns out later", "S")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"event_name": "nope"}, "no_meter"),
        ({"event_name": "old"}, "archived_meter"),
        ({"payload": {"value": "1"}}, "payload_no_customer_defined"),
        ({"payload": {"stripe_customer_id": "own"}}, "payload_no_value_defined"),
        ({"payload": {"stripe_customer_id": "own", "value": "1.5"}}, "payload_invalid_value"),
        ({"payload": {"stripe_customer_id": "own", "value": "9" * 20}}, "payload_invalid_value"),
        ({"identifier": "once"}, "duplicate_meter_event"),
    ],
)
def test_bad_event_is_refused(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer, change: Any, code: str
) -> None:
    """With a code, and nothing is counted."""
    send_v2(client, customer.id, "0", identifier="once")
    aggregation: Any = {"formula": "sum"}
    old = client.v1.billing.meters.create(
        {"display_name": "Old", "event_name": "old", "default_aggregation": aggregation}
    )
    client.v1.billing.meters.deactivate(old.id)
    sent = event(customer.id, **change)
    if sent["payload"].get("stripe_customer_id") == "own":
        sent["payload"]["stripe_customer_id"] = customer.id
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v2.billing.meter_events.create(sent)
    assert (refused.value.http_status, refused.value.code) == (400, code)
    assert total(client, meter, customer.id) == 0


@pytest.mark.parametrize("timestamp", ["2026-01-01T12:00:00", "yesterday", "1767268800", ""])
def test_time_that_is_none_is_refused(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer, timestamp: str
) -> None:
    """A moment needs its offset."""
    with pytest.raises(stripe.InvalidRequestError, match="timestamp"):
        send_v2(client, customer.id, timestamp=timestamp)


@pytest.mark.belief(
    "identifiers are unique over v1, v2 and the stream together; a repeat in the stream counts once", "M"
)
def test_identifier_is_unique_over_all_ways(
    client: stripe.StripeClient, stream: stripe.StripeClient, meter: Any, customer: stripe.Customer
) -> None:
    """Whichever came first."""
    send(client, customer.id, "1", identifier="v1")
    send_v2(client, customer.id, "2", identifier="v2")
    stream.v2.billing.meter_event_stream.create({"events": [event(customer.id, "4", identifier="s")] * 2})
    for identifier in ("v1", "v2", "s"):
        with pytest.raises(stripe.InvalidRequestError, match="already exists"):
            send(client, customer.id, identifier=identifier)
        with pytest.raises(stripe.InvalidRequestError, match="duplicate"):
            send_v2(client, customer.id, identifier=identifier)
        stream.v2.billing.meter_event_stream.create({"events": [event(customer.id, "8", identifier=identifier)]})
    assert total(client, meter, customer.id) == 7


@pytest.mark.belief("a repeat with the same idempotency key succeeds and counts once", "D")
def test_request_that_is_tried_again_counts_once(
    client: stripe.StripeClient, meter: Any, customer: stripe.Customer
) -> None:
    """In both namespaces."""
    again: Any = {"idempotency_key": "again"}
    for _ in range(2):
        client.v1.billing.meter_events.create(event(customer.id, "1", identifier="a"), again)
        client.v2.billing.meter_events.create(event(customer.id, "2", identifier="b"), {"idempotency_key": "other"})
    assert total(client, meter, customer.id) == 3


def test_session_is_shown_as_stripe_shows_it(client: stripe.StripeClient) -> None:
    """Its token is good for fifteen minutes."""
    session = body(client.v2.billing.meter_event_session.create())
    token, identifier = session.pop("authentication_token"), session.pop("id")
    assert session == {
        "object": "v2.billing.meter_event_session", "livemode": False, "created": "2026-01-01T12:00:00.000Z",
        "expires_at": "2026-01-01T12:15:00.000Z",
    }  # fmt: skip
    assert token
    assert identifier


def test_stream_takes_a_hundred_events(
    client: stripe.StripeClient, stream: stripe.StripeClient, meter: Any, customer: stripe.Customer
) -> None:
    """Not a hundred and one, of which none is counted then."""
    stream.v2.billing.meter_event_stream.create({"events": [event(customer.id, "2")] * 100})
    with pytest.raises(stripe.InvalidRequestError, match="at most 100"):
        stream.v2.billing.meter_event_stream.create({"events": [event(customer.id, "2")] * 101})
    assert total(client, meter, customer.id) == 200


@pytest.mark.error_case(76)
@pytest.mark.belief("a session's token is good for 15 minutes, for the stream only (status: M)", "S")
def test_token_expires(
    client: stripe.StripeClient,
    stream: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    meter: Any,
    customer: stripe.Customer,
) -> None:
    """The client is told so, and needs another session."""
    events: Any = {"events": [event(customer.id)]}
    stripe_emulator.clock.advance(15 * 60 - 1)
    stream.v2.billing.meter_event_stream.create(events)
    stripe_emulator.clock.advance(1)
    with pytest.raises(stripe.TemporarySessionExpiredError) as refused:
        stream.v2.billing.meter_event_stream.create(events)
    assert refused.value.http_status == 401
    assert refused.value.code == "billing_meter_event_session_expired"
    streamer(client, stripe_emulator.url).v2.billing.meter_event_stream.create(events)
    assert total(client, meter, customer.id) == 10


@pytest.mark.parametrize("key", ["sk_test_emulator", "mtr_evt_token_guessed"])
def test_stream_needs_a_session(
    stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer, key: str
) -> None:
    """Neither a secret key nor a guess is one, and no message tells either."""
    stranger = stripe.StripeClient(key, base_addresses={"meter_events": stripe_emulator.url})
    with pytest.raises(stripe.AuthenticationError) as refused:
        stranger.v2.billing.meter_event_stream.create({"events": [event(customer.id)]})
    assert key not in str(refused.value)


def test_token_opens_nothing_else(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """It is no key."""
    token = client.v2.billing.meter_event_session.create().authentication_token
    stranger = stripe.StripeClient(token, base_addresses={"api": stripe_emulator.url})
    with pytest.raises(stripe.AuthenticationError) as refused:
        stranger.v1.customers.list()
    assert token not in str(refused.value)


def test_stream_belongs_to_the_account_of_its_session(
    connect: Any, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """Not to the one whose meter and customer it names."""
    other = connect("sk_test_other")
    foreign = streamer(other, stripe_emulator.url)
    foreign.v2.billing.meter_event_stream.create({"events": [event(customer.id)]})
    assert total(connect("sk_test_emulator"), meter, customer.id) == 0


@pytest.mark.error_case(75)
@pytest.mark.belief("one event at a time for a customer and meter; another is a 429 (on demand here)", "D")
def test_concurrent_events_of_a_customer_are_refused_on_demand(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """Once, for this customer only, and the same request may be tried again."""
    again: Any = {"idempotency_key": "again"}
    stripe_emulator.contend_next(customer.id)
    stripe_emulator.contend_next(customer.id, path="/v2/billing/meter_events")
    send(client, client.v1.customers.create({}).id)
    with pytest.raises(stripe.RateLimitError) as refused:
        client.v1.billing.meter_events.create(event(customer.id), again)
    assert refused.value.headers is not None
    assert refused.value.headers["Stripe-Rate-Limited-Reason"] == "resource-specific"
    client.v1.billing.meter_events.create(event(customer.id), again)
    with pytest.raises(stripe.RateLimitError, match="same customer, meter concurrently") as refused:
        send_v2(client, customer.id)
    answer: Any = refused.value.json_body
    assert answer["error"]["code"] == "too_many_concurrent_requests"
    send_v2(client, customer.id)
    assert total(client, meter, customer.id) == 10


def test_identifier_is_free_after_a_day(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, meter: Any, customer: stripe.Customer
) -> None:
    """As in v1."""
    send_v2(client, customer.id, identifier="daily", timestamp="2026-01-01T12:00:00Z")
    stripe_emulator.clock.advance(DAY)
    send_v2(client, customer.id, identifier="daily", timestamp="2026-01-01T12:00:00Z")
    assert total(client, meter, customer.id) == 10
