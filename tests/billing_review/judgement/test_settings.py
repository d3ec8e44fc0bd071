"""`[tool.billing.review]`: read strictly, every problem at once."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal

import pytest

from billing_review.judgement import Exemption, InvalidJudgement, JudgementSettings, settings_of, worst
from tests.billing_review.judgement.changes import change, findings, price, replaced

TABLE = """
price-increase-percent = 12.5
levels = {price-increase = "high", trial-shortened = "off"}
suppress = [
  {rule = "volume-cliff", on = "team.volume", reason = "wanted", until = 2027-01-31},
  {rule = "price-free", reason = "a gift", until = "2027-02-28"},
]
"""
BAD = """
price-increase-percent = "ten"
levles = {}
levels = {price-increse = "high", price-increase = "severe", trial-shortened = true}
suppress = [
  {rule = "price-incraese", reason = "x", until = 2027-01-31},
  {rule = "price-free", reason = "  ", until = 2027-01-31T10:00:00},
  {on = 5, why = "x", until = "2027-13-01"},
  5,
]
"""


def read(text: str) -> JudgementSettings:
    """The settings of a table."""
    return settings_of(tomllib.loads(text), "pyproject.toml")


def problems(text: str) -> list[str]:
    """What is wrong with a table."""
    with pytest.raises(InvalidJudgement) as refused:
        read(text)
    return list(refused.value.problems)


def test_a_table_is_read() -> None:
    """Levels, the bound, and suppressions with TOML's own dates or text."""
    assert read(TABLE) == JudgementSettings(
        levels={"price-increase": "high", "trial-shortened": "off"},
        price_increase_percent=Decimal("12.5"),
        exemptions=(
            Exemption("volume-cliff", "wanted", date(2027, 1, 31), "team.volume", "pyproject.toml: suppress[0]"),
            Exemption("price-free", "a gift", date(2027, 2, 28), None, "pyproject.toml: suppress[1]"),
        ),
    )


def test_no_table_is_the_usual() -> None:
    """Ten per cent, every rule as it is."""
    assert read("") == JudgementSettings()
    assert JudgementSettings().price_increase_percent == 10


def test_every_problem_is_told_at_once() -> None:
    """Each with its place, and what may have been meant."""
    found = problems(BAD)
    assert found[:3] == [
        "levels.price-increse: is no rule of the review: did you mean price-increase or price-decrease or price-free?",
        "levels.price-increase: takes one of high, medium, low, info, off",
        "levels.trial-shortened: takes one of high, medium, low, info, off",
    ]
    assert found[3] == "price-increase-percent: takes a number of per cent, 0 or more: 10"
    assert found[4].startswith("suppress[0].rule: is no rule of the review: did you mean price-increase")
    assert found[5:10] == [
        "suppress[1].reason: is required: a sentence that says why the finding is no problem",
        "suppress[1].until: takes a date, the last day on which it holds: 2027-01-31",
        "suppress[2].why: is no part of a suppression: there are on, reason, rule, until",
        "suppress[2].rule: is required",
        "suppress[2].reason: is required: a sentence that says why the finding is no problem",
    ]
    assert found[10:] == [
        "suppress[2].until: takes a date, the last day on which it holds: 2027-01-31",
        "suppress[2].on: takes the name of an object, such as team.monthly",
        "suppress[3]: takes rule, reason and until, and on which object",
        "levles: is no setting of a review: did you mean levels?",
    ]


def test_the_refusal_counts() -> None:
    """The file, how many, and one line for each."""
    with pytest.raises(InvalidJudgement) as refused:
        read('levels = {price-incr = "high"}\nfoo = 1')
    assert str(refused.value).splitlines()[0] == "pyproject.toml: 2 problems"
    assert len(str(refused.value).splitlines()) == 3


@pytest.mark.parametrize(
    "text",
    [
        "levels = 5",
        'levels = "high"',
        "suppress = {}",
        "price-increase-percent = -1",
        "price-increase-percent = true",
        "price-increase-percent = nan",
    ],
)
def test_another_form_is_one_problem(text: str) -> None:
    """Not a traceback."""
    assert len(problems(text)) == 1


def test_a_level_is_the_projects() -> None:
    """It goes over what the rule itself would say, worse or better; off says nothing."""
    changed = change(replaced(price(), price(unit_amount=1400)))
    for level in ("high", "medium", "low", "info"):
        assert worst(findings(changed, "price-increase", levels={"price-increase": level})) == level
    assert findings(changed, "price-increase", levels={"price-increase": "off"}) == []
