"""Credits that are bought: on checkout pages and on invoices, once, however often and in whatever order it is told."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import InvalidInput, TopUp, UnknownName
from tests.billing_runtime.credits.paid.conftest import BACK, OTHER, PACK, SEAT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing_runtime.credits.paid.conftest import Shop

Json = dict[str, Any]


def subscribed(shop: Shop, quantity: int = 2) -> str:
    """A subscription whose seats buy credits; its id."""
    customer = shop.billing.customers.require("org_1").id
    items: Any = [{"price": shop.price(SEAT), "quantity": quantity}]
    return shop.client.v1.subscriptions.create({"customer": customer, "items": items}).id


def test_a_page_that_was_paid_grants(shop: Shop) -> None:
    """What a page has sold must be granted when it is paid: its units for each 1 of the quantity, once."""
    session = shop.buy(3)
    shop.hear()
    assert shop.left() == 300
    (grant,) = shop.billing.credits.balance("org_1", "credits").grants
    assert grant.source.startswith(f"{session['id']}/li_")
    shop.hear()
    shop.again(shop.events("checkout.session.completed"))
    assert shop.kinds() == [("granted", 300)]
    assert shop.billing.consume("org_1", "credits", 300)


def test_a_page_whose_payment_takes_days(shop: Shop) -> None:
    """Until a debit has arrived nothing may be granted; one that comes back never is."""
    for outcome in ("succeed", "fail"):
        page: Any = {
            "mode": "payment",
            "customer": shop.billing.customers.require("org_1").id,
            "line_items": [{"price": shop.price(PACK), "quantity": 1}],
            "allowed_payment_method_types": ["us_bank_account"],
            "success_url": BACK,
        }
        name = shop.client.v1.checkout.sessions.create(page).id
        shop.emulator.complete_checkout(name, payment_method="pm_usBankAccount_success")
        before = shop.left()
        shop.hear()
        assert (shop.session(name)["payment_status"], shop.left()) == ("unpaid", before)
        shop.emulator.settle(shop.session(name)["payment_intent"], outcome)
        shop.hear()
        assert shop.left() == 100


def test_a_page_that_leaves_an_invoice(shop: Shop) -> None:
    """Told of by the page's event and by its invoice's, in either order, one purchase must grant once."""
    page = shop.client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "customer": shop.billing.customers.require("org_1").id,
            "line_items": [{"price": shop.price(PACK), "quantity": 1}],
            "invoice_creation": {"enabled": True},
            "success_url": BACK,
        }
    )
    shop.emulator.complete_checkout(page.id)
    told = shop.events("checkout.session.completed", "invoice.paid")
    assert len(told) == 2
    shop.hear(told[:1])
    shop.hear(told)
    shop.again(told[::-1])
    assert shop.kinds() == [("granted", 100)]
    assert shop.billing.credits.balance("org_1", "credits").grants[0].source.startswith("in_")


def test_a_subscription_grants_once_for_each_renewal(shop: Shop) -> None:
    """Its first invoice and each renewal must grant; what is changed in between must not, to and fro."""
    subscription = subscribed(shop)
    shop.hear()
    assert shop.left() == 20
    item = shop.client.v1.subscriptions.retrieve(subscription)["items"].data[0].id
    for quantity in (5, 2, 5):
        changed: Any = {"items": [{"id": item, "quantity": quantity}], "proration_behavior": "always_invoice"}
        shop.client.v1.subscriptions.update(subscription, changed)
    shop.hear()
    reasons = [one["data"]["object"]["billing_reason"] for one in shop.events("invoice.paid")]
    assert reasons.count("subscription_update") >= 2
    assert shop.left() == 20
    shop.emulator.clock.advance(32 * 86400)
    shop.emulator.clock.run()
    shop.hear()
    assert shop.kinds() == [("granted", 20), ("granted", 50)]


def test_a_part_of_a_period_grants_nothing(shop: Shop) -> None:
    """Prorations that wait for the renewal's invoice must not grant; the renewal itself does, for every seat."""
    subscription = subscribed(shop)
    shop.hear()
    item = shop.client.v1.subscriptions.retrieve(subscription)["items"].data[0].id
    shop.client.v1.subscriptions.update(subscription, {"items": [{"id": item, "quantity": 6}]})
    shop.emulator.clock.advance(32 * 86400)
    shop.emulator.clock.run()
    shop.hear()
    lines = shop.events("invoice.paid")[-1]["data"]["object"]["lines"]["data"]
    assert sum(line["parent"]["subscription_item_details"]["proration"] for line in lines) == 2
    assert sorted(shop.kinds()) == [("granted", 20), ("granted", 60)]


def test_a_period_that_begins_anew_grants_nothing(shop: Shop) -> None:
    """A whole period that is billed because somebody changed something must not grant what a renewal grants."""
    subscription = subscribed(shop)
    shop.emulator.clock.advance(3 * 86400)
    anew: Any = {"billing_cycle_anchor": {"type": "now"}, "proration_behavior": "none"}
    shop.client.v1.subscriptions.update(subscription, anew)
    shop.hear()
    told = [one["data"]["object"] for one in shop.events("invoice.paid")]
    assert [one["billing_reason"] for one in told] == ["subscription_create", "subscription_update"]
    assert told[1]["amount_paid"] == 2400
    assert shop.kinds() == [("granted", 20)]


def test_a_trial_grants_nothing(shop: Shop) -> None:
    """Nothing was paid for a trial, so that nothing is granted before it ends."""
    shop.billing.subscribe("org_1", price=SEAT, quantity=2, trial_days=14)
    shop.hear()
    assert [one["data"]["object"]["status"] for one in shop.events("invoice.paid")] == ["paid"]
    assert shop.kinds() == []


