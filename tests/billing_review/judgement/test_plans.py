"""Plans and prices that go, and those who are left behind."""

from __future__ import annotations

from typing import Any

import pytest

from billing_review.report import Affected
from billing_review.steps import Plan
from tests.billing_review.judgement.changes import YEAR, change, price, replaced, step, told, worse

TEAM = {"name": "Team"}
GONE = step("Product", "team", TEAM, None)
MONTHLY = step("Price", "team.monthly", price(), None, object_id="price_1")
YEARLY = step("Price", "team.yearly", price(unit_amount=12000, recurring=YEAR), None)
NOBODY = {("Price", "team.monthly"): Affected(), ("Price", "team.yearly"): Affected()}
SOLD = "Team: the plan goes, sold so far for 12.00 USD per month and 120.00 USD per year"


def test_a_plan_that_goes_while_customers_are_on_it_is_high() -> None:
    """Everybody on any of its prices."""
    counted = {
        ("Price", "team.monthly"): Affected(active=30, past_due=1, seats=200),
        ("Price", "team.yearly"): Affected(active=7, seats=12),
    }
    changed = change(GONE, MONTHLY, YEARLY, plans=(Plan("team", TEAM, None),))
    assert told(changed, "plan-removed", counted) == [
        f"{SOLD}; 37 active and 1 past-due subscriptions (212 seats) stay on its old prices."
    ]
    assert worse(changed, "plan-removed", counted) == ["high"]


def test_a_plan_nobody_counted_is_medium() -> None:
    """A plan of Pulumi names no plans: a product that was subscribed to is one."""
    changed = change(GONE, MONTHLY, YEARLY)
    assert told(changed, "plan-removed") == [f"{SOLD}; nobody has counted who is on it."]
    assert worse(changed, "plan-removed") == ["medium"]


def test_a_plan_that_was_counted_and_is_empty_may_go() -> None:
    """But not where counting stopped early, or left out a price."""
    changed = change(GONE, MONTHLY, YEARLY)
    assert told(changed, "plan-removed", NOBODY) == []
    stopped = {**NOBODY, ("Price", "team.yearly"): Affected(complete=False)}
    assert len(told(changed, "plan-removed", stopped)) == 1
    assert len(told(changed, "plan-removed", {("Price", "team.monthly"): Affected()})) == 1


def test_a_product_that_was_sold_once_is_no_plan() -> None:
    """Nobody is on it; nor on a plan that stays."""
    once = step("Price", "team.setup", price(recurring=None), None)
    assert told(change(GONE, once), "plan-removed") == []
    assert (
        told(change(step("Product", "team", TEAM, TEAM), MONTHLY, plans=(Plan("team", TEAM, TEAM),)), "plan-removed")
        == []
    )


def test_a_plan_without_prices_is_told() -> None:
    """Sold by hand, or by whatever the program does not declare."""
    changed = change(step("Product", "big", {"name": "Enterprise"}, None), plans=(Plan("big", {}, None),))
    assert told(changed, "plan-removed") == ["Enterprise: the plan goes."]


def test_a_price_that_is_archived_is_told() -> None:
    """More serious where customers are on it."""
    changed = change(step("Product", "team", TEAM, TEAM), MONTHLY)
    assert told(changed, "price-removed") == [
        "Team, monthly fee (12.00 USD per month) is archived and not for sale any more."
    ]
    assert worse(changed, "price-removed") == ["low"]
    counted = {("Price", "team.monthly"): Affected(active=1, complete=False)}
    assert told(changed, "price-removed", counted) == [
        (
            "Team, monthly fee (12.00 USD per month) is archived and not for sale any more; at least 1 active "
            "subscription stay on it."
        )
    ]
    assert worse(changed, "price-removed", counted) == ["medium"]


def test_a_price_with_a_successor_is_not_removed() -> None:
    """Replaced, renamed with its lookup key, or gone with its plan."""
    key = {"lookup_key": "team"}
    renamed = change(step("Price", "team.a", price(**key), None), step("Price", "team.b", None, price(**key)))
    for changed in (renamed, change(replaced(price(), price(unit_amount=1))), change(GONE, MONTHLY)):
        assert told(changed, "price-removed") == []


