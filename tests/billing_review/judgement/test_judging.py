"""What holds for every change, whatever is in it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing_review.judgement import JudgementSettings, fails, judge, worst
from billing_review.judgement.registry import BY_NAME, LAST, RULES
from billing_review.report import SEVERITIES, Affected, Finding, Severity, Suppression
from billing_review.steps import Change, Drift, Operation, Plan, Source, Step
from tests.billing_resources.strategies import KINDS, minor_units, words
from tests.billing_review.judgement.changes import TODAY, change, price, replaced, step

USUAL = JudgementSettings()
ODD: list[Any] = [
    None,
    True,
    False,
    -1,
    0,
    7,
    10**30,
    14.0,
    Decimal("NaN"),
    "",
    "inf",
    "usd",
    "team",
    "NaN",
    "1e999999",
]
ODD += [
    [],
    [None],
    ["team"],
    [{}],
    [{"up_to": "x"}, {"up_to": 5, "unit_amount": "y"}],
    {},
    {"a": 1},
    {"eur": {"tiers": 3}},
]
ODD += [{"interval": "month", "meter": "tokens"}, {"minimum": 3, "maximum": 1, "mode": 5}, {"a": {"included": "x"}}]
odd = st.sampled_from(ODD)
KEYS = st.sampled_from(["team", "team.monthly", "team.yearly", "app", "app~2", "tokens"])
FIELDS = st.sampled_from(
    [
        *("currency", "unit_amount", "unit_amount_decimal", "tiers", "tiers_mode", "recurring", "transform_quantity"),
        *("currency_options", "lookup_key", "product", "limits", "features", "seats", "trial_days", "default"),
        *("tax_behavior", "enabled_events", "event_name", "default_aggregation", "percent_off", "amount_off"),
        *("duration", "duration_in_months", "applies_to", "redeem_by", "max_redemptions", "promotion"),
        *("restrictions", "percentage", "usage_threshold", "status", "disabled", "audience", "free", "name"),
    ]
)
garbage = st.dictionaries(FIELDS, odd, max_size=4)
discounts = st.fixed_dictionaries(
    {},
    optional={
        "percent_off": st.integers(1, 100) | st.just("12.5"),
        "amount_off": minor_units,
        "currency": st.just("usd"),
        "duration": st.sampled_from(["once", "repeating", "forever"]),
        "redeem_by": st.integers(0, 10**15),
    },
)
some = st.sampled_from
amounts = some([0, 5, 500, 1200, 1201, 12000])
tiers = some(
    [
        [{"up_to": 20, "unit_amount": 1200}, {"up_to": "inf", "unit_amount": 1000}],
        [
            {"up_to": 20, "unit_amount": 0},
            {"up_to": 50, "unit_amount_decimal": "0.4"},
            {"up_to": "inf", "flat_amount": 5},
        ],
        [{"up_to": 20, "unit_amount": 12}, {"up_to": 50, "unit_amount": 0}, {"up_to": "inf", "unit_amount": 1000}],
        [{"up_to": 20, "unit_amount": 12}, {"up_to": 10}, {"up_to": "inf", "unit_amount": 1}],
    ]
)
metered = {"interval": "month", "usage_type": "metered"}
periods = some([{"interval": "month"}, {"interval": "year"}, {"interval": "week", "interval_count": 2}])
limits = some(
    [{"a": 5}, {"a": {"included": 9, "per": "day"}}, {"a": {"included": "unlimited", "overage": "bill"}}, {"b": 0}]
)
prices = st.fixed_dictionaries(
    {"product": st.just("team"), "currency": some(["usd", "usd", "eur", "jpy"])},
    optional={
        "unit_amount": amounts,
        "tiers": tiers,
        "tiers_mode": some(["volume", "graduated"]),
        "recurring": periods | some([{**metered, "meter": "tokens"}, {**metered, "meter": "app"}]),
        "transform_quantity": some([{"divide_by": 10, "round": "up"}, {"divide_by": 1000, "round": "down"}]),
        "currency_options": st.dictionaries(
            some(["eur", "jpy"]), amounts.map(lambda one: {"unit_amount": one}), max_size=2
        ),
        "seats": some([{"mode": "follow"}, {"mode": "purchased", "minimum": 5, "maximum": 9}, {"minimum": 2}]),
        "limits": limits,
        "features": some([{"sso": "included"}, {"support": "24/7"}]),
        "trial_days": some([7, 14]),
        "lookup_key": some(["a", "b"]),
        "default": st.booleans(),
        "tax_behavior": some(["exclusive", "inclusive", "unspecified"]),
    },
)
MADE = {
    **{kind: made for kind, made in KINDS.items() if kind != "Price"},
    "Price": prices,
    "Coupon": discounts,
    "PromotionCode": some(
        [{"code": "A", "promotion": {"coupon": "app"}}, {"code": "A", "promotion": {"coupon": "team"}}]
    ),
    "PortalConfiguration": some(
        [{"features": {"subscription_update": {"enabled": True, "products": [{"prices": ["team.monthly", "team"]}]}}}]
    ),
    "TaxRate": some([{"percentage": "19"}, {"percentage": 21}]),
    "EventDestination": some([{"name": "a", "enabled_events": ["*"], "event_payload": "snapshot"}, {"name": "b"}]),
    "Feature": st.just({"name": "Sso"}),
    "ProductFeature": st.just({"product": "team", "entitlement_feature": "app"}),
}
kinds = some([*MADE, "Price", "Price", "Price", "Price"])


def arguments(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments as a program declares them, or with anything else in some of the fields."""
    return st.builds(lambda first, more: {**first, **more}, MADE[kind], st.just({}) | garbage)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """Anything that may happen to an object: mostly some of its fields change."""
    kind = draw(kinds)
    old = draw(arguments(kind))
    other = draw(arguments(kind))
    changed = draw(st.sets(st.sampled_from(sorted({*old, *other, "name"}))))
    new = {name: value for name, value in {**old, **{name: other.get(name) for name in changed}}.items() if value}
    before, after = draw(st.sampled_from([(old, new), (old, new), (None, new), (old, None), (None, None)]))
    operation: Operation = draw(st.sampled_from(get_args(Operation)))
    drift = draw(st.just({}) | st.dictionaries(words, st.builds(Drift, odd, odd), max_size=1))
    return Step(kind, draw(KEYS), operation, before, after, draw(st.none() | words), drift=drift)


