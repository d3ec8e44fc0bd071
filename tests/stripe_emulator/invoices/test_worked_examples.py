"""Worked examples that are published: each number stands beside the page it is from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.invoices.billing import (
    DAY,
    HOUR,
    first_item,
    invoices,
    lines,
    meter_of,
    pending,
    price_of,
    use,
)
from tests.stripe_emulator.subscriptions.subscribing import subscribe

GRADUATED: Any = [
    {"up_to": 5, "unit_amount": 700},
    {"up_to": 10, "unit_amount": 650},
    {"up_to": "inf", "unit_amount": 600},
]
WITH_FLAT: Any = [
    {"up_to": 5, "unit_amount": 500, "flat_amount": 1000},
    {"up_to": 10, "unit_amount": 400, "flat_amount": 2000},
    {"up_to": 15, "unit_amount": 300, "flat_amount": 3000},
    {"up_to": 20, "unit_amount": 200, "flat_amount": 4000},
    {"up_to": "inf", "unit_amount": 100, "flat_amount": 5000},
]


def moment(year: int, month: int, day: int) -> int:
    """Return midnight of a day."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


@pytest.mark.real_stripe
@pytest.mark.belief("graduated tiers bill each unit in its tier, volume tiers all units in the last one", "D")
@pytest.mark.parametrize(
    ("mode", "quantity", "total"),
    [
        # https://docs.stripe.com/products-prices/pricing-models#volume-pricing: $7 up to 5, $6.50 up to 10, then $6
        ("volume", 1, 700),
        ("volume", 5, 3500),
        ("volume", 6, 3900),
        ("volume", 20, 12000),
        ("volume", 25, 15000),
        # https://docs.stripe.com/products-prices/pricing-models#graduated-pricing, the same tiers
        ("graduated", 1, 700),
        ("graduated", 5, 3500),
        ("graduated", 6, 4150),
        ("graduated", 20, 12750),
        ("graduated", 25, 15750),
    ],
)
def test_tiers(client: stripe.StripeClient, payer: Any, mode: str, quantity: int, total: int) -> None:
    """The table of the page, seat by seat."""
    tiered: Any = {"billing_scheme": "tiered", "tiers_mode": mode, "tiers": GRADUATED}
    subscription = subscribe(client, payer, {"price": price_of(client, **tiered).id, "quantity": quantity})
    assert invoices(client, subscription)[0].total == total


@pytest.mark.real_stripe
@pytest.mark.belief("a tier's flat fee is billed once it is reached", "D")
@pytest.mark.parametrize(
    ("mode", "quantity", "total"),
    [
        # https://docs.stripe.com/products-prices/pricing-models#graduated-pricing-with-flat-fees
        ("graduated", 12, 2500 + 1000 + 2000 + 2000 + 600 + 3000),
        # https://docs.stripe.com/products-prices/pricing-models#volume-pricing-with-flat-fees
        ("volume", 12, 3600 + 3000),
    ],
)
def test_tiers_with_flat_fees(client: stripe.StripeClient, payer: Any, mode: str, quantity: int, total: int) -> None:
    """Twelve seats reach the third tier: all three fees, or only its own."""
    tiered: Any = {"billing_scheme": "tiered", "tiers_mode": mode, "tiers": WITH_FLAT}
    subscription = subscribe(client, payer, {"price": price_of(client, **tiered).id, "quantity": quantity})
    assert invoices(client, subscription)[0].total == total


