"""What customers have: limits, what happens beyond them, and features."""

from __future__ import annotations

from typing import Any

import pytest

from billing_review.report import Affected
from billing_review.steps import Plan
from tests.billing_review.judgement.changes import YEAR, change, findings, price, replaced, step, told, unchanged

LATER = ", for new customers; who has the old price keeps what it includes."
AT_ONCE = ", at once, for who is on it and for new customers."


def limited(included: Any, per: str | None = None, overage: str | None = None, **over: Any) -> dict[str, Any]:
    """A price with a limit on tokens."""
    more = {name: value for name, value in (("per", per), ("overage", overage)) if value is not None}
    return price(limits={"tokens": {"included": included, **more}}, **over)


def staying(most: Any, periods: Any, **parts: Any) -> dict[str, Any]:
    """A price with a limit of which something stays beyond its window."""
    return price(limits={"tokens": {"included": 9, "rollover": {"max": most, "periods": periods}, **parts}})


def carrying(carry: str | None) -> dict[str, Any]:
    """A price with a limit that says what a change of plan makes of what is used."""
    return price(limits={"tokens": {"included": 9, **({} if carry is None else {"carry": carry})}})


STAYED = "what is left over of a window is gone, before it stayed for further ones"
LOWERED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "fewer": (limited(1000), limited(500), "500 instead of 1,000 per billing period"),
    "not unlimited": (limited("unlimited"), limited(500), "500 per billing period instead of unlimited"),
    "none": (limited(1000), limited(0), "0 instead of 1,000 per billing period"),
    "gone": (limited(1000), price(), "no longer stated, before 1,000 per billing period"),
    "fewer a month than a day": (
        limited(100, "day"),
        limited(1000, "month"),
        "1,000 per month instead of 100 per day, which would be about 3,042 in that time",
    ),
    "fewer an hour": (
        limited(2400, "day"),
        limited(99, "hour"),
        "99 per hour instead of 2,400 per day, which would be 100 in that time",
    ),
    "less at a time": (
        limited(1000, "month"),
        limited(100, "day"),
        "100 per day instead of 1,000 per month, more in all but less at a time",
    ),
    "as much": (
        limited(24, "day"),
        limited(1, "hour"),
        "1 per hour instead of 24 per day, as much in all but less at a time",
    ),
    "the same a year": (
        limited(1000),
        limited(1000, recurring=YEAR),
        (
            "1,000 per billing period (year) instead of 1,000 per billing period (month), which would be 12,000 in "
            "that time"
        ),
    ),
    "once and for all": (limited(1000, "month"), limited(5000, "lifetime"), "5,000 in all instead of 1,000 per month"),
    "fewer in all": (limited(50, "lifetime"), limited(20, "lifetime"), "20 instead of 50 in all"),
    "refused": (
        limited(1000, overage="allow"),
        limited(1000),
        "what is beyond 1,000 per billing period is refused, before it was let through",
    ),
    "no longer billed": (
        limited(1000, overage="bill"),
        limited(2000),
        "what is beyond 2,000 per billing period is refused, before it was billed",
    ),
    "nothing stays": (staying(5, 2), limited(9), STAYED),
    "none of it stays": (staying("unlimited", 2), staying(0, 2), STAYED),
    "not all of it stays": (
        staying("unlimited", 2),
        staying(1500, 3),
        "at most 1,500 stay for further windows, before all did",
    ),
    "less of it stays": (
        staying(2000, 2),
        staying(1500, 2),
        "at most 1,500 stay for further windows, before 2,000 did",
    ),
    "it stays for less": (staying(5, 3), staying(5, 2), "what is left over stays for 2 windows, before 3"),
    "plans share": (
        carrying(None),
        carrying("prorate"),
        "a change of plan gives a share of the window, before it gave the whole less what was used",
    ),
    "what was used counts": (
        carrying("reset"),
        carrying("carry"),
        "a change of plan gives the whole less what was used, before it gave the whole anew",
    ),
}


@pytest.mark.parametrize("name", LOWERED)
def test_a_lower_limit_is_told_in_its_windows(name: str) -> None:
    """What there is, what there was, and what that would be in the new window."""
    old, new, words = LOWERED[name]
    assert told(change(replaced(old, new)), "limit-lowered") == [f"team.monthly: tokens: {words}{LATER}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (limited(1000), limited(1001)),
        (limited(1000), limited("unlimited")),
        (limited("unlimited"), limited("unlimited", "day")),
        (limited(1000, "month"), limited(1000, "day")),
        (limited(24, "day"), limited(24, "hour", overage="allow")),
        (limited(1000), limited(12000, recurring=YEAR)),
        (limited(20, "lifetime"), limited(20, "month")),
        (price(), limited(1000)),
        (limited(1000), limited(1000, overage="allow")),
        (limited(1000.0), limited(1000, "period", "block")),
        (limited(9), staying(5, 2)),
        (staying(5, 2), staying("unlimited", 2.0)),
        (staying(0, 2), limited(9)),
        (staying("unlimited", 2), staying("unlimited", 2, thresholds=[80], carry="carry")),
        (staying("some", "few"), limited(9)),
        (price(limits={"tokens": {"included": 9, "rollover": "5/2"}}), limited(9)),
        (carrying("prorate"), carrying(None)),
        (carrying(None), carrying("reset")),
        (carrying("keep"), carrying("prorate")),
    ],
)
def test_as_much_or_more_is_nothing(old: dict[str, Any], new: dict[str, Any]) -> None:
    """More, more often, for longer, or the same in other words."""
    assert told(change(replaced(old, new)), "limit-lowered") == []