def test_an_invoice_by_hand(shop: Shop) -> None:
    """What is paid once must grant on any invoice, a recurring price on none that was made by hand."""
    shop.invoice((PACK, 2), (OTHER, 1))
    shop.hear()
    assert shop.kinds() == [("granted", 200)]


def test_what_is_not_paid_grants_nothing(shop: Shop) -> None:
    """An invoice that is open, or given up, must not grant; the same invoice does when it is paid after all."""
    invoice = shop.invoice((PACK, 1), pay=False)
    shop.client.v1.invoices.finalize_invoice(invoice["id"])
    shop.hear()
    assert shop.kinds() == []
    shop.client.v1.invoices.pay(invoice["id"], {"paid_out_of_band": True})
    shop.hear()
    assert shop.kinds() == [("granted", 100)]


@pytest.mark.parametrize("reasons", [frozenset({"manual"}), frozenset({"subscription_cycle"})])
def test_other_reasons_may_be_chosen(open_shop: Callable[..., Shop], reasons: frozenset[str]) -> None:
    """An application must be able to say for which reasons of invoices a price grants."""
    shop = open_shop({PACK: TopUp("credits", 100, reasons=reasons)})
    shop.customer()
    shop.invoice((PACK, 1))
    shop.hear()
    assert shop.left() == (100 if "manual" in reasons else 0)


def test_a_full_discount_is_a_gift(shop: Shop) -> None:
    """A pack that a coupon pays for was bought all the same."""
    coupon = shop.client.v1.coupons.create({"percent_off": 100, "duration": "once"})
    page = shop.client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "customer": shop.billing.customers.require("org_1").id,
            "line_items": [{"price": shop.price(PACK), "quantity": 1}],
            "discounts": [{"coupon": coupon.id}],
            "success_url": BACK,
        }
    )
    shop.emulator.complete_checkout(page.id)
    shop.hear()
    assert shop.session(page.id)["payment_status"] == "no_payment_required"
    assert shop.left() == 100


def test_an_invoice_with_many_lines(shop: Shop) -> None:
    """Lines beyond the first page must grant as well."""
    shop.invoice(*[(OTHER, 1)] * 11, (PACK, 1), (PACK, 4))
    shop.hear()
    assert sorted(shop.kinds()) == [("granted", 100), ("granted", 400)]


def test_credits_end_some_time_after_the_payment(open_shop: Callable[..., Shop]) -> None:
    """The end must count from the payment, however late it is heard of; priority is the top-up's."""
    shop = open_shop({PACK: TopUp("limits:credits", 100, expires_in=timedelta(days=30), priority=7)})
    shop.customer()
    invoice = shop.invoice((PACK, 1))
    shop.hear()
    (grant,) = shop.billing.credits.balance("org_1", "credits").grants
    assert grant.expires_at is not None
    assert grant.expires_at.timestamp() == invoice["status_transitions"]["paid_at"] + 30 * 86400
    assert grant.priority == 7


def test_a_replaced_price_still_buys(shop: Shop) -> None:
    """A price that the catalog has replaced since must buy what its name buys; others' prices buy nothing."""
    product = shop.data["products"]["alpaca-ai"]["id"]
    marks = {"billing:stack": "shop/dev", "billing:key": PACK, "billing:type": "one_time"}
    once: Any = {"product": product, "currency": "usd", "unit_amount": 900}
    shop.data["prices"]["old"] = {"id": shop.client.v1.prices.create(once | {"metadata": marks}).id}
    shop.data["prices"]["foreign"] = {"id": shop.client.v1.prices.create(once).id}
    shop.invoice(("old", 1), ("foreign", 1))
    shop.hear()
    assert shop.kinds() == [("granted", 100)]


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_any_repetition(shop: Shop, seed: int) -> None:
    """Everything that Stripe tells, shuffled and repeated, must grant the same."""
    shop.buy(1)
    shop.invoice((PACK, 2))
    subscribed(shop, 3)
    told = shop.events()
    told += [event | {"id": f"{event['id']}again"} for event in told]
    random.Random(seed).shuffle(told)  # noqa: S311 - an order that can be had again
    for event in told:
        shop.hear([event])
    assert sorted(shop.kinds()) == [("granted", 30), ("granted", 100), ("granted", 200)]


@pytest.mark.parametrize(
    ("top_ups", "error", "match"),
    [
        ({"alpaca-ai.pac": TopUp("credits", 1)}, UnknownName, "did you mean 'alpaca-ai.pack'"),
        ({PACK: TopUp("credit", 1)}, UnknownName, "did you mean 'credits'"),
        ({"alpaca-ai.tokens": TopUp("credits", 1)}, InvalidInput, "must neither be metered"),
    ],
)
def test_settings_that_cannot_work(open_shop: Callable[..., Shop], top_ups: Any, error: Any, match: str) -> None:
    """Prices and names that are not there, or cannot buy, must be refused when the application opens."""
    with pytest.raises(error, match=match):
        open_shop(top_ups)


@pytest.mark.parametrize(
    "facts",
    [
        {"units": 0},
        {"units": 1.5},
        {"priority": 101},
        {"expires_in": timedelta(0)},
        {"reasons": "manual"},
        {"name": ""},
    ],
)
def test_top_ups_that_cannot_be_meant(facts: dict[str, Any]) -> None:
    """Each must be refused where it is written."""
    given: dict[str, Any] = {"name": "credits", "units": 1, **facts}
    with pytest.raises(InvalidInput):
        TopUp(**given)
