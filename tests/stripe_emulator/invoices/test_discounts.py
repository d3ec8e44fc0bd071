"""Coupons and promotion codes on customers' subscriptions, their items and single invoices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.invoices.billing import DAY, HOUR, first_item, invoices, pending, price_of
from tests.stripe_emulator.subscriptions.subscribing import subscribe

APRIL_1, APRIL_16 = (int(datetime(2026, 4, day, tzinfo=UTC).timestamp()) for day in (1, 16))


def coupon_of(client: stripe.StripeClient, duration: Any = "forever", **terms: Any) -> Any:
    """Return a new coupon; an amount is in dollars."""
    currency = {"currency": "usd"} if "amount_off" in terms else {}
    given: Any = {"duration": duration, **currency, **terms}
    return client.v1.coupons.create(given)


def code_of(client: stripe.StripeClient, coupon: Any, **more: Any) -> Any:
    """Return a new promotion code."""
    given: Any = {"promotion": {"type": "coupon", "coupon": coupon.id}, **more}
    return client.v1.promotion_codes.create(given)


def discount_events(client: stripe.StripeClient) -> list[str]:
    """Return the types of the events about discounts, oldest first."""
    events = client.v1.events.list({"limit": 100}).data[::-1]
    return [event.type for event in events if event.type.startswith("customer.discount.")]


def totals(client: stripe.StripeClient, subscription: Any) -> list[int]:
    """Return what a subscription's invoices come to."""
    return [one.total for one in invoices(client, subscription)]


@pytest.mark.belief("a coupon counts for one invoice, for the months it repeats, or forever", "D")
@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"duration": "once", "percent_off": 10}, [900, 1000, 1000, 1000]),
        ({"duration": "repeating", "duration_in_months": 2, "percent_off": 10}, [900, 900, 1000, 1000]),
        ({"duration": "forever", "amount_off": 300}, [700, 700, 700, 700]),
    ],
)
def test_durations(
    client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient, terms: Any, expected: list[int]
) -> None:
    """Four invoices, month by month; what is over is off the subscription."""
    stripe_emulator.clock.set(APRIL_1)
    discounts = [{"coupon": coupon_of(client, **terms).id}]
    subscription = subscribe(client, payer, price_of(client, 1000), discounts=discounts)
    # What counts once is used up by the first invoice, in the same call.
    assert discount_events(client) == ([] if terms["duration"] == "once" else ["customer.discount.created"])
    stripe_emulator.clock.advance(92 * DAY + HOUR)
    assert totals(client, subscription) == expected
    left = client.v1.subscriptions.retrieve(subscription.id).discounts
    assert (left == []) == (terms["duration"] != "forever")


@pytest.mark.belief("discounts of lines come first, each takes its part of what the one before left", "D")
def test_discounts_stack(client: stripe.StripeClient, payer: Any) -> None:
    """Half off an item, then $1 off all, then 10 percent off the rest."""
    half, dollar, tenth = (
        {"coupon": coupon_of(client, **terms).id}
        for terms in ({"percent_off": 50}, {"amount_off": 100}, {"percent_off": 10})
    )
    first: Any = {"price": price_of(client, 1000).id, "discounts": [half]}
    second: Any = {"price": price_of(client, 500).id}
    (invoice,) = invoices(client, subscribe(client, payer, first, second, discounts=[dollar, tenth]))
    assert (invoice.subtotal, invoice.total) == (1000, 810)  # 500 + 500, less 100, less 90
    assert sorted(one.amount for one in invoice.total_discount_amounts) == [90, 100, 500]
    shown = client.v1.invoices.retrieve(invoice.id, {"expand": ["discounts.source.coupon", "discounts"]})
    assert [one.source.coupon.percent_off for one in shown.discounts] == [None, 10.0]  # type: ignore[union-attr]


@pytest.mark.belief("a coupon for some products takes nothing off the others", "D")
def test_products(client: stripe.StripeClient, payer: Any) -> None:
    """Only the line of the product is cheaper."""
    wanted, other = price_of(client, 1000), price_of(client, 600)
    coupon = coupon_of(client, percent_off=50, applies_to={"products": [wanted.product]})
    (invoice,) = invoices(client, subscribe(client, payer, wanted, other, discounts=[{"coupon": coupon.id}]))
    off = [[one.amount for one in line.discount_amounts] for line in invoice.lines.data]
    assert (invoice.total, off) == (1100, [[500], []])