@pytest.mark.real_stripe
@pytest.mark.belief("each tier of a graduated price is a line of its own (words: M)", "M")
def test_each_tier_is_a_line(client: stripe.StripeClient, payer: Any) -> None:
    """Units first, then the flat fee."""
    tiers = [{"up_to": 5, "unit_amount": 500, "flat_amount": 1000}, {"up_to": "inf", "unit_amount": 400}]
    tiered: Any = {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": tiers}
    subscription = subscribe(client, payer, {"price": price_of(client, **tiered).id, "quantity": 7})
    assert lines(invoices(client, subscription)[0]) == [
        ("5 × Team (Tier 1 at $5.00 / month)", 2500),
        ("Team (Tier 1 at $10.00 / month)", 1000),
        ("2 × Team (Tier 2 at $4.00 / month)", 800),
    ]


@pytest.mark.real_stripe
@pytest.mark.belief("packages are rounded up or down before they are priced", "D")
@pytest.mark.parametrize(("round_", "quantity", "total"), [("up", 8, 2000), ("up", 5, 1000), ("down", 8, 1000)])
def test_packages(client: stripe.StripeClient, payer: Any, round_: str, quantity: int, total: int) -> None:
    """$10 for every 5 units: 8 are 2 packages. https://docs.stripe.com/products-prices/pricing-models#package-pricing."""
    package: Any = {"divide_by": 5, "round": round_}
    price = price_of(client, 1000, transform_quantity=package)
    subscription = subscribe(client, payer, {"price": price.id, "quantity": quantity})
    assert invoices(client, subscription)[0].total == total


@pytest.mark.belief("a change halfway gives back half of the old price and asks for half of the new one", "D")
def test_upgrade_halfway(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """From $10 to $20 in the middle of the month: $5 more. https://docs.stripe.com/billing/subscriptions/prorations."""
    stripe_emulator.clock.set(moment(2026, 4, 1))
    subscription = subscribe(client, payer, price_of(client, 1000, name="Basic"))
    stripe_emulator.clock.set(moment(2026, 4, 16))  # April has 30 days
    dearer = price_of(client, 2000, name="Pro")
    change: Any = {"items": [{"id": first_item(subscription).id, "price": dearer.id}]}
    client.v1.subscriptions.update(subscription.id, change)
    assert pending(client, payer) == [
        ("Unused time on Basic after 16 Apr 2026", -500),
        ("Remaining time on Pro after 16 Apr 2026", 1000),
    ]
    stripe_emulator.clock.set(moment(2026, 5, 1) + HOUR)
    assert invoices(client, subscription)[-1].total == -500 + 1000 + 2000


@pytest.mark.belief("the last hour of a trial is free as well; the first paid period begins at its end", "D")
def test_trial(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """A 0 invoice at once, the first price at the end. https://docs.stripe.com/billing/subscriptions/trials."""
    stripe_emulator.clock.set(moment(2026, 4, 1))
    subscription = subscribe(client, payer, price_of(client, 1000), trial_period_days=14)
    (first,) = invoices(client, subscription)
    assert (first.status, first.total, lines(first)) == ("paid", 0, [("Trial period for Team", 0)])
    stripe_emulator.clock.set(moment(2026, 4, 15) + HOUR)
    second = invoices(client, subscription)[-1]
    assert (second.status, second.total, second.billing_reason) == ("paid", 1000, "subscription_cycle")
    assert second.lines.data[0].period.start == moment(2026, 4, 15)


@pytest.mark.belief("a future anchor makes a first period that is billed by its share of a whole one", "D")
@pytest.mark.parametrize(("behavior", "total"), [("create_prorations", 1700), ("none", None)])
def test_anchor_ahead(
    client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient, behavior: str, total: int | None
) -> None:
    """Made on 15 May for 1 June: 17 of 31 days. https://docs.stripe.com/billing/subscriptions/billing-cycle."""
    stripe_emulator.clock.set(moment(2026, 5, 15))
    anchor = moment(2026, 6, 1)
    price = price_of(client, 3100)
    subscription = subscribe(client, payer, price, billing_cycle_anchor=anchor, proration_behavior=behavior)
    assert [one.total for one in invoices(client, subscription)] == ([] if total is None else [total])
    stripe_emulator.clock.set(anchor + HOUR)
    assert invoices(client, subscription)[-1].total == 3100


# "February 15 to March 1 is exactly half"; from January 15, 17 of 31 days, and a whole month after them in flexible
# mode. https://docs.stripe.com/billing/subscriptions/backdating
@pytest.mark.belief("time before the start is billed by months counted from it (classic) or by natural ones", "D")
@pytest.mark.parametrize(
    ("mode", "start", "behind"),
    [
        ("classic", (2026, 2, 15), [3100 // 2]),
        ("classic", (2026, 1, 15), [3100 + 3100 * 14 // 28]),
        ("flexible", (2026, 1, 15), [1700, 3100]),
    ],
)
def test_backdating(
    client: stripe.StripeClient,
    payer: Any,
    stripe_emulator: EmulatorClient,
    mode: str,
    start: tuple[int, int, int],
    behind: list[int],
) -> None:
    """Made on 1 March, begun before: the past first, then the month that begins."""
    stripe_emulator.clock.set(moment(2026, 3, 1))
    asked: Any = {"backdate_start_date": moment(*start), "billing_mode": {"type": mode}}
    subscription = subscribe(client, payer, price_of(client, 3100), **asked)
    assert subscription.start_date == moment(*start)
    assert [amount for _, amount in lines(invoices(client, subscription)[0])] == [*behind, 3100]


@pytest.mark.belief("credits pay for metered lines only, those with the first priority first", "D")
def test_credits(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """$100 of usage and a $20 fee with $50 of credits: $70 are due.

    https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
    """
    stripe_emulator.clock.set(moment(2026, 4, 1))
    usage = price_of(client, 1, name="Calls", meter=meter_of(client))
    for value, priority in ((3000, 10), (2000, 5)):
        client.v1.billing.credit_grants.create(
            {
                "customer": payer.id,
                "amount": {"type": "monetary", "monetary": {"currency": "usd", "value": value}},
                "applicability_config": {"scope": {"price_type": "metered"}},
                "priority": priority,
            }
        )
    subscription = subscribe(client, payer, price_of(client, 2000), usage)
    use(client, payer, 10_000)
    stripe_emulator.clock.set(moment(2026, 5, 1) + HOUR)
    invoice = invoices(client, subscription)[-1]
    assert (invoice.subtotal, invoice.total, invoice.amount_paid) == (12_000, 7000, 7000)
    assert [one.amount for one in invoice.total_pretax_credit_amounts] == [2000, 3000]


@pytest.mark.belief("a threshold invoices usage at once; the rest of the period is billed at its end", "D")
def test_threshold(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """$50 are reached by 5,000 calls; 700 more are billed at the end.

    https://docs.stripe.com/billing/subscriptions/usage-based/thresholds
    """
    stripe_emulator.clock.set(moment(2026, 4, 1))
    usage = price_of(client, 1, name="Calls", meter=meter_of(client))
    subscription = subscribe(client, payer, usage, billing_thresholds={"amount_gte": 5000})
    use(client, payer, 4999)
    stripe_emulator.clock.advance(DAY)
    assert invoices(client, subscription) == []
    use(client, payer, 1)
    stripe_emulator.clock.advance(2 * HOUR)
    (early,) = invoices(client, subscription)
    assert (early.billing_reason, early.total, early.status) == ("subscription_threshold", 5000, "paid")
    assert early.threshold_reason.amount_gte == 5000
    use(client, payer, 700)
    stripe_emulator.clock.set(moment(2026, 5, 1) + HOUR)
    assert [one.total for one in invoices(client, subscription)] == [5000, 700]


@pytest.mark.belief("currencies without decimals are billed in whole units, those with three end in 0", "D")
@pytest.mark.parametrize(
    ("currency", "amount", "prorated"),
    [("usd", 1001, 501), ("jpy", 1001, 501), ("kwd", 10_010, 5010), ("isk", 100_100, 50_100)],
)
def test_currencies(
    client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient, currency: str, amount: int, prorated: int
) -> None:
    """Half a period, rounded to what can be charged. https://docs.stripe.com/currencies#zero-decimal."""
    stripe_emulator.clock.set(moment(2026, 4, 16))
    price = price_of(client, amount, currency=currency)
    subscription = subscribe(client, payer, price, billing_cycle_anchor=moment(2026, 5, 1))
    # 15 of the 30 days from 1 April to 1 May
    assert invoices(client, subscription)[0].total == prorated


@pytest.mark.belief("usage during a trial is free", "D")
def test_usage_of_a_trial(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """Only what is used after its end is billed. https://docs.stripe.com/billing/subscriptions/trials."""
    stripe_emulator.clock.set(moment(2026, 4, 1))
    usage = price_of(client, 10, name="Calls", meter=meter_of(client))
    subscription = subscribe(client, payer, usage, trial_period_days=14)
    use(client, payer, 100)
    stripe_emulator.clock.set(moment(2026, 4, 20))
    use(client, payer, 30)
    stripe_emulator.clock.set(moment(2026, 5, 15) + HOUR)
    assert sum(one.total for one in invoices(client, subscription)) == 300
