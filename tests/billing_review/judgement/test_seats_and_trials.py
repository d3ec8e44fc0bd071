"""How many seats are billed at least and had at most, and how long customers try."""

from __future__ import annotations

from billing_review.report import Affected
from tests.billing_review.judgement.changes import change, price, replaced, step, told, volume, worse


def seated(
    minimum: int | None = None, maximum: int | None = None, mode: str = "follow", **over: object
) -> dict[str, object]:
    """12.00 USD per seat and month."""
    bounds = {name: value for name, value in (("minimum", minimum), ("maximum", maximum)) if value is not None}
    return price(seats={"mode": mode, **bounds}, **over)


def test_a_higher_minimum_is_told_with_the_smallest_bill() -> None:
    """A team of one pays for five; whoever has the old price does not."""
    changed = change(replaced(seated(), seated(5)))
    assert told(changed, "seat-minimum-changed") == [
        (
            "team.monthly: at least 5 seats are billed instead of 1, so the smallest bill is 60.00 USD per month, "
            "before 12.00 USD."
        )
    ]
    assert worse(changed, "seat-minimum-changed") == ["medium"]


def test_a_minimum_that_changes_in_place_is_for_everybody() -> None:
    """The price stays, so customers who have it are billed for more."""
    changed = change(step("Price", "team.monthly", seated(2), seated(5)))
    counted = {("Price", "team.monthly"): Affected(active=3, seats=9)}
    assert told(changed, "seat-minimum-changed", counted) == [
        (
            "team.monthly: at least 5 seats are billed instead of 2, so the smallest bill is 60.00 USD per month, "
            "before 24.00 USD; also for who has it (3 active subscriptions (9 seats)), with the next change of "
            "their seats."
        )
    ]


def test_a_lower_minimum_is_only_worth_knowing() -> None:
    """Small teams pay less."""
    changed = change(replaced(seated(5), seated()))
    assert told(changed, "seat-minimum-changed") == [
        (
            "team.monthly: at least 1 seat is billed instead of 5, so the smallest bill is 12.00 USD per month, before "
            "60.00 USD."
        )
    ]
    assert worse(changed, "seat-minimum-changed") == ["info"]


def test_tiers_decide_about_the_smallest_bill() -> None:
    """By the tier that the minimum falls into."""
    tiers = ((4, 1200), ("inf", 1000))
    old, new = (volume(*tiers, seats={"mode": "follow", "minimum": least}) for least in (2, 5))
    assert told(change(replaced(old, new)), "seat-minimum-changed") == [
        (
            "team.monthly: at least 5 seats are billed instead of 2, so the smallest bill is 50.00 USD per month, "
            "before 24.00 USD."
        )
    ]


def test_the_same_minimum_is_none() -> None:
    """One, written or not; another amount; and a price that has no seats."""
    for old, new in ((seated(), seated(1)), (seated(5), seated(5, unit_amount=1300)), (price(), price(unit_amount=1))):
        assert told(change(replaced(old, new)), "seat-minimum-changed") == []


def test_fewer_seats_at_most_are_told() -> None:
    """Members beyond them are refused."""
    assert told(change(replaced(seated(1, 50), seated(1, 20))), "seat-terms-changed") == [
        "team.monthly: 20 seats can be had at most, before 50."
    ]
    assert told(change(replaced(seated(), seated(1, 1000))), "seat-terms-changed") == [
        "team.monthly: 1,000 seats can be had at most, before any number."
    ]


def test_another_mode_is_told() -> None:
    """Who decides about the quantity."""
    assert told(change(replaced(seated(), seated(mode="purchased"))), "seat-terms-changed") == [
        "team.monthly: seats are bought (purchased), before those of the members (follow)."
    ]


def test_more_seats_at_most_are_nothing() -> None:
    """Nor is no bound any more."""
    for old, new in ((seated(1, 20), seated(1, 50)), (seated(1, 20), seated())):
        assert told(change(replaced(old, new)), "seat-terms-changed") == []


def test_a_shorter_trial_is_told_with_what_follows_it() -> None:
    """Days before and after, then the amount."""
    changed = change(step("Price", "team.monthly", price(trial_days=14), price(trial_days=7)))
    assert told(changed, "trial-shortened") == [
        "team.monthly: 7 days of free trial instead of 14, then 12.00 USD per month."
    ]


def test_a_removed_trial_is_told() -> None:
    """Customers pay at once; plans spell whole numbers with decimals."""
    changed = change(replaced(price(trial_days=14.0), price(unit_amount=1400)))
    assert told(changed, "trial-shortened") == [
        "team.monthly: no free trial any more instead of 14 days, so 14.00 USD per month at once."
    ]


def test_a_longer_trial_is_nothing() -> None:
    """Nor is a new one, nor the same beside another amount."""
    for old, new in ((7, 14), (None, 14), (14, 14)):
        changed = change(replaced(price(trial_days=old), price(trial_days=new, unit_amount=1300)))
        assert told(changed, "trial-shortened") == []
