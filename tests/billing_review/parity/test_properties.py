"""Rules of every comparison: a shop equals itself under any ids, and no change of an amount is missed."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from billing_review.parity.parity import compare
from tests.billing_review.parity.shops import IMMUTABLE, TODAY, environment, sentences, shop

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
AMOUNTS = st.integers(0, 10**9).map(str) | st.decimals(0, 10**6, places=4).map(lambda one: format(one.normalize(), "f"))
CURRENCIES = st.sampled_from(["usd", "eur", "jpy", "kwd"])


@st.composite
def prices(draw: st.DrawFn) -> dict[str, Any]:
    """A price of any shape that has amounts."""
    price: dict[str, Any] = copy.deepcopy(shop()["prices"]["team.monthly"])
    price |= {"currency": draw(CURRENCIES), "currency_options": {}}
    if draw(st.booleans()):
        price["unit_amount_decimal"] = draw(AMOUNTS)
    else:
        ends = sorted(draw(st.sets(st.integers(1, 10**6), max_size=3)))
        price |= {"unit_amount_decimal": None, "tiers_mode": draw(st.sampled_from(["graduated", "volume"]))}
        price["tiers"] = [
            {"up_to": end, "unit_amount_decimal": draw(AMOUNTS), "flat_amount_decimal": draw(st.none() | AMOUNTS)}
            for end in (*ends, "inf")
        ]
    return price


@st.composite
def shops(draw: st.DrawFn) -> dict[str, Any]:
    """A manifest with prices of any shape."""
    made = shop()
    made["prices"] |= {f"team.{name}": draw(prices()) for name in draw(st.sets(NAMES, max_size=4))}
    return made


def renamed(manifest: dict[str, Any], ids: list[str | None]) -> dict[str, Any]:
    """The same shop elsewhere: other ids, account and stack."""
    made = copy.deepcopy(manifest) | {"stack": "production", "account": "acct_9", "livemode": True}
    entries = [
        entry
        for section in made.values()
        if isinstance(section, dict)
        for entry in section.values()
        if isinstance(entry, dict) and "id" in entry
    ]
    for index, entry in enumerate(entries):
        entry["id"] = ids[index % len(ids)]
    return made


@given(shops(), st.lists(st.none() | st.text(max_size=8), min_size=1, max_size=20))
def test_a_shop_equals_itself_under_any_ids(manifest: dict[str, Any], ids: list[str | None]) -> None:
    """No difference, no step of a promotion."""
    parity = compare([environment(manifest), environment(renamed(manifest, ids))], TODAY)
    assert sentences(parity) == []
    assert {step.operation for pair in parity.pairs for step in pair.promotion.steps} == {"same"}


def amounts_of(manifest: dict[str, Any]) -> list[tuple[str, dict[str, Any], str]]:
    """Every amount that is written: its price, what holds it, under which name."""
    found = []
    for key, price in manifest["prices"].items():
        holders = [price, *(price["tiers"] or []), *(price["currency_options"] or {}).values()]
        for holder in holders:
            found += [
                (key, holder, name) for name in ("unit_amount_decimal", "flat_amount_decimal") if holder.get(name)
            ]
    return found


@given(shops(), st.data())
def test_no_change_of_an_amount_is_missed(manifest: dict[str, Any], data: st.DataObject) -> None:
    """It is one difference, at the price that changed, with two different amounts, and the price would be replaced."""
    other = renamed(manifest, [None])
    key, holder, name = data.draw(st.sampled_from(amounts_of(other)))
    new = data.draw(AMOUNTS.filter(lambda one: Decimal(one) != Decimal(holder[name])))
    holder[name] = new
    [pair] = compare([environment(manifest), environment(other)], TODAY, immutable=IMMUTABLE | ANY_AMOUNT).pairs
    [difference] = pair.differences
    assert (difference.kind, difference.key) == ("Price", key)
    assert difference.first != difference.second
    assert [(step.key, step.operation) for step in pair.promotion.steps if step.operation != "same"] == [
        (key, "replace")
    ]


ANY_AMOUNT = {"Price": frozenset({"unit_amount", "tiers", "currency_options"})}


@given(shops(), shops())
def test_looking_from_the_other_side_finds_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """The same paths, with the sides swapped."""
    other["stack"] = "production"
    [there] = compare([environment(one), environment(other)], TODAY).pairs
    [back] = compare([environment(other), environment(one)], TODAY).pairs
    assert {(gap.path, gap.first, gap.second) for gap in there.differences} == {
        (gap.path, gap.second, gap.first) for gap in back.differences
    }
