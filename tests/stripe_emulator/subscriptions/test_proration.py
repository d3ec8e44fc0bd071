"""Changes in the middle of a period, to the second: what is given back, what is asked for, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.invoices.billing import (
    HOUR,
    first_item,
    invoices,
    lines,
    meter_of,
    pending,
    price_of,
    use,
)
from tests.stripe_emulator.subscriptions.subscribing import period, subscribe

APRIL_1, APRIL_16, MAY_1 = (int(datetime(2026, *day, tzinfo=UTC).timestamp()) for day in ((4, 1), (4, 16), (5, 1)))
BEHAVIORS = ("create_prorations", "none", "always_invoice")


@pytest.fixture
def halfway(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> Any:
    """Return a subscription of 1 April at $10, at noon of the month: 15 of 30 days are left."""
    stripe_emulator.clock.set(APRIL_1)
    made = subscribe(client, payer, price_of(client, 1000))
    stripe_emulator.clock.set(APRIL_16)
    return made


def change(client: stripe.StripeClient, subscription: Any, **asked: Any) -> Any:
    """Change a subscription."""
    return client.v1.subscriptions.update(subscription.id, asked)  # type: ignore[arg-type]


@pytest.mark.belief("prorations wait for the next invoice, are invoiced at once, or are not made", "D")
@pytest.mark.parametrize(
    ("behavior", "waiting", "billed"),
    [("create_prorations", [-500, 1500], [1000]), ("none", [], [1000]), ("always_invoice", [], [1000, 1000])],
)
def test_quantities(
    client: stripe.StripeClient, payer: Any, halfway: Any, behavior: str, waiting: list[int], billed: list[int]
) -> None:
    """From one seat to three."""
    item: Any = {"id": first_item(halfway).id, "quantity": 3}
    change(client, halfway, items=[item], proration_behavior=behavior)
    assert [amount for _, amount in pending(client, payer)] == waiting
    assert [one.total for one in invoices(client, halfway)] == billed


@pytest.mark.belief("an invoice item of a proration names its item and the rest of the period", "S")
def test_shape_of_a_proration(client: stripe.StripeClient, payer: Any, halfway: Any) -> None:
    """Endive's fields, on the item and on the line it becomes."""
    client.v1.subscription_items.update(first_item(halfway).id, {"quantity": 2})
    credit = client.v1.invoice_items.list({"customer": payer.id}).data[-1]
    assert (credit.proration, credit.discountable, credit.net_amount) == (True, False, -500)
    assert (credit.period.start, credit.period.end, credit.quantity) == (APRIL_16, MAY_1, 1)
    shown = client.v1.invoices.create_preview({"customer": payer.id}).to_dict(for_json=True)["lines"]["data"][0]
    details = shown["parent"]["subscription_item_details"]
    assert (details["proration"], details["invoice_item"]) == (True, credit.id)
    assert (details["subscription"], details["subscription_item"]) == (halfway.id, first_item(halfway).id)


def test_items_come_and_go(client: stripe.StripeClient, payer: Any, halfway: Any) -> None:
    """A new item asks for the rest, one that leaves gives it back; with `none` a new one is free until it renews."""
    extra = price_of(client, 400, name="Extra")
    added = client.v1.subscription_items.create({"subscription": halfway.id, "price": extra.id})
    client.v1.subscription_items.delete(first_item(halfway).id)
    assert pending(client, payer) == [
        ("Remaining time on Extra after 16 Apr 2026", 200),
        ("Unused time on Team after 16 Apr 2026", -500),
    ]
    free: Any = {"subscription": halfway.id, "price": price_of(client, 600).id, "proration_behavior": "none"}
    client.v1.subscription_items.create(free)
    client.v1.subscription_items.delete(added.id, {"proration_behavior": "none"})
    assert len(pending(client, payer)) == 2


@pytest.mark.belief(
    "another interval begins a period now, which is billed at once; the rest of the old is given back", "D"
)
@pytest.mark.parametrize("behavior", BEHAVIORS)
def test_intervals(client: stripe.StripeClient, halfway: Any, behavior: str) -> None:
    """From monthly to yearly."""
    yearly = price_of(client, 9000, name="Year", interval="year")
    item: Any = {"id": first_item(halfway).id, "price": yearly.id}
    changed = change(client, halfway, items=[item], proration_behavior=behavior)
    assert (period(changed)[0], changed.billing_cycle_anchor) == (APRIL_16, APRIL_16)
    latest = invoices(client, halfway)[-1]
    assert latest.billing_reason == "subscription_update"
    assert latest.total == (9000 if behavior == "none" else 8500)


