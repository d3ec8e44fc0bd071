"""Differences that are meant: declared with a reason, for one stack, until a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from billing_review.parity.allowances import Allowance, read_allowances
from billing_review.parity.parity import Parity, compare, compare_all
from tests.billing_review.parity.shops import TODAY, compared, environment, shop

DEARER = {"prices__team.monthly__unit_amount_decimal": "1400", "prices__team.monthly__trial_days": 7}


def allowing(**entry: Any) -> tuple[Allowance, ...]:
    """The allowances of staging that one entry makes."""
    found, problems = read_allowances("staging", [{"reason": "A trial run", **entry}])
    assert problems == ()
    return found


def left(parity: Parity) -> list[str]:
    """The paths that are not allowed."""
    return [one.path for pair in parity.pairs for one in pair.open]


@pytest.mark.parametrize(
    ("entry", "still"),
    [
        ({"path": "prices.team.monthly.unit_amount"}, ["prices.team.monthly.trial_days"]),
        ({"path": "prices.team.monthly"}, []),
        ({"path": "prices"}, []),
        ({"path": "prices.*.trial_days"}, ["prices.team.monthly.unit_amount"]),
        ({"object": "Price team.monthly"}, []),
        ({"path": "prices.team.month"}, ["prices.team.monthly.trial_days", "prices.team.monthly.unit_amount"]),
        ({"path": "prices", "until": "2026-11-27"}, []),
        (
            {"path": "prices", "until": date(2026, 11, 26)},
            ["prices.team.monthly.trial_days", "prices.team.monthly.unit_amount"],
        ),
    ],
)
def test_what_an_allowance_covers(entry: dict[str, Any], still: list[str]) -> None:
    """Its path and what lies within, up to and with its last day; nothing that only begins alike."""
    parity = compared(DEARER, allowed=allowing(**entry))
    assert sorted(left(parity)) == still
    assert parity.is_equal == (still == [])


def test_an_allowed_difference_is_still_told() -> None:
    """With its reason and whose settings say so."""
    [pair] = compared(DEARER, allowed=allowing(path="prices.team.monthly", until="2027-01-31")).pairs
    assert {(one.allowed.stack, one.allowed.reason) for one in pair.allowed if one.allowed} == {
        ("staging", "A trial run")
    }
    assert pair.open == ()


def test_an_allowance_is_about_its_own_stack() -> None:
    """What staging may have otherwise, the next two may not."""
    stacks = [environment(shop("staging"), *allowing(path="prices"))]
    stacks += [environment(shop("a")), environment(shop("b", **DEARER))]
    pairs = compare(stacks, TODAY).pairs
    assert [len(pair.open) for pair in pairs] == [0, 2]


def test_either_of_two_stacks_may_say_so() -> None:
    """The later one in the order as well as the earlier one."""
    both = [environment(shop("dev")), environment(shop("staging", **DEARER), *allowing(path="prices"))]
    assert compare(both, TODAY).is_equal


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        (
            {"path": "prices", "until": "2026-11-26"},
            "allowed prices until 2026-11-26: that is over, and it does not count",
        ),
        (
            {"path": "prices.team.montly.unit_amount"},
            (
                "allows prices.team.montly.unit_amount, and there is no such thing, did you mean "
                "prices.team.monthly.unit_amount"
            ),
        ),
        ({"path": "meters.tokens"}, "allows meters.tokens, which does not differ between these stacks"),
    ],
)
def test_an_allowance_that_does_nothing_is_noted(entry: dict[str, Any], note: str) -> None:
    """Its day is over, it names nothing, or the difference is gone."""
    [said] = compared(DEARER, allowed=allowing(**entry)).notes
    assert said.startswith(f"billing:allowedDifferences of stack staging {note}")


def test_an_allowance_may_be_about_one_source_only() -> None:
    """What differs at Stripe alone is no reason to say that nothing does."""
    allowed = allowing(path="prices")
    manifests = [environment(shop("staging"), *allowed), environment(shop("production"))]
    accounts = [environment(shop("staging"), *allowed), environment(shop("production", **DEARER))]
    assert compare_all([manifests, accounts], TODAY).notes == ()


def test_every_slip_of_the_pen_is_told_at_once() -> None:
    """Each entry with its number and what it lacks; the good one is used."""
    found, problems = read_allowances(
        "staging",
        [
            "prices",
            {"path": "prices.team.monthly"},
            {"path": "prices.a", "object": "Price a", "reason": "x"},
            {"reason": "x"},
            {"path": "price.team", "reason": "x"},
            {"object": "Prize team.monthly", "reason": "x"},
            {"object": "team.monthly", "reason": "x"},
            {"path": "prices", "reason": "x", "until": "soon"},
            {"path": "prices", "resaon": "x", "reason": " "},
            {"path": "alerts", "reason": "good"},
        ],
    )
    place = "billing:allowedDifferences"
    assert [one.path for one in found] == ["alerts"]
    assert list(problems) == [
        f"{place}[0] takes a path or an object, and a reason",
        f"{place}[1] has no reason: say why this stack is meant to differ",
        f"{place}[2] names both a path and an object: one of them is enough",
        f"{place}[3] names neither a path nor an object",
        f"{place}[4] has a path that begins with no section, did you mean prices?",
        f"{place}[5] names an object of no kind, did you mean Price?",
        f"{place}[6] names an object that is none: write its kind and its key, Price team.monthly",
        f"{place}[7] has an until that is no date: write the last day, 2027-01-31",
        f"{place}[8] knows no 'resaon', did you mean reason?",
        f"{place}[8] has no reason: say why this stack is meant to differ",
    ]


def test_something_that_is_no_list() -> None:
    """It is said; nothing is allowed."""
    said = "billing:allowedDifferences takes a list: entries with a path or an object, and a reason"
    assert read_allowances("staging", {"path": "prices"}) == ((), (said,))
    assert read_allowances("staging", None) == ((), ())
