"""Balances and bookings of billing credits, through the official client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.answers import body

NOW = 1_700_000_000
DAY = 86400
METERED: Any = {"type": "applicability_scope", "applicability_scope": {"price_type": "metered"}}


def grant(
    client: stripe.StripeClient, customer: stripe.Customer, value: int = 1000, /, currency: str = "usd", **change: Any
) -> Any:
    """Grant credits."""
    params: Any = {
        "customer": customer.id,
        "amount": {"type": "monetary", "monetary": {"currency": currency, "value": value}},
        "applicability_config": {"scope": {"price_type": "metered"}},
        **change,
    }
    return client.v1.billing.credit_grants.create(params)


def balances(client: stripe.StripeClient, customer: stripe.Customer, wanted: Any = METERED) -> dict[str, int]:
    """Return what is available, by currency."""
    summary = client.v1.billing.credit_balance_summary.retrieve({"customer": customer.id, "filter": wanted})
    amounts = [balance["available_balance"]["monetary"] for balance in body(summary)["balances"]]
    return {amount["currency"]: amount["value"] for amount in amounts}


def bookings(client: stripe.StripeClient, customer: stripe.Customer, /, **change: Any) -> list[tuple[str, int, int]]:
    """Return what was booked, newest first: kind, value, moment."""
    params: Any = {"customer": customer.id, **change}
    listed = body(client.v1.billing.credit_balance_transactions.list(params))["data"]
    details = [(one["credit"] or one["debit"], one) for one in listed]
    return [(what["type"], what["amount"]["monetary"]["value"], one["effective_at"]) for what, one in details]


def test_summary_is_shown_as_stripe_shows_it(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """One balance per currency; nothing is pending."""
    grant(client, customer, 1000)
    grant(client, customer, 500)
    params: Any = {"customer": customer.id, "filter": METERED}
    amount = {"monetary": {"currency": "usd", "value": 1500}, "type": "monetary"}
    assert body(client.v1.billing.credit_balance_summary.retrieve(params)) == {
        "object": "billing.credit_balance_summary", "livemode": False, "customer": customer.id,
        "customer_account": None, "balances": [{"available_balance": amount, "ledger_balance": amount}],
    }  # fmt: skip


def test_currencies_are_kept_apart(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """And customers too."""
    grant(client, customer, 1000)
    grant(client, customer, 300, currency="eur")
    grant(client, client.v1.customers.create({}), 7)
    assert balances(client, customer) == {"usd": 1000, "eur": 300}
    assert balances(client, client.v1.customers.create({})) == {}


def test_transaction_is_shown_as_stripe_shows_it(
    client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """A grant is a credit."""
    stripe_emulator.clock.set(NOW)
    granted = grant(client, customer)
    listed = client.v1.billing.credit_balance_transactions.list({"customer": customer.id}).data[0]
    shown = body(client.v1.billing.credit_balance_transactions.retrieve(listed.id))
    assert shown == {
        "id": listed.id, "object": "billing.credit_balance_transaction", "livemode": False, "created": NOW,
        "credit": {
            "amount": {"monetary": {"currency": "usd", "value": 1000}, "type": "monetary"},
            "credits_application_invoice_voided": None, "type": "credits_granted",
        },
        "credit_grant": granted.id, "debit": None, "effective_at": NOW, "test_clock": None, "type": "credit",
    }  # fmt: skip


def test_voided_credits_are_booked_out(
    client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """At the moment they are voided."""
    stripe_emulator.clock.set(NOW)
    granted = grant(client, customer)
    stripe_emulator.clock.set(NOW + 1)
    client.v1.billing.credit_grants.void_grant(granted.id)
    assert bookings(client, customer) == [("credits_voided", 1000, NOW + 1), ("credits_granted", 1000, NOW)]
    assert balances(client, customer) == {"usd": 0}


@pytest.mark.belief("credits are booked when granted, voided and expired, at the moment of each (the moments: M)", "S")
def test_credits_expire_by_the_clock(
    client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """Booked once, at their own moment, however late somebody looks."""
    stripe_emulator.clock.set(NOW)
    grant(client, customer, 10, expires_at=NOW + 2 * DAY)
    grant(client, customer, 20, expires_at=NOW + DAY)
    stripe_emulator.clock.set(NOW + DAY)
    assert balances(client, customer) == {"usd": 10}
    stripe_emulator.clock.set(NOW + 9 * DAY)
    for _ in range(2):
        assert bookings(client, customer)[:2] == [
            ("credits_expired", 10, NOW + 2 * DAY),
            ("credits_expired", 20, NOW + DAY),
        ]
        assert balances(client, customer) == {"usd": 0}


def test_expired_at_once_is_booked_once(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """The end that came on demand does not come again by the clock."""
    granted = grant(client, customer)
    client.v1.billing.credit_grants.expire(granted.id)
    assert [kind for kind, *_ in bookings(client, customer)] == ["credits_expired", "credits_granted"]


@pytest.mark.belief(
    "a balance counts credits that are effective; available and ledger balance are one, as there are no invoices", "M"
)
def test_credits_count_from_their_beginning(
    client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """Not from their creation."""
    stripe_emulator.clock.set(NOW)
    grant(client, customer, effective_at=NOW + DAY)
    assert balances(client, customer) == {"usd": 0}
    stripe_emulator.clock.set(NOW + DAY)
    assert balances(client, customer) == {"usd": 1000}


@pytest.mark.belief("credits for every metered price count for some prices, not the other way round", "M")
def test_balance_of_some_prices(client: stripe.StripeClient, customer: stripe.Customer, usage: stripe.Price) -> None:
    """Credits for everything pay for them as well, credits for them not for everything."""
    grant(client, customer, 1)
    some: Any = {"prices": [{"id": usage.id}]}
    grant(client, customer, 10, applicability_config={"scope": some})
    assert balances(client, customer) == {"usd": 1}
    assert balances(client, customer, {"type": "applicability_scope", "applicability_scope": some}) == {"usd": 11}


def test_balance_of_one_grant(client: stripe.StripeClient, customer: stripe.Customer) -> None:
    """And its bookings."""
    granted = grant(client, customer, 10)
    grant(client, customer, 20)
    assert balances(client, customer, {"type": "credit_grant", "credit_grant": granted.id}) == {"usd": 10}
    assert [value for _, value, _ in bookings(client, customer, credit_grant=granted.id)] == [10]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"filter": METERED}, "customer"),
        ({"customer": "cus_nope", "filter": METERED}, "customer"),
        ({"customer": "own"}, "filter"),
        ({"customer": "own", "filter": {"type": "credit_grant"}}, "filter[credit_grant]"),
        ({"customer": "own", "filter": {"type": "credit_grant", "credit_grant": "no"}}, "filter[credit_grant]"),
        ({"customer": "own", "filter": {"type": "applicability_scope"}}, "filter[applicability_scope]"),
    ],
)
def test_bad_question_is_refused(
    client: stripe.StripeClient, customer: stripe.Customer, params: Any, param: str
) -> None:
    """A balance is one customer's, of one grant or for one scope."""
    own = {**params, "customer": customer.id} if params.get("customer") == "own" else params
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.raw_request("get", "/v1/billing/credit_balance_summary", **own)
    assert (refused.value.http_status, refused.value.param) == (400, param)


