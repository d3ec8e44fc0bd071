"""What applications find when they ask for a lookup key or a product's default price."""

from __future__ import annotations

from typing import Any

import pytest

from billing_review.steps import Step
from tests.billing_review.judgement.changes import YEAR, change, price, replaced, step, told, worse

TEAM = {"name": "Team"}
PRODUCT = step("Product", "team", TEAM, TEAM)


def keyed(key: str | None = "team", **over: Any) -> dict[str, Any]:
    """A price with a lookup key."""
    return price(lookup_key=key, **over)


def test_a_key_that_goes_with_its_price_is_told() -> None:
    """With the amount that applications found under it."""
    changed = change(step("Price", "team.monthly", keyed(), None))
    assert told(changed, "lookup-key-lost") == [
        (
            "team.monthly: the lookup key team goes with the price, and finds nothing any more (so far 12.00 USD per "
            "month)."
        )
    ]
    assert worse(changed, "lookup-key-lost") == ["high"]


@pytest.mark.parametrize(("new", "fate"), [("team2", "is renamed to team2"), (None, "is taken off the price")])
def test_a_key_that_is_renamed_or_taken_off_is_told(new: str | None, fate: str) -> None:
    """The price stays, and is not found."""
    changed = change(step("Price", "team.monthly", keyed(nickname="Monthly"), keyed(new, nickname="Monthly")))
    assert told(changed, "lookup-key-lost") == [
        f"Monthly: the lookup key team {fate}, and finds nothing any more (so far 12.00 USD per month)."
    ]


def test_a_key_that_another_price_takes_is_not_lost() -> None:
    """Whether the price is replaced, or another one takes over."""
    successor = step("Price", "team.new", None, keyed())
    assert told(change(replaced(keyed(), keyed(unit_amount=1400))), "lookup-key-lost") == []
    assert told(change(step("Price", "team.monthly", keyed(), None), successor), "lookup-key-lost") == []
    assert told(change(step("Price", "team.monthly", keyed(), keyed(None)), successor), "lookup-key-lost") == []


MOVED: dict[str, tuple[dict[str, Any], str]] = {
    "period": (keyed(recurring=YEAR, unit_amount=12000), "(team, 120.00 USD per year)"),
    "currency": (keyed(currency="eur"), "(team, 12.00 EUR per month)"),
    "product": (keyed(product="pro"), "(pro, 12.00 USD per month)"),
}


@pytest.mark.parametrize("name", MOVED)
def test_a_key_that_leads_elsewhere_is_told(name: str) -> None:
    """Both prices in their terms."""
    args, terms = MOVED[name]
    changed = change(step("Price", "old", keyed(), None), step("Price", "new", None, args))
    assert told(changed, "lookup-key-moved") == [
        f"new: the lookup key team leads here {terms}, before to old (team, 12.00 USD per month)."
    ]


def test_a_key_that_leads_to_equal_terms_is_nothing() -> None:
    """Another name, another amount: the rules about amounts speak."""
    changed = change(step("Price", "old", keyed(), None), step("Price", "new", None, keyed(unit_amount=1300)))
    assert told(changed, "lookup-key-moved") == []


def test_a_new_price_without_a_key_among_others_is_told() -> None:
    """Its siblings by name."""
    siblings = [step("Price", key, keyed(key), keyed(key)) for key in ("team.monthly", "team.yearly")]
    assert told(change(*siblings, step("Price", "team.new", None, price())), "lookup-key-missing") == [
        "team.new (12.00 USD per month) is added without a lookup key, while team.monthly and team.yearly have one."
    ]


def test_a_new_price_with_a_key_is_nothing() -> None:
    """Nor is one whose siblings have none, nor one of another product, nor an old one."""
    sibling = step("Price", "team.monthly", keyed(), keyed())
    for other in (
        step("Price", "team.new", None, keyed("new")),
        step("Price", "pro.new", None, price(product="pro")),
        step("Price", "team.old", price(), price(nickname="Old")),
    ):
        assert told(change(sibling, other), "lookup-key-missing") == []
    bare = step("Price", "team.monthly", price(), price())
    assert told(change(bare, step("Price", "team.new", None, price())), "lookup-key-missing") == []


LOST: dict[str, tuple[Step, str]] = {
    "archived": (step("Price", "team.monthly", price(default=True), None), "is archived"),
    "demoted": (step("Price", "team.monthly", price(default=True), price()), "is no longer it"),
}


@pytest.mark.parametrize("name", LOST)
def test_a_product_left_without_its_default_is_told(name: str) -> None:
    """Which price it was, and what became of it."""
    gone, fate = LOST[name]
    assert told(change(PRODUCT, gone), "default-price-lost") == [
        f"Team: has no default price any more, since team.monthly (12.00 USD per month) {fate}."
    ]


def test_a_default_that_moves_is_nothing() -> None:
    """Nor does a product that goes need one, nor one that never had any."""
    successor = step("Price", "team.new", None, price(default=True))
    archived, demoted = (LOST[name][0] for name in LOST)
    assert told(change(PRODUCT, archived, successor), "default-price-lost") == []
    assert (
        told(change(PRODUCT, replaced(price(default=True), price(unit_amount=1, default=True))), "default-price-lost")
        == []
    )
    assert told(change(step("Product", "team", TEAM, None), archived), "default-price-lost") == []
    assert told(change(PRODUCT, step("Price", "team.new", None, price())), "default-price-lost") == []
    assert demoted.new is not None
