"""Recording usage and reading it back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import (
    Billing,
    InvalidInput,
    NoCustomer,
    StripeRefused,
    StripeUnavailable,
    UnknownName,
    UsageConflict,
)
from billing_runtime._outbox.duplicates import is_duplicate

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
TOKENS = "alpaca-ai-tokens"
EVENTS: Any = {"method": "POST", "path": "/v1/billing/meter_events"}


@pytest.fixture
def user(billing: Billing, stripe_emulator: EmulatorClient) -> str:
    """An entity with a customer; requests are counted from here."""
    billing.customers.ensure("user_1")
    stripe_emulator.clear_requests()
    return "user_1"


def total(billing: Billing, user: str, meter: str = TOKENS) -> Decimal:
    """What Stripe counted in these days."""
    now = datetime.now(UTC)
    return billing.usage.summary(user, meter, start=now - timedelta(days=1), end=now + timedelta(days=1)).total


def test_usage_is_recorded_and_read_back(billing: Billing, user: str) -> None:
    """What is recorded must be what is summed up."""
    record = billing.usage.record(user, TOKENS, 2500, identifier="job-1")
    assert (record.meter, record.identifier, record.amount, record.duplicate) == (TOKENS, "job-1", 2500, False)
    assert total(billing, user) == 2500


def test_every_use_gets_its_own_identifier(billing: Billing, user: str) -> None:
    """Without an identifier every call is another use."""
    assert len({billing.usage.record(user, TOKENS, 5).identifier for _ in range(3)}) == 3
    assert total(billing, user) == 15


def test_a_repeated_identifier_counts_once(billing: Billing, user: str) -> None:
    """A caller that repeats itself must not bill twice, nor be told that anything failed."""
    for _ in range(3):
        billing.usage.record(user, TOKENS, 5, identifier="job-1")
    assert total(billing, user) == 5


def test_a_repetition_in_parallel_counts_once(billing: Billing, user: str) -> None:
    """The same use, reported by ten workers at once, must count once."""
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: billing.usage.record(user, TOKENS, 5, identifier="job-1"), range(10)))
    assert total(billing, user) == 5


def test_an_identifier_another_system_sent(billing: Billing, user: str, stripe_client: stripe.StripeClient) -> None:
    """Stripe's 400 for a known identifier means delivered, not failed."""
    payload = {"stripe_customer_id": billing.customers.require(user).id, "value": "5"}
    stripe_client.v1.billing.meter_events.create(
        {"event_name": "alpaca_ai_tokens", "identifier": "job-1", "payload": payload}
    )
    assert billing.usage.record(user, TOKENS, 5, identifier="job-1").duplicate
    assert total(billing, user) == 5


def test_an_identifier_for_another_amount(billing: Billing, user: str) -> None:
    """One identifier for two different uses is a mistake that must not pass as delivered."""
    billing.usage.record(user, TOKENS, 5, identifier="job-1")
    with pytest.raises(UsageConflict, match="Usage 'job-1' was recorded before with another amount"):
        billing.usage.record(user, TOKENS, 6, identifier="job-1")
    assert total(billing, user) == 5


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_connection_counts_once(billing: Billing, user: str, stripe_emulator: EmulatorClient, when: str) -> None:
    """Whether Stripe had the event or not, in the end it must have it once."""
    stripe_emulator.cut_next(when, count=2, **EVENTS)
    assert not billing.usage.record(user, TOKENS, 5, identifier="job-1").duplicate
    assert total(billing, user) == 5


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_counts_once(
    billing: Billing, user: str, stripe_emulator: EmulatorClient, status: int
) -> None:
    """Rate limits and server errors must be sat out, also those that Stripe keeps under the key."""
    stripe_emulator.fail_next(status, **EVENTS)
    billing.usage.record(user, TOKENS, 5, identifier="job-1")
    assert total(billing, user) == 5


