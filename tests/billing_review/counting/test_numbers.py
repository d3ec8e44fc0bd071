"""Who is on a price, and what it brings in a month: every number on hand-made populations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import stripe

from billing_review.counting import count
from billing_review.report import Affected
from billing_review.steps import Step
from stripe_emulator import EmulatorClient
from tests.billing_review.counting.shop import FAST, MONTH, Shop, change, counted, step

DAY = 86400


def test_everything_about_one_price(shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Active, trialing and past-due subscriptions, seats, customers, revenue and open sessions, each by itself."""
    seat = shop.price(1200)
    twice = shop.customer()
    shop.subscribe((seat, 3), customer=twice)
    shop.subscribe((seat, 4), customer=twice)
    shop.subscribe((seat, 5), trial_period_days=7)
    late = shop.subscribe((seat, 2))
    method = client.v1.subscriptions.retrieve(late, {"expand": ["customer"]}).to_dict()["customer"]
    client.v1.payment_methods.detach(method["invoice_settings"]["default_payment_method"])
    stripe_emulator.clock.advance(40 * DAY)  # the trial has ended and is paid, one card is gone
    shop.subscribe((seat, 10), trial_period_days=7)
    shop.checkout(seat)
    assert counted(client, step("team.seat", seat)) == {
        ("Price", "team.seat"): Affected(
            active=3,
            trialing=1,
            past_due=1,
            seats=3 + 4 + 5 + 2 + 10,
            customers=4,
            open_checkouts=1,
            monthly_revenue={"usd": (3 + 4 + 5 + 2) * 1200},
        )
    }


