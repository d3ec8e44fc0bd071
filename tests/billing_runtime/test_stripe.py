"""Retries and errors of calls to Stripe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import Retries, StripeCallError, StripeRefused, StripeUnavailable
from billing_runtime._settings import Settings
from billing_runtime._stripe import API_VERSION, StripeApi
from tests.billing_runtime.conftest import holds_in_child

if TYPE_CHECKING:
    from billing_runtime import Billing
    from stripe_emulator.client import EmulatorClient

CUSTOMERS: Any = {"method": "POST", "path": "/v1/customers"}
NAPS = Retries(attempts=4, first=1, longest=3)


class Caller:
    """A StripeApi that notes how long it would have slept."""

    def __init__(self, emulator: EmulatorClient) -> None:
        self.naps: list[float] = []
        settings = Settings(emulator.key, emulator.url, "dev", "acct_emulator", livemode=False)
        self.api = StripeApi(settings, retries=NAPS, sleep=self.naps.append)

    def create(self) -> dict[str, Any]:
        """Create a customer under one key."""
        return self.api.write("create a customer", "key-1", lambda client, at: client.v1.customers.create({}, at))


@pytest.fixture
def caller(stripe_emulator: EmulatorClient) -> Caller:
    """A caller whose account is checked already; requests are counted from here."""
    caller = Caller(stripe_emulator)
    caller.api.check_account()
    stripe_emulator.clear_requests()
    return caller


@pytest.mark.parametrize("status", [409, 429, 502, 503, 504])
def test_what_passes_is_repeated(caller: Caller, stripe_emulator: EmulatorClient, status: int) -> None:
    """Conflicts, rate limits and outages must be sat out under the same key."""
    stripe_emulator.fail_next(status, count=2, **CUSTOMERS)
    assert caller.create()["object"] == "customer"
    assert len(caller.naps) == 2
    assert {request["idempotency_key"] for request in stripe_emulator.requests()} == {"key-1"}


def test_a_lock_timeout_is_repeated(caller: Caller, stripe_emulator: EmulatorClient) -> None:
    """An object that is locked at Stripe is free a moment later."""
    body = {"error": {"type": "invalid_request_error", "code": "lock_timeout", "message": "This object cannot…"}}
    stripe_emulator.fail_next(429, body=body, **CUSTOMERS)
    assert caller.create()["object"] == "customer"


def test_retries_end(caller: Caller, stripe_emulator: EmulatorClient) -> None:
    """A failure that stays must be told after a bounded number of attempts, with its facts."""
    stripe_emulator.fail_next(429, count=None, **CUSTOMERS)
    said = r"^Could not create a customer: Stripe answered 429 \(4 attempts\): Testmode request rate limit exceeded"
    with pytest.raises(StripeUnavailable, match=said) as caught:
        caller.create()
    assert (caught.value.status, caught.value.code) == (429, "rate_limit")
    assert stripe_emulator.count() == 4
    assert caller.api.sent == 5


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404])
def test_a_refusal_is_not_repeated(caller: Caller, stripe_emulator: EmulatorClient, status: int) -> None:
    """What Stripe refuses once it refuses again."""
    body = {"error": {"type": "invalid_request_error", "code": "c", "param": "p", "message": "No, sk_test_abc123."}}
    stripe_emulator.fail_next(status, body=body, **CUSTOMERS)
    with pytest.raises(StripeRefused, match=r"^Stripe refused to create a customer: No, \[hidden\]") as caught:
        caller.create()
    assert (caught.value.status, caught.value.code, caught.value.param) == (status, "c", "p")
    assert stripe_emulator.count() == 1


@pytest.mark.parametrize(("status", "advice", "requests"), [(503, "false", 1), (400, "true", 2)])
def test_stripes_advice_decides(
    caller: Caller, stripe_emulator: EmulatorClient, status: int, advice: str, requests: int
) -> None:
    """Stripe-Should-Retry must win over what the status suggests."""
    stripe_emulator.fail_next(status, headers={"Stripe-Should-Retry": advice}, **CUSTOMERS)
    try:
        caller.create()
    except StripeCallError:
        assert advice == "false"
    assert stripe_emulator.count() == requests


def test_a_kept_error_is_not_repeated(caller: Caller, stripe_emulator: EmulatorClient) -> None:
    """An error that Stripe repeats under its key stays as long as the key."""
    stripe_emulator.fail_next(500, **CUSTOMERS)
    with pytest.raises(StripeUnavailable) as caught:
        caller.create()
    assert caught.value.replayed
    assert stripe_emulator.count() == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_connection_is_repeated(caller: Caller, stripe_emulator: EmulatorClient, when: str) -> None:
    """Nobody knows what a cut connection did, so the same key must ask again."""
    stripe_emulator.cut_next(when, **CUSTOMERS)
    assert caller.create()["object"] == "customer"
    assert stripe_emulator.count() == 2


def test_the_servers_hint_is_heard(caller: Caller, stripe_emulator: EmulatorClient) -> None:
    """Retry-After must lengthen the pause, though not beyond the longest one."""
    stripe_emulator.fail_next(429, headers={"Retry-After": "100"}, **CUSTOMERS)
    caller.create()
    assert 1.5 <= caller.naps[0] <= 3


def test_an_answer_that_is_not_stripes(caller: Caller, stripe_emulator: EmulatorClient) -> None:
    """An error that is not of Stripe's making (a proxy's) must be sat out like an outage."""
    stripe_emulator.fail_next(502, body={}, **CUSTOMERS)
    assert caller.create()["object"] == "customer"


def test_our_version_is_asked_for(caller: Caller, stripe_emulator: EmulatorClient) -> None:
    """The shapes we read must be asked for, whatever the account's default is."""
    caller.create()
    assert stripe_emulator.requests()[0]["api_version"] == API_VERSION


@given(st.integers(1, 60), st.none() | st.floats(0, 1e6), st.floats(0.001, 10), st.floats(0.001, 60))
def test_pauses_are_bounded(attempt: int, hint: float | None, first: float, longest: float) -> None:
    """No pause may be longer than the longest, nor shorter than half of what is due."""
    pause = Retries(first=first, longest=longest).pause(attempt, hint)
    due = min(longest, max(hint or 0, first * 2 ** (attempt - 1)))
    assert due / 2 <= pause <= longest


def test_a_fork_takes_no_client_along(billing: Billing) -> None:
    """On one connection parent and child would read each other's answers: another entity's customer, for one."""
    billing.check_account()
    parents = billing._context.api._client
    assert billing._context.api._client is parents
    assert holds_in_child(lambda: billing._context.api._client is not parents)