def test_a_deactivated_meter(
    billing: Billing, user: str, provisioned: Json, stripe_client: stripe.StripeClient
) -> None:
    """A refusal that is no duplicate must reach the caller, and must not be kept once the reason is gone."""
    meter = provisioned["meters"][TOKENS]["id"]
    stripe_client.v1.billing.meters.deactivate(meter)
    with pytest.raises(StripeRefused, match="Stripe refused to record usage"):
        billing.usage.record(user, TOKENS, 5, identifier="job-1")
    stripe_client.v1.billing.meters.reactivate(meter)
    billing.usage.record(user, TOKENS, 5, identifier="job-1")
    assert total(billing, user) == 5


def test_a_timestamp_places_the_use(billing: Billing, user: str) -> None:
    """A use must be counted in the minute it happened in."""
    moment = datetime.now(UTC).replace(second=30) - timedelta(days=2)
    billing.usage.record(user, TOKENS, 5, timestamp=moment)
    minute = timedelta(minutes=1)
    summary = billing.usage.summary
    assert summary(user, TOKENS, start=moment, end=moment + timedelta(seconds=1)).total == 5
    assert summary(user, TOKENS, start=moment + minute, end=moment + 2 * minute).total == 0


def test_a_summary_covers_whole_minutes(billing: Billing, user: str) -> None:
    """What was asked for must be inside what was answered."""
    start = datetime(2026, 11, 1, 10, 0, 1, tzinfo=timezone(timedelta(hours=2)))
    summary = billing.usage.summary(user, TOKENS, start=start, end=start + timedelta(minutes=1))
    assert (summary.start, summary.end) == (
        datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
        datetime(2026, 11, 1, 8, 2, tzinfo=UTC),
    )


def test_usage_of_others_does_not_count(billing: Billing, user: str) -> None:
    """A summary must be the entity's own."""
    billing.customers.ensure("user_2")
    billing.usage.record("user_2", TOKENS, 7)
    assert total(billing, user) == 0


@pytest.mark.parametrize("amount", [0, -1, 1.0, 2.5, "5", True, None, Decimal("0.5"), Decimal("NaN")])
def test_bad_amounts(billing: Billing, user: str, stripe_emulator: EmulatorClient, amount: Any) -> None:
    """Only whole numbers that add something may be recorded."""
    with pytest.raises(InvalidInput, match="amount must be"):
        billing.usage.record(user, TOKENS, amount)
    assert stripe_emulator.count() == 0


def test_a_whole_decimal_is_a_whole_number(billing: Billing, user: str) -> None:
    """Decimals that came from arithmetic count as what they are, without an exponent."""
    assert billing.usage.record(user, TOKENS, Decimal("1E+3")).amount == 1000
    assert total(billing, user) == 1000


@pytest.mark.parametrize("identifier", ["", "x" * 101, "a\x00"])
def test_bad_identifiers(billing: Billing, user: str, stripe_emulator: EmulatorClient, identifier: str) -> None:
    """An identifier must fit into Stripe's field."""
    with pytest.raises(InvalidInput, match="identifier must"):
        billing.usage.record(user, TOKENS, 1, identifier=identifier)
    assert stripe_emulator.count() == 0


def test_unknown_names_and_entities(billing: Billing, user: str, stripe_emulator: EmulatorClient) -> None:
    """Neither an unknown meter nor an unknown entity may reach Stripe."""
    with pytest.raises(UnknownName, match="did you mean 'alpaca-ai-tokens'"):
        billing.usage.record(user, "alpaca_ai_tokens", 1)
    with pytest.raises(NoCustomer):
        billing.usage.record("user_9", TOKENS, 1)
    assert stripe_emulator.count() == 0