audiences = st.lists(st.sampled_from(["user", "organization"]), max_size=2)
facts = st.fixed_dictionaries({}, optional={"free": st.booleans(), "audience": audiences})
plans = st.builds(Plan, KEYS, st.none() | facts | garbage, st.none() | facts | garbage)
changes = st.builds(
    lambda live, found, known: Change(Source("plan", livemode=live), tuple(found), tuple(known)),
    st.none() | st.booleans(),
    st.lists(steps(), max_size=4),
    st.lists(plans, max_size=2),
)
numbers = st.integers(0, 10**6)
counts = st.dictionaries(
    KEYS.map(lambda key: ("Price", key)),
    st.builds(Affected, active=numbers, trialing=numbers, past_due=numbers, seats=numbers, complete=st.booleans()),
    max_size=3,
)


@given(changes, counts)
def test_whatever_changes_is_judged(changed: Change, counted: dict[tuple[str, str], Affected]) -> None:
    """No change breaks it: findings with a sentence, an advice and an object, worst first; and again the same."""
    found = judge(changed, USUAL, today=TODAY, affected=counted)
    assert judge(changed, USUAL, today=TODAY, affected=counted) == found
    assert [one.severity for one in found] == sorted([one.severity for one in found], key=SEVERITIES.index)
    for one in found:
        assert one.rule in BY_NAME
        assert one.sentence.endswith(".")
        assert one.advice.endswith((".", "!"))
        assert one.key
        assert not re.search(
            r"^\s|\bNone\b|\{|Decimal|Fraction", re.sub(r"→ .*|changed at Stripe.*", "", one.sentence)
        ), one


