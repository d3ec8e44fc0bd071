"""What a dry run says: every amount by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from billing_runtime import WrongAccount
from billing_runtime.migration import Plan, Policy, report_schema
from billing_runtime.migration.statement import statement
from tests.billing_runtime.migration.conftest import BEGINNING, Shop

DAY = 86400
GOLDEN = Path(__file__).with_name("report.json")


def planned(shop: Shop, target: str | None = None, **policy: Any) -> Plan:
    """The plan away from the old price."""
    return shop.migrations().plan(shop.old, target, Policy(**policy))


def test_a_plan_counts_and_adds_up(shop: Shop) -> None:
    """Subscriptions, customers, seats, trials, revenue before and after, and those who stay."""
    shop.subscribe(3)
    trial = shop.subscribe(7, trial_period_days=5)
    shop.client.v1.subscriptions.cancel(shop.subscribe(2))
    plan = planned(shop)
    assert (len(plan.moves), plan.customers, plan.seats, plan.trialing) == (2, 2, 10, 1)
    [usd] = plan.totals
    assert (usd.before, usd.after) == (12000, 14000)  # 10 seats at 12.00 and at 14.00 USD
    assert [skip.reason for skip in plan.skips] == ["canceled"]
    assert plan.moves[0].subscription == trial
    assert shop.emulator.count(method="POST", path="/v1/subscriptions/*") == 0


def test_a_customer_with_two_subscriptions_is_one(shop: Shop) -> None:
    """Customers are counted by their ids."""
    name = shop.subscribe(1)
    again: Any = {"customer": shop.subscription(name)["customer"], "items": [{"price": shop.old}]}
    shop.client.v1.subscriptions.create(again)
    plan = planned(shop)
    assert (len(plan.moves), plan.customers) == (2, 1)


def test_every_currency_has_its_own_sum(shop: Shop) -> None:
    """Who is in a currency that the new price lacks stays."""
    old = shop.price(1200, currency_options={"eur": {"unit_amount": 1100}, "gbp": {"unit_amount": 1000}})
    new = shop.price(1400, currency_options={"eur": {"unit_amount": 1300}})
    for quantity, currency in ((1, "usd"), (2, "eur"), (4, "gbp")):
        shop.subscribe(quantity, old, currency=currency)
    plan = shop.migrations().plan(old, new, Policy())
    assert [(one.currency, one.before, one.after) for one in plan.totals] == [("eur", 2200, 2600), ("usd", 1200, 1400)]
    assert [skip.reason for skip in plan.skips] == ["other_currency"]


def test_usage_is_counted_without_an_amount(shop: Shop) -> None:
    """What it will cost, nobody knows before; the statement says so."""
    meter: Any = {"display_name": "T", "event_name": "t", "default_aggregation": {"formula": "sum"}}
    recurring = {"interval": "month", "usage_type": "metered", "meter": shop.client.v1.billing.meters.create(meter).id}
    old, new = (shop.price(amount, recurring=recurring) for amount in (4, 5))
    shop.subscribe(None, old)
    plan = shop.migrations().plan(old, new, Policy())
    [usd] = plan.totals
    assert (usd.before, usd.after, usd.seats, plan.moves[0].after.quantity) == (None, None, 0, None)
    assert "Usage is billed when a period ends" in statement(plan)[0]


def test_items_beyond_the_embedded_ones_are_found(shop: Shop) -> None:
    """Stripe embeds only the first items of a subscription; the one that moves may be a later one."""
    name = shop.subscribe(1, shop.price(100))
    item: Any = {"subscription": name, "price": shop.old, "quantity": 5}
    wanted = shop.client.v1.subscription_items.create(item).id
    body = shop.subscription(name)
    body["items"] |= {"data": body["items"]["data"][:1], "has_more": True}
    page = {"object": "list", "data": [body], "has_more": False, "url": "/v1/subscriptions"}
    shop.emulator.fail_next(200, path="/v1/subscriptions", method="GET", body=page)
    plan = planned(shop)
    assert [(move.item, move.before.quantity) for move in plan.moves] == [(wanted, 5)]


def test_a_limit_leaves_the_rest(shop: Shop) -> None:
    """The plan has so many and says how many more there are."""
    for _ in range(3):
        shop.subscribe()
    plan = planned(shop, limit=2)
    assert (len(plan.moves), plan.beyond_limit) == (2, 1)


def test_only_some_customers_are_asked_for(shop: Shop) -> None:
    """One request for each of them, instead of all pages."""
    wanted = shop.subscription(shop.subscribe())["customer"]
    shop.subscribe()
    shop.emulator.clear_requests()
    plan = planned(shop, only=(wanted,))
    assert [move.customer for move in plan.moves] == [wanted]
    assert shop.emulator.count(method="GET", path="/v1/subscriptions") == 1
    assert [skip.reason for skip in planned(shop, exclude=(wanted,)).skips] == ["excluded"]


@pytest.mark.parametrize(("proration", "due"), [("none", 0), ("create_prorations", 286), ("always_invoice", 286)])
def test_what_the_move_itself_would_bill(shop: Shop, proration: str, due: int) -> None:
    """20 of 28 days are left: 2 seats at 14.00 less 2 at 12.00 USD of it, 20.00 − 17.14; a trial is billed nothing."""
    shop.subscribe(2)
    shop.subscribe(5, trial_period_days=20)
    shop.now = BEGINNING + 8 * DAY
    assert planned(shop, proration=proration).estimate() == {"usd": due}


@pytest.mark.parametrize(("proration", "due"), [("none", 12000), ("create_prorations", 11143)])
def test_another_interval_is_billed_at_once(shop: Shop, proration: str, due: int) -> None:
    """The year of 120.00 USD, less the rest of the month (20 of 28 days of 12.00, 8.57) unless nothing is prorated."""
    yearly = shop.price(12000, recurring={"interval": "year"})
    shop.subscribe(1)
    shop.now = BEGINNING + 8 * DAY
    plan = planned(shop, yearly, allow_interval_change=True, proration=proration)
    assert plan.estimate() == {"usd": due}
    assert (plan.totals[0].before, plan.totals[0].after) == (1200, 1000)  # 120.00 a year is 10.00 a month
    said = " ".join(statement(plan))
    assert "begins a new period at the move" in said
    assert ("is not credited" in said) is (proration == "none")


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ({}, "Nothing is billed or credited by the move itself"),
        ({"proration": "create_prorations"}, "both come with the next invoice"),
        ({"proration": "always_invoice"}, "on an invoice that is made and collected at once"),
    ],
)
def test_the_billing_is_stated(shop: Shop, policy: dict[str, Any], says: str) -> None:
    """In words; amounts that are only estimated are called so."""
    shop.subscribe(2)
    shop.now = BEGINNING + 8 * DAY
    said = " ".join(statement(planned(shop, **policy)))
    assert says in said
    assert ("estimate as of now, without tax" in said) is bool(policy)


def test_another_accounts_key_is_refused(shop: Shop) -> None:
    """Before anything is looked at."""
    with pytest.raises(WrongAccount, match="is for Stripe account acct_emulator, the key belongs to acct_other"):
        shop.migrations(api_key="sk_test_other").plan(shop.old, None, Policy())


def test_the_report_is_as_published(shop: Shop) -> None:
    """A dry run's JSON, ids replaced, byte for byte as the golden file has it."""
    names = {shop.old: "price_old", shop.new: "price_new"}
    for quantity in (3, 1):
        subscription = shop.subscription(shop.subscribe(quantity))
        names |= {subscription["id"]: f"sub_{quantity}", subscription["customer"]: f"cus_{quantity}"}
    ended = shop.subscribe()
    names[ended] = "sub_ended"
    shop.client.v1.subscriptions.cancel(ended)
    shop.archive()
    document = shop.migrations().report(shop.migrations().plan("team.monthly", None, Policy())).as_json()
    Draft202012Validator.check_schema(report_schema())
    Draft202012Validator(report_schema()).validate(document)
    text = json.dumps(document, indent=2) + "\n"
    for real, shown in names.items():
        text = text.replace(real, shown)
    assert text == GOLDEN.read_text(encoding="utf-8")
