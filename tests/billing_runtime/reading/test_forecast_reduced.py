"""Forecasts with discounts and billing credits: what they take off must be what the preview says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_runtime.reading.upcoming import discounts_of

if TYPE_CHECKING:
    from tests.billing_runtime.reading.conftest import Stage

Json = dict[str, Any]
FOREVER = {"duration": "forever"}


def coupon(stage: Stage, **terms: Any) -> Json:
    """A discount as a subscription takes it."""
    params: Any = FOREVER | terms
    return {"coupon": stage.client.v1.coupons.create(params).id}


def credit(stage: Stage, cents: int, scope: Json | None = None, **more: Any) -> None:
    """A billing credit for every metered price, or for a scope."""
    params: Any = {
        "customer": stage.customer,
        "amount": {"type": "monetary", "monetary": {"currency": more.pop("currency", "usd"), "value": cents}},
        "applicability_config": {"scope": scope or {"price_type": "metered"}},
        "category": "paid",
    }
    stage.client.v1.billing.credit_grants.create(params | more)


def used(stage: Stage, **subscription: Any) -> str:
    """A seat price and usage of two tiers and of a plain price."""
    tiers: list[Any] = [{"up_to": 10, "unit_amount": 7}, {"up_to": "inf", "unit_amount": 3, "flat_amount": 55}]
    meter = stage.meter("tokens")
    tiered = stage.price(meter=meter, billing_scheme="tiered", tiers_mode="graduated", tiers=tiers)
    product = stage.client.v1.products.create({"name": "Other"}).id
    plain = stage.price(meter=stage.meter("calls"), unit_amount_decimal="1.5", product=product)
    seats = {"price": stage.price(unit_amount=1234), "quantity": 3}
    made = stage.subscribe(seats, tiered, plain, **subscription)
    stage.use("tokens", 33)
    stage.use("calls", 77)
    return made


def test_percentages_and_amounts(stage: Stage) -> None:
    """Discounts of the subscription come one after the other, each off what is left."""
    found = used(stage, discounts=[coupon(stage, percent_off=33.3), coupon(stage, amount_off=199, currency="usd")])
    forecast = stage.agrees(found)
    assert (forecast.complete, forecast.discount) == (True, forecast.subtotal - forecast.total)


def test_a_coupon_for_one_product(stage: Stage) -> None:
    """A coupon takes off only what it is for."""
    product = stage.data["products"]["team"]["id"]
    found = used(stage, discounts=[coupon(stage, percent_off=50, applies_to={"products": [product]})])
    assert stage.agrees(found).lines[-1].discount == 0


def test_a_discount_of_one_item(stage: Stage) -> None:
    """A discount of an item is in the subtotal already."""
    found = used(stage)
    item = stage.client.v1.subscription_items.list({"subscription": found}).data[0]
    stage.client.v1.subscription_items.update(
        item.id, {"discounts": [{"coupon": coupon(stage, percent_off=10)["coupon"]}]}
    )
    forecast = stage.agrees(found)
    assert forecast.subtotal == sum(line.amount for line in forecast.lines) - 370


def test_a_customers_discount_counts_where_the_subscription_has_none() -> None:
    """A customer's discount, which only older versions of the API can make, gives way to the subscription's own."""
    theirs, own = {"id": "di_1"}, {"id": "di_2"}
    assert discounts_of({"customer": {"discount": theirs}, "discounts": []}) == [theirs]
    assert discounts_of({"customer": {"discount": theirs}, "discounts": [own]}) == [own]
    assert discounts_of({"customer": {"discount": None}, "discounts": []}) == []


def test_a_discount_that_will_be_over(stage: Stage) -> None:
    """A discount that ends before the invoice is made takes nothing off it; one that lasts that long does."""
    short = used(stage, discounts=[coupon(stage, percent_off=10, duration="repeating", duration_in_months=1)])
    assert stage.agrees(short).discount == 0


@pytest.mark.parametrize("shown", ["included", "itemized"])
def test_prorations_with_discounts(stage: Stage, shown: str) -> None:
    """What a discount took off a proration must be taken off once, however the subscription shows it."""
    mode = {"type": "flexible", "flexible": {"proration_discounts": shown}}
    price = stage.price(unit_amount=1000)
    found = stage.subscribe(
        {"price": price, "quantity": 2, "discounts": [coupon(stage, percent_off=25)]},
        discounts=[coupon(stage, percent_off=10)],
        billing_mode=mode,
    )
    stage.watch.advance(days=11)
    item = stage.client.v1.subscription_items.list({"subscription": found}).data[0]
    stage.client.v1.subscription_items.update(item.id, {"quantity": 7})
    assert len(stage.agrees(found).lines) == 3


def test_an_item_that_waits_may_have_a_discount_of_its_own(stage: Stage) -> None:
    """An invoice item's own discount comes before those of the invoice."""
    found = stage.subscribe(stage.price(unit_amount=1000), discounts=[coupon(stage, percent_off=10)])
    item: Any = {"customer": stage.customer, "amount": 333, "currency": "usd"}
    stage.client.v1.invoice_items.create(item | {"discounts": [coupon(stage, percent_off=50)]})
    stage.client.v1.invoice_items.create(item | {"discountable": False})
    assert stage.agrees(found).discount > 0