def test_amounts_have_currencies(client: stripe.StripeClient, payer: Any) -> None:
    """An amount off is another one in another currency, and none where it has none."""
    euro: Any = {"eur": {"amount_off": 250}}
    coupon = coupon_of(client, amount_off=300, currency_options=euro)
    price = price_of(client, 1000, currency="eur")
    assert totals(client, subscribe(client, payer, price, discounts=[{"coupon": coupon.id}])) == [750]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        subscribe(client, payer, price, discounts=[{"coupon": coupon_of(client, amount_off=300).id}])
    assert refused.value.param == "discounts[0][coupon]"


@pytest.mark.belief("a coupon or code that was redeemed as often as it may be, or is over, is refused (words: M)", "D")
def test_redemptions_are_counted(
    client: stripe.StripeClient, payer: Any, seat: Any, stripe_emulator: EmulatorClient
) -> None:
    """Each subscription redeems once; the next one is too late."""
    coupon = coupon_of(client, percent_off=10, max_redemptions=2)
    code = code_of(client, coupon, max_redemptions=1)
    subscribe(client, payer, seat, discounts=[{"promotion_code": code.id}])
    assert client.v1.promotion_codes.retrieve(code.id).times_redeemed == 1
    with pytest.raises(stripe.InvalidRequestError) as refused:
        subscribe(client, payer, seat, discounts=[{"promotion_code": code.id}])
    assert refused.value.param == "discounts[0][promotion_code]"
    subscribe(client, payer, seat, discounts=[{"coupon": coupon.id}])
    with pytest.raises(stripe.InvalidRequestError) as late:
        subscribe(client, payer, seat, discounts=[{"coupon": coupon.id}])
    assert (late.value.code, client.v1.coupons.retrieve(coupon.id).times_redeemed) == ("coupon_expired", 2)
    brief = coupon_of(client, percent_off=10, redeem_by=stripe_emulator.clock.now() + DAY)
    stripe_emulator.clock.advance(2 * DAY)
    with pytest.raises(stripe.InvalidRequestError):
        subscribe(client, payer, seat, discounts=[{"coupon": brief.id}])


@pytest.mark.belief("promotion codes can be for one customer, for first buyers, for a least amount (words: M)", "D")
def test_restrictions(client: stripe.StripeClient, payer: Any, customer: Any, seat: Any) -> None:
    """Whoever is meant may redeem; the others may not."""
    coupon = coupon_of(client, percent_off=10)
    least: Any = {"minimum_amount": 2000, "minimum_amount_currency": "usd"}
    codes = {
        "mine": code_of(client, coupon, customer=payer.id),
        "theirs": code_of(client, coupon, customer=customer.id),
        "first": code_of(client, coupon, restrictions={"first_time_transaction": True}),
        "large": code_of(client, coupon, restrictions=least),
    }

    def redeem(name: str, quantity: int = 1) -> Any:
        asked: Any = {"price": seat.id, "quantity": quantity}
        return subscribe(client, payer, asked, discounts=[{"promotion_code": codes[name].id}])

    for name, quantity in (("first", 1), ("mine", 1), ("large", 2)):
        assert redeem(name, quantity).discounts
    for name in ("theirs", "first", "large"):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            redeem(name)
        assert refused.value.param == "discounts[0][promotion_code]"


def test_discounts_are_taken_away(client: stripe.StripeClient, payer: Any, seat: Any) -> None:
    """By the subscription's own address, or by an update that names no others; what was discounted stays so."""
    discounts = [{"coupon": coupon_of(client, percent_off=10).id}]
    first, second = (subscribe(client, payer, seat, discounts=discounts) for _ in range(2))
    deleted: Any = client.v1.subscriptions.delete_discount(first.id)
    assert (deleted.deleted, client.v1.subscriptions.retrieve(first.id).discounts) == (True, [])
    assert client.v1.subscriptions.update(second.id, {"discounts": ""}).discounts == []
    with pytest.raises(stripe.InvalidRequestError, match="No active discount"):
        client.v1.subscriptions.delete_discount(first.id)
    with pytest.raises(stripe.InvalidRequestError, match="No active discount"):
        client.v1.customers.delete_discount(payer.id)
    assert discount_events(client).count("customer.discount.deleted") == 2
    assert totals(client, first) == [1080]


