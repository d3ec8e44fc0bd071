"""Rate limits on request. https://docs.stripe.com/rate-limits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient


def reason(refused: stripe.RateLimitError) -> str:
    """Return which limit it was."""
    return str((refused.headers or {})["Stripe-Rate-Limited-Reason"])


@pytest.mark.belief("a 429 says in `Stripe-Rate-Limited-Reason` which limit it was; an object lock has none", "I")
@pytest.mark.parametrize(
    ("limit", "why"),
    [({"per_second": 2}, "global-rate"), ({"endpoint_per_second": 2}, "endpoint-rate")],
)
def test_third_request_of_a_second_is_one_too_many(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, limit: dict[str, int], why: str
) -> None:
    """A second later there is room again; the second is the emulator's."""
    stripe_emulator.clock.set(1000)
    stripe_emulator.limit(**limit)
    for _ in range(2):
        client.v1.products.list()
    with pytest.raises(stripe.RateLimitError) as refused:
        client.v1.products.list()
    assert reason(refused.value) == why
    stripe_emulator.clock.advance(1)
    assert client.v1.products.list().data == []


def test_endpoints_have_limits_of_their_own(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """One address does not use up another's, but a search uses up every search."""
    stripe_emulator.clock.set(1000)
    stripe_emulator.limit(endpoint_per_second=1)
    client.v1.products.list()
    client.v1.customers.list()
    stripe_emulator.limit(search_per_second=1)
    client.v1.customers.list()
    client.v1.customers.search({"query": "created>0"})
    with pytest.raises(stripe.RateLimitError):
        client.v1.products.search({"query": "created>0"})


def test_accounts_have_limits_of_their_own(
    connect: Callable[[str], stripe.StripeClient], stripe_emulator: EmulatorClient
) -> None:
    """And so have the modes of one; live mode is told in other words."""
    stripe_emulator.clock.set(1000)
    stripe_emulator.limit(per_second=1)
    for key in ("sk_test_a", "sk_live_a", "sk_test_b"):
        connect(key).v1.products.list()
    with pytest.raises(stripe.RateLimitError, match=r"^(?!.*Testmode)"):
        connect("sk_live_a").v1.products.list()


def test_refusal_uses_no_key_and_does_not_count(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Tried again under the same key, the request is carried out."""
    stripe_emulator.clock.set(1000)
    stripe_emulator.limit(per_second=1)
    client.v1.products.list()
    once: Any = {"idempotency_key": "once"}
    for _ in range(3):
        with pytest.raises(stripe.RateLimitError):
            client.v1.products.create({"name": "Team"}, once)
    stripe_emulator.clock.advance(1)
    assert client.v1.products.create({"name": "Team"}, once).name == "Team"


@pytest.mark.parametrize(
    ("limit", "why"),
    [({"concurrent": 1}, "global-concurrency"), ({"endpoint_concurrent": 1}, "endpoint-concurrency")],
)
def test_requests_at_the_same_time_are_limited(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, limit: dict[str, int], why: str
) -> None:
    """While one is held, another one is too many."""
    stripe_emulator.limit(**limit)
    pause = stripe_emulator.pause_next()
    held = threading.Thread(target=client.v1.products.list)
    held.start()
    pause.wait_until_reached()
    with pytest.raises(stripe.RateLimitError) as refused:
        client.v1.products.list()
    pause.release()
    held.join()
    assert (reason(refused.value), client.v1.products.list().data) == (why, [])


def test_real_seconds_pass_by_themselves(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """With `time="real"` the emulator's clock, which stands still here, does not matter."""
    stripe_emulator.clock.set(1000)
    stripe_emulator.limit(per_second=1, time="real")
    outcomes: set[str] = set()
    while outcomes != {"answered", "refused"}:
        try:
            client.v1.products.list()
            outcomes.add("answered")
        except stripe.RateLimitError:
            outcomes.add("refused")
    while True:  # until the second is over
        try:
            assert client.v1.products.list().data == []
            break
        except stripe.RateLimitError:
            continue


def test_limits_end_with_a_reset(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Nothing is limited by default."""
    stripe_emulator.limit(per_second=0)
    with pytest.raises(stripe.RateLimitError):
        client.v1.products.list()
    stripe_emulator.reset()
    assert client.v1.products.list().data == []


@pytest.mark.parametrize("limit", [{"per_minute": 5}, {"per_second": "5"}, {"per_second": -1}, {"time": "tea"}])
def test_bad_limit_is_refused(stripe_emulator: EmulatorClient, limit: dict[str, Any]) -> None:
    """What would limit nothing is an error."""
    with pytest.raises(ValueError, match=r"limit|time"):
        stripe_emulator.limit(**limit)