@given(st.lists(kinds.flatmap(lambda kind: st.tuples(st.just(kind), KEYS, arguments(kind))), max_size=8), st.booleans())
def test_nothing_changes_and_nothing_is_found(objects: list[tuple[str, str, dict[str, Any]]], live: bool) -> None:
    """Whatever is there: a review is about what changes."""
    same = tuple(Step(kind, key, "same", args, args) for kind, key, args in objects)
    known = tuple(Plan(key, args, args) for kind, key, args in objects if kind == "Product")
    assert judge(Change(Source("plan", livemode=live), same, known), USUAL, today=TODAY) == ()


@settings(max_examples=25)
@given(changes, st.sampled_from(sorted(BY_NAME)))
def test_a_rule_that_is_off_says_nothing(changed: Change, rule: str) -> None:
    """And the others say what they say."""
    without = judge(changed, JudgementSettings(levels={rule: "off"}), today=TODAY)
    assert without == tuple(one for one in judge(changed, USUAL, today=TODAY) if one.rule != rule)


def finding(severity: str, suppressed: bool) -> Finding:
    """A finding of that severity."""
    levels: dict[str, Severity] = {one: one for one in SEVERITIES}
    made = Finding("price-increase", levels[severity], "It rises.", "Price", "team.monthly", "Look.")
    return replace(made, suppressed=Suppression("agreed", "2027-01-31")) if suppressed else made


@pytest.mark.parametrize(
    ("severities", "wanted", "failing"),
    [
        ([], None, []),
        (["info"], "info", ["info"]),
        (["low", "info"], "low", ["low", "info"]),
        (["info", "medium"], "medium", ["medium", "low", "info"]),
        (["high", "low"], "high", ["high", "medium", "low", "info"]),
    ],
)
def test_the_worst_decides(severities: list[str], wanted: str | None, failing: list[str]) -> None:
    """As bad as asked for, or worse; suppressed ones do not count, and without a level nothing fails."""
    found = [finding(one, suppressed=False) for one in severities] + [finding("high", suppressed=True)]
    assert worst(found) == wanted
    assert [one for one in SEVERITIES if fails(found, one)] == failing
    assert not fails(found, None)


def test_findings_of_one_severity_keep_the_order_of_the_rules() -> None:
    """Money first, then what customers have, then what applications find."""
    old = price(lookup_key="team", limits={"tokens": 1000}, currency_options={"eur": {"unit_amount": 1100}})
    new = price(unit_amount=1400, limits={"tokens": 500})
    found = judge(change(replaced(old, new)), USUAL, today=TODAY)
    assert [(one.severity, one.rule) for one in found] == [
        ("high", "currency-missing"),
        ("high", "lookup-key-lost"),
        ("medium", "price-increase"),
        ("medium", "limit-lowered"),
    ]


def test_a_finding_says_where() -> None:
    """Kind, name and the line that the source knows."""
    (found,) = judge(
        change(step("Price", "team.monthly", price(), price(unit_amount=9900), "replace", place="catalog.yaml:52")),
        USUAL,
        today=TODAY,
    )
    assert (found.kind, found.key, found.place) == ("Price", "team.monthly", "catalog.yaml:52")


def test_a_name_without_letters_is_no_name() -> None:
    """The name in the program stands for it, and line breaks do not break a sentence."""
    blank = step("Coupon", "all", None, {"name": " ", "percent_off": 100, "duration": "forever"})
    broken = step("Coupon", "more", None, {"name": "A\n B", "percent_off": 100, "duration": "forever"})
    found = judge(change(blank, broken), USUAL, today=TODAY)
    assert [one.sentence.partition(":")[0] for one in found] == ["all", "A B"]


def test_every_rule_has_a_name_and_a_file_of_its_own() -> None:
    """The table, the directory and the functions agree."""
    names = [rule.name for rule in (*RULES, *LAST)]
    assert len(names) == len(set(names))
    for rule in (*RULES, *LAST):
        assert rule.judge.__name__ == rule.name.replace("-", "_")
        assert rule.judge.__module__ == f"billing_review.judgement.rules.{rule.judge.__name__}"
        assert rule.why.endswith(".")


def test_every_rule_is_tested() -> None:
    """Each is named in a test beside this one."""
    here = Path(__file__).parent
    texts = "".join(path.read_text(encoding="utf-8") for path in here.glob("test_*.py") if path != Path(__file__))
    assert [name for name in BY_NAME if f'"{name}"' not in texts] == []