@pytest.mark.belief("a price that costs something after one that does not begins a period now, and the other way", "D")
def test_free_and_paid(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """The first payment is whole and at once."""
    stripe_emulator.clock.set(APRIL_1)
    subscription = subscribe(client, payer, price_of(client, 0))
    stripe_emulator.clock.set(APRIL_16)
    item: Any = {"id": first_item(subscription).id, "price": price_of(client, 1000).id}
    changed = change(client, subscription, items=[item])
    assert period(changed)[0] == APRIL_16
    assert [one.total for one in invoices(client, subscription)] == [0, 1000]


def test_anchor_now(client: stripe.StripeClient, halfway: Any) -> None:
    """A new period now: whole, less the rest of the old one."""
    changed = change(client, halfway, billing_cycle_anchor={"type": "now"})
    assert (period(changed)[0], invoices(client, halfway)[-1].total) == (APRIL_16, 500)


def test_trial_now_gives_the_rest_back(client: stripe.StripeClient, payer: Any, halfway: Any) -> None:
    """To the customer's balance."""
    change(client, halfway, trial_end=MAY_1)
    assert invoices(client, halfway)[-1].total == -500
    assert client.v1.customers.retrieve(payer.id).balance == -500


@pytest.mark.belief("a cancellation gives nothing back unless `prorate` says so; `invoice_now` bills what is left", "D")
def test_cancellation(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """The rest is given back, usage of the period is billed."""
    stripe_emulator.clock.set(APRIL_1)
    usage = price_of(client, 10, name="Calls", meter=meter_of(client))
    plain, ended = (subscribe(client, payer, price_of(client, 1000), usage) for _ in range(2))
    use(client, payer, 100)
    stripe_emulator.clock.set(APRIL_16)
    client.v1.subscriptions.cancel(plain.id)
    client.v1.subscriptions.cancel(ended.id, {"prorate": True, "invoice_now": True})
    assert (len(invoices(client, plain)), pending(client, payer)) == (1, [])
    last = invoices(client, ended)[-1]
    assert lines(last) == [
        ("Unused time on Team after 16 Apr 2026", -500),
        ("100 × Calls (at $0.10 / month)", 1000),
    ]
    assert (last.status, last.total) == ("paid", 500)


def test_announced_end_bills_the_usage(
    client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient
) -> None:
    """At the end of the period nothing renews; what was used is billed within the hour."""
    stripe_emulator.clock.set(APRIL_1)
    usage = price_of(client, 10, name="Calls", meter=meter_of(client))
    subscription = subscribe(client, payer, price_of(client, 1000), usage)
    change(client, subscription, cancel_at_period_end=True)
    use(client, payer, 100)
    stripe_emulator.clock.set(MAY_1 + HOUR)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "canceled"
    assert [(one.total, one.status) for one in invoices(client, subscription)] == [(1000, "paid"), (1000, "paid")]
    stripe_emulator.clock.set(MAY_1 + 40 * 24 * HOUR)
    assert len(invoices(client, subscription)) == 2


@pytest.mark.belief("usage of a metered item that is removed: billed next in flexible mode, lost in classic mode", "D")
@pytest.mark.parametrize(
    ("mode", "billed"), [("flexible", [("100 × Calls (at $0.10 / month)", 1000)]), ("classic", [])]
)
def test_removed_usage(
    client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient, mode: str, billed: list[Any]
) -> None:
    """The rest of the subscription goes on."""
    stripe_emulator.clock.set(APRIL_1)
    usage = price_of(client, 10, name="Calls", meter=meter_of(client))
    subscription = subscribe(client, payer, usage, price_of(client, 1000), billing_mode={"type": mode})
    use(client, payer, 100)
    stripe_emulator.clock.set(APRIL_16)
    client.v1.subscription_items.delete(first_item(subscription).id)
    assert pending(client, payer) == billed


@pytest.mark.real_stripe
@pytest.mark.belief("the first invoice names metered items at nothing in classic mode, not in flexible mode", "D")
def test_nothing_used_yet(client: stripe.StripeClient, payer: Any) -> None:
    """So a subscription of usage only has no first invoice in flexible mode."""
    usage = price_of(client, 10, name="Calls", meter=meter_of(client))
    classic, flexible = (
        subscribe(client, payer, usage, billing_mode={"type": mode}) for mode in ("classic", "flexible")
    )
    assert lines(invoices(client, classic)[0]) == [("0 × Calls (at $0.10 / month)", 0)]
    assert (flexible.latest_invoice, invoices(client, flexible)) == (None, [])


@pytest.mark.belief("`billing_cycle_anchor_config` names the day and the time of the month", "S D")
@pytest.mark.parametrize(
    ("config", "anchor"),
    [
        ({"day_of_month": 31}, (2026, 4, 30, 12, 0)),
        ({"day_of_month": 1, "hour": 9, "minute": 30, "second": 0}, (2026, 5, 1, 9, 30)),
    ],
)
def test_anchor_by_configuration(
    client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient, config: Any, anchor: tuple[int, ...]
) -> None:
    """From 16 April at noon; the time is that of the start unless it is named."""
    stripe_emulator.clock.set(APRIL_16 + 12 * HOUR)
    subscription = subscribe(client, payer, price_of(client, 3000), billing_cycle_anchor_config=config)
    year, month, day, hour, minute = anchor
    wanted = int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())
    assert (subscription.billing_cycle_anchor, period(subscription)[1]) == (wanted, wanted)


def test_extra_items_on_the_first_invoice(client: stripe.StripeClient, payer: Any, seat: Any) -> None:
    """What is paid once stands beside what recurs, with its own discount."""
    setup: Any = {"currency": "usd", "product_data": {"name": "Setup"}, "unit_amount": 5000}
    extra: Any = {"price": client.v1.prices.create(setup).id, "quantity": 2}
    coupon = client.v1.coupons.create({"percent_off": 50, "duration": "once"})
    subscription = subscribe(client, payer, seat, add_invoice_items=[{**extra, "discounts": [{"coupon": coupon.id}]}])
    assert invoices(client, subscription)[0].total == 5000 + 1200
    change(client, subscription, add_invoice_items=[extra])
    assert pending(client, payer) == [("Setup", 10_000)]


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ({"backdate_start_date": 9_999_999_999}, "backdate_start_date"),
        ({"billing_cycle_anchor": 9_999_999_999}, "billing_cycle_anchor"),
        (
            {"billing_cycle_anchor": 9_999_999_999, "billing_cycle_anchor_config": {"day_of_month": 1}},
            "billing_cycle_anchor",
        ),
        ({"trial_period_days": 731}, "trial_period_days"),
        ({"default_tax_rates": ["txr_nope"]}, "default_tax_rates[0]"),
        ({"add_invoice_items": [{"price": "price_nope"}]}, "add_invoice_items[0][price]"),
        ({"trial_period_days": 7, "billing_thresholds": {"amount_gte": 100}}, "billing_thresholds"),
    ],
)
def test_bad_beginnings_are_refused(client: stripe.StripeClient, payer: Any, seat: Any, asked: Any, param: str) -> None:
    """Each names its parameter, and nothing is stored."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        subscribe(client, payer, seat, **asked)
    assert refused.value.param == param
    assert client.v1.subscriptions.list().data == []


@pytest.mark.belief("a subscription can be moved to the flexible mode, and not back", "D")
def test_billing_mode_can_become_flexible(
    client: stripe.StripeClient, payer: Any, seat: Any, stripe_emulator: EmulatorClient
) -> None:
    """Other modes are none that it can be moved to."""
    subscription = subscribe(client, payer, seat, billing_mode={"type": "classic"})
    moved = client.v1.subscriptions.migrate(subscription.id, {"billing_mode": {"type": "flexible"}})
    assert moved.billing_mode.type == "flexible"
    assert moved.billing_mode.updated_at is not None
    back: Any = {"billing_mode": {"type": "classic"}}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.migrate(subscription.id, back)