def test_who_is_not_served_does_not_count(
    shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Canceled, incomplete, expired and paused subscriptions are nobody on the price, unpaid ones neither."""
    seat = shop.price()
    client.v1.subscriptions.cancel(shop.subscribe((seat, 1)))
    shop.subscribe((seat, 1), payment_behavior="default_incomplete")
    poor = client.v1.customers.create().id
    paused = {"end_behavior": {"missing_payment_method": "pause"}}
    shop.subscribe((seat, 1), customer=poor, trial_period_days=1, trial_settings=paused)
    stripe_emulator.clock.advance(2 * DAY)
    shop.subscribe((seat, 1), payment_behavior="default_incomplete")
    _make_unpaid(stripe_emulator, shop.subscribe((seat, 1)))
    statuses = sorted(one.status for one in client.v1.subscriptions.list({"status": "all"}).data)
    assert statuses == ["canceled", "incomplete", "incomplete_expired", "paused", "unpaid"]
    assert counted(client, step("team.seat", seat)) == {("Price", "team.seat"): Affected()}


def _make_unpaid(emulator: EmulatorClient, subscription: str) -> None:
    """What Stripe does after the last attempt to collect; the emulator has no attempts."""
    snapshot = emulator.snapshot()
    for document in snapshot["documents"]:
        if document[2] == subscription:
            document[3]["status"] = "unpaid"
    emulator.restore(snapshot)


def test_several_items_of_a_subscription(shop: Shop, client: stripe.StripeClient) -> None:
    """Each item counts for its own price; usage has no seats and no revenue in advance."""
    seat, extra = shop.price(1000), shop.price(500)
    meter = client.v1.billing.meters.create(
        {"display_name": "Tokens", "event_name": "tokens", "default_aggregation": {"formula": "sum"}}
    )
    usage = shop.price(4, recurring={**MONTH, "usage_type": "metered", "meter": meter.id})
    shop.subscribe((seat, 2), (extra, 7), (usage, None))
    shop.subscribe((seat, 1), (usage, None))
    found = counted(client, step("seat", seat), step("extra", extra, "delete"), step("usage", usage))
    assert found == {
        ("Price", "seat"): Affected(active=2, seats=3, customers=2, monthly_revenue={"usd": 3000}),
        ("Price", "extra"): Affected(active=1, seats=7, customers=1, monthly_revenue={"usd": 3500}),
        ("Price", "usage"): Affected(active=2, customers=2),
    }


def test_items_that_the_subscription_does_not_show(shop: Shop, client: stripe.StripeClient) -> None:
    """A subscription shows its first ten items; the twelfth counts as well."""
    prices = [shop.price(number) for number in range(1, 13)]
    shop.subscribe(*((price, 3) for price in prices))
    found = counted(client, step("last", prices[11]))
    assert found["Price", "last"] == Affected(active=1, seats=3, customers=1, monthly_revenue={"usd": 36})


def test_lines_that_the_session_does_not_show(shop: Shop, client: stripe.StripeClient) -> None:
    """The same for the line items of an open checkout session; a closed one does not count."""
    prices = [shop.price(number) for number in range(1, 13)]
    shop.checkout(*prices)
    client.v1.checkout.sessions.expire(shop.checkout(prices[11]))
    assert counted(client, step("last", prices[11]))["Price", "last"] == Affected(open_checkouts=1)


def test_months_of_other_intervals(shop: Shop, client: stripe.StripeClient) -> None:
    """A year is twelve months, a year has 52 weeks and 365 days, and several intervals are divided by their number."""
    recurring = {
        "year": {"interval": "year"},
        "quarter": {"interval": "month", "interval_count": 3},
        "week": {"interval": "week"},
        "day": {"interval": "day"},
        "fortnight": {"interval": "week", "interval_count": 2},
    }
    prices = {key: shop.price(1001, recurring=given) for key, given in recurring.items()}
    for price in prices.values():
        shop.subscribe((price, 1))
    found = counted(client, *(step(key, price) for key, price in prices.items()))
    assert {key: one.monthly_revenue["usd"] for (_, key), one in found.items()} == {
        "year": 83,  # 1001 / 12 = 83.42
        "quarter": 334,  # 1001 / 3 = 333.67
        "week": 4338,  # 1001 × 52 / 12 = 4337.67
        "day": 30447,  # 1001 × 365 / 12 = 30447.08
        "fortnight": 2169,  # 1001 × 26 / 12 = 2168.83
    }


def test_rounded_once_and_half_up(shop: Shop, client: stripe.StripeClient) -> None:
    """Three yearly subscriptions at 10.06 are 251.5 cents a month: rounded at the end, not each by itself."""
    yearly = shop.price(1006, recurring={"interval": "year"})
    for _ in range(3):
        shop.subscribe((yearly, 1))
    assert counted(client, step("yearly", yearly))["Price", "yearly"].monthly_revenue == {"usd": 252}
    shop.subscribe((yearly, 1))  # 335.33, while four times 83.83 rounded would be 336
    assert counted(client, step("yearly", yearly))["Price", "yearly"].monthly_revenue == {"usd": 335}


def test_fractions_of_the_minor_unit(shop: Shop, client: stripe.StripeClient) -> None:
    """A tenth of a cent a seat is not lost."""
    seat = client.v1.prices.create(
        {
            "product": shop.product,
            "currency": "usd",
            "unit_amount_decimal": Decimal("0.1"),
            "recurring": {"interval": "month"},
        }
    ).id
    shop.subscribe((seat, 7))
    shop.subscribe((seat, 8))
    assert counted(client, step("seat", seat))["Price", "seat"].monthly_revenue == {"usd": 2}


def test_each_currency_by_itself(shop: Shop, client: stripe.StripeClient) -> None:
    """A subscription pays in its own currency, at the price's amount in it."""
    seat = shop.price(1200, currency_options={"eur": {"unit_amount": 1100}, "jpy": {"unit_amount": 1500}})
    shop.subscribe((seat, 2))
    shop.subscribe((seat, 3), currency="eur")
    shop.subscribe((seat, 1), currency="eur")
    shop.subscribe((seat, 5), currency="jpy")
    found = counted(client, step("seat", seat))["Price", "seat"]
    assert found.monthly_revenue == {"eur": 4400, "jpy": 7500, "usd": 2400}
    assert (found.active, found.seats) == (4, 11)


def test_graduated_and_volume_tiers(shop: Shop, client: stripe.StripeClient) -> None:
    """Tiers are computed for each subscription's quantity, in its currency."""
    tiers = [{"up_to": 10, "unit_amount": 1000, "flat_amount": 500}, {"up_to": "inf", "unit_amount": 800}]
    euros = [{"up_to": 10, "unit_amount": 900}, {"up_to": "inf", "unit_amount": 700}]
    shape: Any = {"billing_scheme": "tiered", "tiers": tiers, "currency_options": {"eur": {"tiers": euros}}}
    graduated = shop.price(**shape, tiers_mode="graduated")
    volume = shop.price(**shape, tiers_mode="volume", recurring={"interval": "year"})
    for price in (graduated, volume):
        shop.subscribe((price, 10))
        shop.subscribe((price, 12))
        shop.subscribe((price, 11), currency="eur")
    found = counted(client, step("graduated", graduated), step("volume", volume))
    # 500 + 10 × 1000; 500 + 10 × 1000 + 2 × 800; 10 × 900 + 1 × 700
    assert found["Price", "graduated"].monthly_revenue == {"eur": 9700, "usd": 10500 + 12100}
    # 500 + 10 × 1000 and 12 × 800 a year: 20100 / 12 = 1675; 11 × 700 / 12 = 641.67
    assert found["Price", "volume"].monthly_revenue == {"eur": 642, "usd": 1675}


def test_packages(shop: Shop, client: stripe.StripeClient) -> None:
    """A started package is a whole one where the price says so."""
    packs = shop.price(300, transform_quantity={"divide_by": 10, "round": "up"})
    shop.subscribe((packs, 11))
    shop.subscribe((packs, 10))
    assert counted(client, step("packs", packs))["Price", "packs"].monthly_revenue == {"usd": 900}


def test_plan_counts_everybody_once(shop: Shop, client: stripe.StripeClient) -> None:
    """Somebody on two prices of a plan is one customer and one subscription of it, with the revenue of both."""
    seat, extra = shop.price(1000), shop.price(500)
    shop.subscribe((seat, 2), (extra, 1))
    shop.subscribe((extra, 1))
    found = counted(client, step("seat", seat, plan="team"), step("extra", extra, plan="team"))
    assert found["Plan", "team"] == Affected(active=2, seats=4, customers=2, monthly_revenue={"usd": 3000})


def test_product_that_goes_counts_its_retired_prices(shop: Shop, client: stripe.StripeClient) -> None:
    """Who is on an archived price that no program has any more loses the product as well."""
    seat, retired = shop.price(1000), shop.price(900)
    shop.subscribe((seat, 1))
    shop.subscribe((retired, 2))
    client.v1.prices.update(retired, {"active": False})
    gone = Step("Product", "team", "delete", object_id=shop.product)
    found = counted(client, gone, step("seat", seat, "delete"))
    assert found == {
        ("Price", "seat"): Affected(active=1, seats=1, customers=1, monthly_revenue={"usd": 1000}),
        ("Product", "team"): Affected(active=2, seats=3, customers=2, monthly_revenue={"usd": 2800}),
    }


def test_only_what_customers_feel_is_counted(shop: Shop, client: stripe.StripeClient) -> None:
    """A new name affects nobody; a shorter trial, a lower limit, a lost feature, seats and an archived price do."""
    felt = (
        "trial_days",
        "limits.projects.included",
        "features[sso]",
        "seats.minimum",
        "active",
        "currency_options.eur",
    )
    prices = {field: shop.price() for field in (*felt, "nickname", "metadata.note", "lookup_key")}
    steps = [step(field, price, "update", changed=(field,)) for field, price in prices.items()]
    assert sorted(key for _, key in counted(client, *steps)) == sorted(felt)
    new = Step("Price", "new", "create", new={"currency": "usd"})
    same = step("same", prices["active"], "same")
    counting, affected = count(change(new, same), client, bound=FAST)
    assert (counting.status, counting.calls, affected) == ("counted", 0, {})
    assert counting.sentence == "Nobody was counted: nothing changes that a customer could be on."