def test_times_need_a_zone_and_an_order(billing: Billing, user: str) -> None:
    """A time that could mean several moments must be refused, and so must an empty span."""
    local = datetime(2026, 11, 1)  # noqa: DTZ001 - the mistake this is about
    with pytest.raises(InvalidInput, match="timestamp has no time zone"):
        billing.usage.record(user, TOKENS, 1, timestamp=local)
    with pytest.raises(InvalidInput, match="start has no time zone"):
        billing.usage.summary(user, TOKENS, start=local)
    with pytest.raises(InvalidInput, match="end must be later than start"):
        billing.usage.summary(user, TOKENS, start=datetime(2126, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(("formula", "amounts", "expected"), [("count", [1, 1, 1], 3), ("last", [7, 0, 4], 4)])
def test_other_formulas(
    open_billing: Callable[..., Billing],
    manifest_data: Json,
    stripe_client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    formula: str,
    amounts: list[int],
    expected: int,
) -> None:
    """A counting meter counts events, and a last-value meter keeps the newest value."""
    meter = manifest_data["meters"][TOKENS]
    made = stripe_client.v1.billing.meters.create(
        {"display_name": "m", "event_name": meter["event_name"], "default_aggregation": {"formula": formula}}
    )
    meter |= {"formula": formula, "id": made.id}
    billing = open_billing(manifest=manifest_data, api_base=stripe_emulator.url)
    billing.customers.ensure("user_1")
    for amount in amounts:
        billing.usage.record("user_1", TOKENS, amount)
    assert total(billing, "user_1") == expected


def test_a_counting_meter_takes_one_at_a_time(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """An amount that a counting meter would ignore must be refused."""
    manifest_data["meters"][TOKENS]["formula"] = "count"
    with pytest.raises(InvalidInput, match="counts events: record 1 at a time"):
        open_billing(manifest=manifest_data).usage.record("user_1", TOKENS, 2)


@pytest.mark.parametrize(("formula", "expected"), [("sum", 12), ("last", 5)])
def test_a_summary_in_several_rows(
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    formula: str,
    expected: int,
) -> None:
    """Rows must be added up, except for a last value, of which the newest counts."""
    provisioned["meters"][TOKENS]["formula"] = formula
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url)
    billing.customers.ensure("user_1")
    rows = [
        {"id": f"mtrusg_{end}", "end_time": end, "aggregated_value": value} for end, value in ((60, 7.0), (120, 5.0))
    ]
    page = {"object": "list", "data": rows, "has_more": False, "url": "/"}
    stripe_emulator.fail_next(200, body=page, method="GET", path="/v1/billing/meters/*")
    assert total(billing, "user_1") == expected


WORDS = st.text("abcdefghijklmnop0123456789-_.", min_size=1, max_size=20)


@given(WORDS)
def test_duplicates_are_recognized_by_the_identifier(identifier: str) -> None:
    """Stripe's sentence about this very identifier means delivered."""
    seen = StripeRefused("", status=400, detail=f"An event already exists with identifier {identifier}.")
    assert is_duplicate(seen, identifier)


@given(WORDS, WORDS)
def test_other_refusals_are_no_duplicates(identifier: str, other: str) -> None:
    """A refusal about anything else must never pass as delivered, even if the identifier occurs in it."""
    no_meter = StripeRefused("", status=400, detail=f'No active meter found for event name "{identifier}".')
    assert not is_duplicate(no_meter, identifier)
    about_another = StripeRefused(
        "", status=400, detail=f"An event already exists with identifier {other}x{identifier}"
    )
    assert not is_duplicate(about_another, identifier)


def test_the_newer_code_is_enough() -> None:
    """Where Stripe gives a code, no sentence is needed."""
    assert is_duplicate(StripeRefused("", status=400, code="duplicate_meter_event"), "job-1")


def test_a_use_in_progress_is_no_conflict(billing: Billing, user: str, stripe_emulator: EmulatorClient) -> None:
    """The same request still running elsewhere must be told as a call to repeat, not as another amount."""
    body = {"error": {"type": "idempotency_error", "code": "idempotency_key_in_use", "message": "In progress."}}
    stripe_emulator.fail_next(409, body=body, count=5, **EVENTS)
    with pytest.raises(StripeUnavailable, match=r"answered 409 \(5 attempts\)"):
        billing.usage.record(user, TOKENS, 5, identifier="job-1")
