"""Deliveries that fail, and are tried again by the emulator's clock. https://docs.stripe.com/webhooks#automatic-retries"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from stripe_emulator.delivery.backoff import next_attempt
from tests.stripe_emulator.webhooks.conftest import APP
from tests.stripe_emulator.webhooks.receiving import Receiver, receiving

Endpoint = Callable[..., stripe.WebhookEndpoint]
NOW = 1_700_000_000
HOUR = 3600


@pytest.fixture
def failed(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> stripe.WebhookEndpoint:
    """Return an endpoint that has answered an event with 500."""
    stripe_emulator.clock.set(NOW)
    receiver.answers = [500]
    made = endpoint()
    client.v1.products.create({"name": "Team"})
    stripe_emulator.wait_for_deliveries()
    assert len(receiver.received) == 1
    return made


def state(stripe_emulator: EmulatorClient) -> dict[str, Any]:
    """Return the only delivery."""
    (one,) = stripe_emulator.deliveries()
    return one


@pytest.mark.belief("a failed delivery is tried again, the same event with a signature of its own (moments: M)", "D")
def test_failed_delivery_is_tried_again(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    receiver: Receiver,
    failed: stripe.WebhookEndpoint,
) -> None:
    """Not before its moment; the log has every attempt."""
    waiting = state(stripe_emulator)
    assert (waiting["state"], waiting["next_attempt"]) == ("waiting", NOW + HOUR)
    stripe_emulator.clock.advance(HOUR - 1)
    stripe_emulator.wait_for_deliveries()
    assert len(receiver.received) == 1
    stripe_emulator.clock.advance(1)
    stripe_emulator.wait_for_deliveries()
    first, second = receiver.received
    assert first.event == second.event
    client.construct_event(second.body, second.signature, failed.secret)
    done = state(stripe_emulator)
    assert (done["state"], done["next_attempt"]) == ("delivered", None)
    assert done["attempts"] == [
        {"at": NOW, "status": 500, "error": "answered 500", "response": "ok"},
        {"at": NOW + HOUR, "status": 200, "error": None, "response": None},
    ]


@pytest.mark.belief("in test mode an event is tried three times over a few hours", "D")
def test_third_failure_is_the_last_in_test_mode(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    receiver: Receiver,
    failed: stripe.WebhookEndpoint,
) -> None:
    """However far time is moved at once: every attempt is made at its own moment."""
    receiver.usual = 500
    stripe_emulator.clock.advance(3 * 86400)
    stripe_emulator.wait_for_deliveries()
    done = state(stripe_emulator)
    assert [attempt["at"] - NOW for attempt in done["attempts"]] == [0, HOUR, 3 * HOUR]
    assert (done["state"], done["next_attempt"]) == ("failed", None)
    event = client.v1.events.list({"delivery_success": False}).data[0]
    assert event.pending_webhooks == 1


@pytest.mark.belief("in live mode an event is tried for up to three days, at growing distances (moments: M)", "D")
def test_live_mode_tries_for_three_days(
    connect: Callable[[str], stripe.StripeClient], stripe_emulator: EmulatorClient, receiver: Receiver
) -> None:
    """Minutes first, then hours; all of them while the clock goes on by a week."""
    stripe_emulator.clock.set(NOW)
    live, params = connect("sk_live_emulator"), {"url": f"{APP}/hook", "enabled_events": ["*"]}
    receiver.usual = 503
    live.v1.webhook_endpoints.create(params)  # type: ignore[arg-type]
    live.v1.products.create({"name": "Team"})
    stripe_emulator.wait_for_deliveries()
    stripe_emulator.clock.advance(7 * 86400)
    moments = [attempt["at"] - NOW for attempt in state(stripe_emulator)["attempts"]]
    assert moments[:3] == [0, 300, 1800]
    assert moments == sorted(moments)
    assert 2 * 86400 < moments[-1] <= 3 * 86400
    assert len(receiver.received) == len(moments) == 9


@pytest.mark.belief("anything but 2xx is a failure, a redirect too: nobody follows it", "D")
@pytest.mark.parametrize("status", [301, 302, 400, 404, 410, 500, 503])
def test_other_answers_are_failures(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint, status: int
) -> None:
    """The log says which."""
    endpoint()
    receiver.answers = [status]
    client.v1.products.create({"name": "Team"})
    stripe_emulator.wait_for_deliveries()
    attempt = state(stripe_emulator)["attempts"][0]
    assert (attempt["status"], attempt["error"]) == (status, "redirected" if status < 400 else f"answered {status}")
    assert len(receiver.received) == 1


def test_any_success_is_a_success(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """204 as well as 200."""
    endpoint()
    receiver.answers = [204]
    client.v1.products.create({"name": "Team"})
    stripe_emulator.wait_for_deliveries()
    assert state(stripe_emulator)["state"] == "delivered"


def test_nobody_there_is_a_failure(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, endpoint: Endpoint
) -> None:
    """And once somebody is, the next attempt gets there."""
    stripe_emulator.clock.set(NOW)
    with receiving() as receiver:
        port = int(receiver.url.rpartition(":")[2])
    stripe_emulator.forward({APP: f"http://127.0.0.1:{port}"})
    endpoint()
    client.v1.products.create({"name": "Team"})
    stripe_emulator.wait_for_deliveries()
    assert state(stripe_emulator)["attempts"][0]["error"] == "connection refused"
    with receiving(port) as receiver:
        stripe_emulator.clock.advance(HOUR)
        stripe_emulator.wait_for_deliveries()
        assert receiver.types == ["product.created"]


def test_answer_that_does_not_come_is_a_failure(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, endpoint: Endpoint
) -> None:
    """After as many real seconds as endpoints are given."""
    endpoint()
    stripe_emulator.be_patient(0.05)
    receiver.gate.clear()
    client.v1.products.create({"name": "Team"})
    stripe_emulator.wait_for_deliveries()
    assert state(stripe_emulator)["attempts"][0] | {"at": 0} == {
        "at": 0, "status": None, "error": "timed out", "response": None,
    }  # fmt: skip
    for seconds in (0, "x", True):
        with pytest.raises(ValueError, match="a number above 0"):
            stripe_emulator.call("POST", "/delivery_patience", {"seconds": seconds})


@pytest.mark.belief("retries end when the endpoint is off or gone at their moment; on again before it, they go on", "D")
@pytest.mark.parametrize(("disabled", "enabled", "received"), [(True, False, 1), (True, True, 2)])
def test_retry_asks_whether_the_endpoint_is_on(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    receiver: Receiver,
    failed: stripe.WebhookEndpoint,
    *,
    disabled: bool,
    enabled: bool,
    received: int,
) -> None:
    """At its moment, not before."""
    client.v1.webhook_endpoints.update(failed.id, {"disabled": disabled})
    if enabled:
        client.v1.webhook_endpoints.update(failed.id, {"disabled": False})
    stripe_emulator.clock.advance(HOUR)
    stripe_emulator.wait_for_deliveries()
    assert len(receiver.received) == received
    assert state(stripe_emulator)["state"] == ("delivered" if enabled else "cancelled")


def test_retry_of_a_deleted_endpoint_is_cancelled(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, failed: stripe.WebhookEndpoint
) -> None:
    """Nobody waits for it any more, so the event counts as delivered."""
    client.v1.webhook_endpoints.delete(failed.id)
    stripe_emulator.clock.advance(HOUR)
    stripe_emulator.wait_for_deliveries()
    assert (len(receiver.received), state(stripe_emulator)["state"]) == (1, "cancelled")
    assert client.v1.events.list().data[0].pending_webhooks == 0


def test_retry_goes_to_the_address_of_the_moment(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, receiver: Receiver, failed: stripe.WebhookEndpoint
) -> None:
    """An endpoint may have moved meanwhile."""
    client.v1.webhook_endpoints.update(failed.id, {"url": f"{APP}/moved"})
    stripe_emulator.clock.advance(HOUR)
    stripe_emulator.wait_for_deliveries()
    assert [one.path for one in receiver.received] == ["/hook", "/moved"]


@given(
    first=st.integers(0, 2_000_000_000),
    late=st.lists(st.integers(0, 90_000), min_size=30, max_size=30),
    live=st.booleans(),
)
def test_attempts_come_to_an_end(first: int, late: list[int], live: bool) -> None:
    """However late each attempt is made: later than the one before, three days at most, three times in test mode."""
    now, count = first, 1
    for delay in late:
        moment = next_attempt(first, now, livemode=live)
        if moment is None:
            break
        assert now < moment <= first + 3 * 86400
        now, count = moment + delay, count + 1
    assert next_attempt(first, now, livemode=live) is None or now <= first + 3 * 86400
    assert count <= (9 if live else 3)