def test_deleted_coupon_goes_on(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """Whoever redeemed it keeps it."""
    stripe_emulator.clock.set(APRIL_1)
    coupon = coupon_of(client, percent_off=10)
    subscription = subscribe(client, payer, price_of(client, 1000), discounts=[{"coupon": coupon.id}])
    client.v1.coupons.delete(coupon.id)
    stripe_emulator.clock.advance(30 * DAY + HOUR)
    assert totals(client, subscription) == [900, 900]


@pytest.mark.belief(
    "a proration has the percentages of its time in it; credits give back what was paid (flexible)", "D"
)
@pytest.mark.parametrize(
    ("mode", "credit"),
    # A quarter was off what was paid. Classic counts by the discount it had last, which was taken away.
    [({"type": "flexible"}, -375), ({"type": "classic"}, -375)],
)
def test_prorations_have_discounts_in_them(
    client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient, mode: Any, credit: int
) -> None:
    """Half of a month at a quarter off, in both directions."""
    stripe_emulator.clock.set(APRIL_1)
    discounts = [{"coupon": coupon_of(client, percent_off=25).id}]
    price = price_of(client, 1000)
    subscription = subscribe(client, payer, price, discounts=discounts, billing_mode=mode)
    stripe_emulator.clock.set(APRIL_16)
    client.v1.subscription_items.update(first_item(subscription).id, {"quantity": 3})
    assert [amount for _, amount in pending(client, payer)] == [credit, 1125]


@pytest.mark.belief("`proration_discounts=itemized` shows prorations in full with their discounts beside them", "D")
def test_itemized_prorations(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """The totals are the same."""
    stripe_emulator.clock.set(APRIL_1)
    mode: Any = {"type": "flexible", "flexible": {"proration_discounts": "itemized"}}
    discounts = [{"coupon": coupon_of(client, percent_off=25).id}]
    subscription = subscribe(client, payer, price_of(client, 1000), discounts=discounts, billing_mode=mode)
    stripe_emulator.clock.set(APRIL_16)
    change: Any = {"quantity": 3, "proration_behavior": "always_invoice"}
    client.v1.subscription_items.update(first_item(subscription).id, change)
    invoice = invoices(client, subscription)[-1]
    assert [line.amount for line in invoice.lines.data] == [-500, 1500]
    assert [[one.amount for one in line.discount_amounts] for line in invoice.lines.data] == [[-125], [375]]
    assert invoice.total == -375 + 1125


def test_discount_of_one_invoice(client: stripe.StripeClient, payer: Any) -> None:
    """It is counted in a draft at once, and is nobody's subscription's."""
    draft = client.v1.invoices.create({"customer": payer.id})
    client.v1.invoice_items.create({"customer": payer.id, "amount": 500, "currency": "usd", "invoice": draft.id})
    code = code_of(client, coupon_of(client, amount_off=800))
    changed = client.v1.invoices.update(draft.id, {"discounts": [{"promotion_code": code.id}]})
    assert (changed.subtotal, changed.total, discount_events(client)) == (500, 0, [])


def test_discount_of_a_customer(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """It counts where a subscription has none of its own, until it is taken away; only the dashboard gives one."""
    lender = subscribe(
        client, payer, price_of(client, 1000), discounts=[{"coupon": coupon_of(client, percent_off=10).id}]
    )
    saved = stripe_emulator.snapshot()
    kept = {(kind, identifier): document for _, kind, identifier, document in saved["documents"]}
    kept["customer", payer.id]["discount"] = kept["discount", str(lender.discounts[0])]
    stripe_emulator.restore(saved)
    assert totals(client, subscribe(client, payer, price_of(client, 2000))) == [1800]
    deleted: Any = client.v1.customers.delete_discount(payer.id)
    assert (deleted.deleted, client.v1.customers.retrieve(payer.id).discount) == (True, None)
    assert totals(client, subscribe(client, payer, price_of(client, 3000))) == [3000]