def test_transactions_need_a_customer(client: stripe.StripeClient) -> None:
    """There is no list of everybody's."""
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: customer"):
        client.v1.billing.credit_balance_transactions.list({})


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from(["keep", "void", "expire"])), max_size=6))
def test_balance_is_what_was_not_taken_away(new_account: Callable[[], Any], grants: list[tuple[int, str]]) -> None:
    """Whatever is granted, voided and expired, the bookings add up to the balance."""
    client = new_account()
    customer = client.v1.customers.create({})
    for value, then in grants:
        granted = grant(client, customer, value)
        if then != "keep":
            client.raw_request("post", f"/v1/billing/credit_grants/{granted.id}/{then}")
    kept = sum(value for value, then in grants if then == "keep")
    booked = bookings(client, customer, limit=100)
    assert sum(value if kind == "credits_granted" else -value for kind, value, _ in booked) == kept
    assert balances(client, customer) == ({"usd": kept} if grants else {})


def told(client: stripe.StripeClient) -> list[str]:
    """Return the events about credits, oldest first."""
    names = [event.type for event in client.v1.events.list({"limit": 100}).data[::-1]]
    return [name.removeprefix("billing.") for name in names if "credit" in name]


@pytest.mark.belief("grants and bookings make events; an expiry makes one for its booking", "S")
def test_events_of_a_grant(
    client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """Created, booked, changed, and booked out."""
    stripe_emulator.clock.set(NOW)
    granted = grant(client, customer, expires_at=NOW + DAY)
    client.v1.billing.credit_grants.update(granted.id, {"expires_at": NOW + 2 * DAY})
    expected = ["credit_grant.created", "credit_balance_transaction.created", "credit_grant.updated"]
    assert told(client) == expected
    [updated] = client.v1.events.list({"type": "billing.credit_grant.updated"}).data
    assert updated.to_dict()["data"]["previous_attributes"] == {"expires_at": NOW + DAY}
    stripe_emulator.clock.set(NOW + 2 * DAY)
    assert told(client) == [*expected, "credit_balance_transaction.created"]
    client.v1.billing.credit_grants.void_grant(grant(client, customer).id)
    assert sorted(told(client)[-2:]) == ["credit_balance_transaction.created", "credit_grant.updated"]


def test_end_that_was_moved_or_taken_away_does_not_come(
    client: stripe.StripeClient, customer: stripe.Customer, stripe_emulator: EmulatorClient
) -> None:
    """Only the last word counts."""
    stripe_emulator.clock.set(NOW)
    moved, kept = (grant(client, customer, value, expires_at=NOW + DAY) for value in (1, 2))
    client.v1.billing.credit_grants.update(moved.id, {"expires_at": NOW + 3 * DAY})
    client.v1.billing.credit_grants.update(kept.id, {"expires_at": ""})
    stripe_emulator.clock.set(NOW + 2 * DAY)
    assert balances(client, customer) == {"usd": 3}
    stripe_emulator.clock.set(NOW + 4 * DAY)
    assert balances(client, customer) == {"usd": 2}


@pytest.mark.belief("credits of a customer on a test clock live in its time", "S")
def test_credits_live_in_the_time_of_the_clock(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """They begin and end by it, and name it."""
    stripe_emulator.clock.set(NOW)
    clock = client.v1.test_helpers.test_clocks.create({"frozen_time": NOW + 10 * DAY})
    customer = client.v1.customers.create({"test_clock": clock.id})
    begins, ends = NOW + 11 * DAY, NOW + 12 * DAY
    shown = body(grant(client, customer, 7, effective_at=begins, expires_at=ends))
    assert (shown["test_clock"], shown["created"]) == (clock.id, NOW + 10 * DAY)
    assert balances(client, customer) == {"usd": 0}
    stripe_emulator.clock.set(NOW + 20 * DAY)
    assert balances(client, customer) == {"usd": 0}
    for moment, expected in ((begins, 7), (ends, 0)):
        client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": moment})
        stripe_emulator.clock.set(NOW + (21 if moment == begins else 22) * DAY)
        assert balances(client, customer) == {"usd": expected}
    assert bookings(client, customer) == [("credits_expired", 7, ends), ("credits_granted", 7, begins)]
