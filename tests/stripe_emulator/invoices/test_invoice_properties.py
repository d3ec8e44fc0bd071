"""What holds of every invoice and every proration, whatever is bought and changed."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient
from stripe_emulator.objects.invoices.money import rounded, shared
from tests.stripe_emulator.invoices.billing import HOUR, first_item, invoices, pending, price_of
from tests.stripe_emulator.subscriptions.subscribing import period, subscribe

APRIL, MAY = 1_775_001_600, 1_777_593_600  # midnight of the first days of 2026
MONTH = MAY - APRIL
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

changes = st.lists(st.tuples(st.integers(1, MONTH - 1), st.integers(1, 40)), min_size=1, max_size=5).map(sorted)


def payer_of(client: stripe.StripeClient) -> Any:
    """Return a customer whose card works."""
    return client.v1.customers.create(
        {"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}
    )


@FEW
@given(changes, st.integers(1, 9999), st.sampled_from(["flexible", "classic"]))
def test_prorations_sum_up_to_the_price_over_time(
    new_account: Callable[[], stripe.StripeClient],
    stripe_emulator: EmulatorClient,
    steps: list[tuple[int, int]],
    amount: int,
    mode: str,
) -> None:
    """What is billed for a month is the integral of the price over it; each item is rounded once."""
    client = new_account()
    stripe_emulator.clock.set(APRIL)
    payer = payer_of(client)
    price = price_of(client, amount)
    subscription = subscribe(client, payer, {"price": price.id, "quantity": 3}, billing_mode={"type": mode})
    exact, quantity, since = Fraction(0), 3, 0
    for second, wanted in steps:
        stripe_emulator.clock.set(APRIL + second)
        client.v1.subscription_items.update(first_item(subscription).id, {"quantity": wanted})
        exact += Fraction(quantity * amount * (second - since), MONTH)
        quantity, since = wanted, second
    exact += Fraction(quantity * amount * (MONTH - since), MONTH)
    billed = 3 * amount + sum(cents for _, cents in pending(client, payer))
    assert abs(billed - exact) <= len(steps)  # two items of each step are half a cent off at most


@FEW
@given(
    st.lists(st.tuples(st.integers(50, 99_999), st.integers(1, 9)), min_size=1, max_size=3),
    st.lists(st.one_of(st.integers(1, 100), st.integers(101, 5000)), max_size=3),
    st.lists(st.integers(-5000, 5000).filter(bool), max_size=3),
)
def test_total_is_lines_less_discounts(
    new_account: Callable[[], stripe.StripeClient],
    prices: list[tuple[int, int]],
    coupons: list[int],
    extras: list[int],
) -> None:
    """And the discounts of the lines are those of the whole; never more than a line is taken off it."""
    client = new_account()
    payer = payer_of(client)
    for cents in extras:
        client.v1.invoice_items.create({"customer": payer.id, "amount": cents, "currency": "usd"})
    discounts = []
    for off in coupons:  # up to 100 a percentage, above it an amount
        terms: Any = {"duration": "forever", "percent_off": off}
        if off > 100:
            terms = {"duration": "forever", "amount_off": off, "currency": "usd"}
        discounts.append({"coupon": client.v1.coupons.create(terms).id})
    items = [{"price": price_of(client, amount).id, "quantity": quantity} for amount, quantity in prices]
    invoice = invoices(client, subscribe(client, payer, *items, discounts=discounts))[0]
    lines = invoice.lines.data
    off = sum(one.amount for one in invoice.total_discount_amounts)
    assert invoice.total == sum(line.amount for line in lines) - off
    assert off == sum(one.amount for line in lines for one in line.discount_amounts)
    assert all(sum(one.amount for one in line.discount_amounts) <= max(line.amount, 0) for line in lines)
    assert invoice.amount_due == (invoice.total if invoice.total >= 50 else 0)


@FEW
@given(st.integers(1, 12), st.integers(1, 31), st.integers(2, 6))
def test_renewals_at_the_ends_of_months(
    new_account: Callable[[], stripe.StripeClient],
    stripe_emulator: EmulatorClient,
    month: int,
    day: int,
    renewals: int,
) -> None:
    """From any day a monthly subscription renews on that day, or the last one of a month that lacks it."""
    client = new_account()
    day = min(day, calendar.monthrange(2027, month)[1])
    stripe_emulator.clock.set(int(datetime(2027, month, day, 9, 30, tzinfo=UTC).timestamp()))
    subscription = subscribe(client, payer_of(client), price_of(client, 1000))
    wanted = []
    for step in range(renewals + 1):
        year, later = 2027 + (month - 1 + step) // 12, (month - 1 + step) % 12 + 1
        there = min(day, calendar.monthrange(year, later)[1])
        wanted.append(int(datetime(year, later, there, 9, 30, tzinfo=UTC).timestamp()))
    stripe_emulator.clock.set(wanted[-1] + HOUR)
    found = invoices(client, subscription)
    assert [one.created for one in found] == wanted
    assert [one.lines.data[0].period.start for one in found] == wanted
    assert period(client.v1.subscriptions.retrieve(subscription.id))[0] == wanted[-1]


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any))
def test_what_is_shared_is_all_there(total: int, weights: list[int]) -> None:
    """The parts of an amount are its whole, none is off by a cent or more, and what weighs nothing gets nothing."""
    parts = shared(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert weight or part == 0


@pytest.mark.parametrize(
    ("exact", "currency", "amount"),
    [(Fraction(1, 2), "usd", 1), (Fraction(-1, 2), "usd", -1), (Fraction(49, 100), "jpy", 0), (5, "kwd", 10)],
)
def test_halves_go_away_from_zero(exact: Any, currency: str, amount: int) -> None:
    """To the smallest amount of the currency."""
    assert rounded(exact, currency) == amount