def test_a_limit_that_changes_in_place_is_lowered_for_customers() -> None:
    """The price stays, so whoever has it has less at once."""
    changed = change(step("Price", "team.monthly", limited(1000), limited(500)))
    counted = {("Price", "team.monthly"): Affected(active=37, seats=412)}
    (finding,) = findings(changed, "limit-lowered", counted)
    assert finding.sentence == (
        "team.monthly: tokens: 500 instead of 1,000 per billing period, at once, for who is on it (37 active "
        "subscriptions (412 seats)) and for new customers."
    )
    assert finding.advice.startswith("Make a new price instead of changing this one")


def test_what_a_plans_prices_lose_alike_is_told_once() -> None:
    """The plan, its prices by name, and both limits."""
    old, new = ({"a": {"included": n}, "b": n} for n in (1000, 500))
    steps = [step("Price", key, price(limits=old), price(limits=new)) for key in ("team.monthly", "team.yearly")]
    product = step("Product", "team", {"name": "Team"}, {"name": "Team"})
    plan = Plan("team", {"limits": old}, {"limits": new})
    (finding,) = findings(change(product, *steps, plans=(plan,)), "limit-lowered")
    assert (finding.kind, finding.key) == ("Product", "team")
    assert finding.sentence == (
        "Team (team.monthly and team.yearly): a: 500 instead of 1,000 per billing period; b: 500 instead of 1,000 per "
        f"billing period{AT_ONCE}"
    )


def test_what_one_price_loses_alone_is_told_at_the_price() -> None:
    """And those who keep theirs are told apart from those who lose it at once."""
    steps = [step("Price", "team.a", limited(9), limited(8)), replaced(limited(9), limited(8), "team.b")]
    assert told(change(*steps), "limit-lowered") == [
        f"team.a: tokens: 8 instead of 9 per billing period{AT_ONCE}",
        f"team.b: tokens: 8 instead of 9 per billing period{LATER}",
    ]


def test_a_free_plan_has_no_price_and_is_told() -> None:
    """Whoever has no subscription has less at once."""
    plan = Plan("free", {"limits": {"projects": {"included": 3, "per": "lifetime"}}}, {"limits": {"projects": 1}})
    product = step("Product", "free", {"name": "Free"}, {"name": "Free"})
    (sentence,) = told(change(product, plans=(plan,)), "limit-lowered")
    assert sentence == f"Free: projects: 1 per billing period instead of 3 in all{AT_ONCE}"


def test_usage_that_is_billed_from_now_on_is_told() -> None:
    """Customers who stopped at the limit run up a bill."""
    changed = change(replaced(limited(1000), limited(1000, overage="bill")))
    assert told(changed, "overage-billed") == [
        f"team.monthly: tokens: what is beyond 1,000 per billing period is billed, before it was refused{LATER}"
    ]


def test_usage_that_was_billed_is_nothing_new() -> None:
    """Nor is a limit that comes with its bill, nor one that is let through."""
    for old, overage in ((limited(1000, overage="bill"), "bill"), (price(), "bill"), (limited(1000), "allow")):
        assert told(change(replaced(old, limited(900, overage=overage))), "overage-billed") == []


def test_a_removed_feature_is_told() -> None:
    """With what it said."""
    old = price(features={"sso": "included", "support": "24/7", "logo": ""})
    changed = change(replaced(old, price(features={"logo": ""})))
    assert told(changed, "feature-removed") == [f"team.monthly: sso and support (24/7) are no longer included{LATER}"]


def test_other_words_for_a_feature_are_nothing() -> None:
    """Nor is a new one."""
    old, new = price(features={"sso": "included"}), price(features={"sso": "yes", "support": "24/7"})
    assert told(change(replaced(old, new)), "feature-removed") == []


def test_an_entitlement_that_goes_is_told_by_its_name() -> None:
    """Stripe takes it from every customer of the product."""
    attached = step("ProductFeature", "team.sso", {"product": "team", "entitlement_feature": "sso"}, None)
    feature = unchanged("Feature", "sso", {"lookup_key": "sso", "name": "Single sign-on"})
    product = step("Product", "team", {"name": "Team"}, {"name": "Team"})
    assert told(change(product, feature, attached), "feature-removed") == [
        "Team: no longer entitles to Single sign-on."
    ]


def test_the_entitlements_of_a_product_that_goes_go_without_saying() -> None:
    """The product is told already."""
    attached = step("ProductFeature", "team.sso", {"product": "team", "entitlement_feature": "sso"}, None)
    assert told(change(step("Product", "team", {"name": "Team"}, None), attached), "feature-removed") == []