def test_a_coupon_in_another_currency(stage: Stage) -> None:
    """An amount counts in the currency of the subscription, if the coupon has one in it."""
    both = coupon(stage, amount_off=500, currency="eur", currency_options={"usd": {"amount_off": 600}})
    assert stage.agrees(used(stage, discounts=[both])).discount == 600


def test_a_coupon_that_was_deleted_is_named(stage: Stage) -> None:
    """Who redeemed a coupon keeps it; where Stripe no longer tells what it takes off, the forecast says so."""
    mine = coupon(stage, percent_off=50)
    found = stage.subscribe(stage.price(unit_amount=1000), discounts=[mine])
    stage.client.v1.coupons.delete(mine["coupon"])
    forecast = stage.forecast()
    assert (forecast.left_out, forecast.total, stage.preview(found).total) == (("discount",), 1000, 500)


def test_credits_pay_for_usage_alone(stage: Stage) -> None:
    """Billing credits pay for metered lines after discounts, in Stripe's order, each for the prices it is for."""
    found = used(stage, discounts=[coupon(stage, percent_off=10)])
    plain = stage.client.v1.subscription_items.list({"subscription": found}).data[2].price.id
    credit(stage, 40, priority=90)
    credit(stage, 1000, {"prices": [{"id": plain}]})
    credit(stage, 15, category="promotional", priority=10)
    credit(stage, 500, currency="eur")
    forecast = stage.agrees(found)
    assert (forecast.complete, forecast.lines[0].credits) == (True, 0)
    assert forecast.credits == 40 + 15 + forecast.lines[-1].credits
    assert forecast.lines[-1].credits > 0


def test_credits_that_change_before_the_invoice_are_named(stage: Stage) -> None:
    """A credit that ends, or begins, before the invoice is made is not reckoned with, and that is said."""
    used(stage)
    end = int((stage.watch.now + timedelta(days=3)).timestamp())
    credit(stage, 40, expires_at=end)
    forecast = stage.forecast()
    assert (forecast.left_out, forecast.credits) == (("credits",), 0)


def test_credits_that_are_gone_are_no_matter(stage: Stage) -> None:
    """Voided and expired credits pay nothing and leave the forecast complete."""
    found = used(stage)
    credit(stage, 40)
    credit(stage, 50, expires_at=int((stage.watch.now + timedelta(days=1)).timestamp()))
    for one in stage.client.v1.billing.credit_grants.list({"customer": stage.customer}).data:
        if one.expires_at is None:
            stage.client.v1.billing.credit_grants.void_grant(one.id)
    stage.watch.advance(days=2)
    forecast = stage.agrees(found)
    assert (forecast.complete, forecast.credits) == (True, 0)


@st.composite
def reductions(draw: st.DrawFn) -> Json:
    """A coupon."""
    if draw(st.booleans()):
        return {"percent_off": draw(st.integers(1, 10_000)) / 100}
    return {"amount_off": draw(st.integers(1, 5000)), "currency": "usd"}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_invoice(stage: Stage, data: st.DataObject) -> None:
    """Whatever tiers, quantities, discounts, credits and items come together, both sides must agree to the cent."""
    stage.emulator.reset()
    stage.watch.now = stage.watch.now.replace(second=0)
    stage.watch.advance(days=1)
    draw = data.draw
    stage.entity = f"org_{uuid4()}"
    product = stage.client.v1.products.create({"name": "Thing"}).id
    meter = stage.meter("tokens")
    bound = draw(st.integers(1, 1000))
    unit = st.decimals("0.001", "99", places=3).map(str)
    tiers: list[Any] = [
        {"up_to": bound, "unit_amount_decimal": draw(unit)},
        {"up_to": "inf", "unit_amount_decimal": draw(unit), "flat_amount": draw(st.integers(0, 999))},
    ]
    mode = draw(st.sampled_from(["graduated", "volume"]))
    tiered = stage.price(meter=meter, billing_scheme="tiered", tiers_mode=mode, tiers=tiers, product=product)
    seats: Json = {
        "price": stage.price(unit_amount_decimal=draw(unit), product=product),
        "quantity": draw(st.integers(1, 99)),
    }
    some = st.lists(reductions(), max_size=2)
    seats["discounts"] = [coupon(stage, **one) for one in draw(some)]
    whole = [coupon(stage, **one) for one in draw(some)]
    subscription = stage.subscribe(seats, tiered, discounts=whole)
    amount = draw(st.sampled_from([bound - 1, bound, bound + 1]) | st.integers(1, 2000))
    if amount:
        stage.use("tokens", amount)
    for cents in draw(st.lists(st.integers(1, 5000), max_size=2)):
        credit(stage, cents)
    for cents in draw(st.lists(st.integers(-500, 500).filter(bool), max_size=2)):
        stage.client.v1.invoice_items.create({"customer": stage.customer, "amount": cents, "currency": "usd"})
    assert stage.agrees(subscription).complete