def free(audience: list[str] | None = None, **over: Any) -> dict[str, Any]:
    """A free plan."""
    return {"name": "Free", "free": True, **({"audience": audience} if audience else {}), **over}


LEFT: dict[str, tuple[tuple[Plan, ...], str]] = {
    "gone": ((Plan("free", free(), None),), "users and organizations"),
    "not free any more": ((Plan("free", free(), free(free=False)),), "users and organizations"),
    "narrower": ((Plan("free", free(), free(["user"])),), "organizations"),
    "half replaced": (
        (Plan("free", free(), None), Plan("start", None, free(["organization"]))),
        "users",
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_who_has_no_plan_any_more_is_told(name: str) -> None:
    """Without a subscription they had the free plan."""
    plans, who = LEFT[name]
    changed = change(step("Product", "free", {"name": "Free"}, {"name": "Free"}), plans=plans)
    assert told(changed, "audience-without-plan") == [
        f"Free: {who} without a subscription have no plan any more, this was theirs."
    ]
    assert worse(changed, "audience-without-plan") == ["high"]
    assert told(changed, "plan-removed") == []


@pytest.mark.parametrize(
    "plans",
    [
        (Plan("free", free(), free(name="Start")),),
        (Plan("free", free(["user"]), free()),),
        (Plan("free", free(), None), Plan("start", None, free())),
        (Plan("team", TEAM, None),),
    ],
)
def test_who_has_another_plan_is_left_alone(plans: tuple[Plan, ...]) -> None:
    """Renamed, widened, replaced; and a plan that was never free."""
    assert told(change(plans=plans), "audience-without-plan") == []


def test_a_plan_that_is_not_for_everybody_any_more_is_told() -> None:
    """For whom not."""
    plans = (Plan("team", TEAM, {**TEAM, "audience": ["organization"]}),)
    assert told(change(step("Product", "team", TEAM, TEAM), plans=plans), "audience-narrowed") == [
        "Team: not for users any more."
    ]


def test_a_plan_for_more_people_is_nothing() -> None:
    """Nor is the same audience in other words, nor a plan that goes."""
    user = {**TEAM, "audience": ["user"]}
    both = {**TEAM, "audience": ["user", "organization"]}
    for plan in (
        Plan("team", user, both),
        Plan("team", both, TEAM),
        Plan("team", both, None),
        Plan("team", None, user),
    ):
        assert told(change(plans=(plan,)), "audience-narrowed") == []


def portal(*prices: str, enabled: bool = True) -> dict[str, Any]:
    """A portal that lets customers switch to these prices of the team."""
    update = {"enabled": enabled, "products": [{"product": "team", "prices": list(prices)}]}
    return {"features": {"subscription_update": update}}


def test_a_portal_that_offers_what_is_archived_is_told() -> None:
    """By its name in the program, or by the id of a price that is replaced."""
    offers = step("PortalConfiguration", "main", portal("team.monthly"), portal("team.monthly"))
    assert told(change(offers, MONTHLY), "portal-archived-price") == [
        "main: the portal offers team.monthly (12.00 USD per month), which is archived."
    ]
    by_id = step("PortalConfiguration", "main", None, portal("price_1", "team.yearly"))
    old = replaced(price(), price(unit_amount=1400), object_id="price_1")
    assert told(change(by_id, old, YEARLY), "portal-archived-price") == [
        (
            "main: the portal offers price_1 (12.00 USD per month) and team.yearly (120.00 USD per year), which are "
            "archived."
        )
    ]


def test_a_portal_that_names_a_replaced_price_follows_it() -> None:
    """A name stands for the successor; a portal that goes, or that is off, offers nothing."""
    names = step("PortalConfiguration", "main", portal("team.monthly"), portal("team.monthly"))
    assert told(change(names, replaced(price(), price(unit_amount=1400))), "portal-archived-price") == []
    for other in (portal("team.monthly", enabled=False), None):
        gone = step("PortalConfiguration", "main", portal("team.monthly"), other)
        assert told(change(gone, MONTHLY), "portal-archived-price") == []
