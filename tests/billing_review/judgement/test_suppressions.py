"""Findings that somebody decided to live with, and for how long."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from billing_resources.catalog.document import read_document
from billing_review.judgement import (
    Exemption,
    InvalidJudgement,
    JudgementSettings,
    apply_suppressions,
    fails,
    judge,
    suppressions_of,
    worst,
)
from billing_review.report import Finding, Suppression
from tests.billing_review.judgement.changes import TODAY, change, price, replaced, step

CHANGED = change(replaced(price(), price(unit_amount=1400)))
UNTIL = date(2027, 1, 31)
CATALOG = """\
version: 1
review:
  suppress:
    - {rule: price-increase, on: team.monthly, reason: agreed, until: 2027-01-31}
    - {rule: plan-removed, on: legacy, removed: true, reason: empty, until: 2027-01-31}
"""


def judged(*exemptions: Exemption, today: date = TODAY) -> tuple[Finding, ...]:
    """What is found of a price that rises by 16.7 %."""
    return judge(CHANGED, JudgementSettings(exemptions=exemptions), today=today)


def exemption(rule: str = "price-increase", on: str | None = "team.monthly", until: date = UNTIL) -> Exemption:
    """A suppression of that finding."""
    return Exemption(rule, "agreed with sales", until, on, "stacks/catalog.yaml:4")


def test_a_suppressed_finding_is_shown_and_does_not_count() -> None:
    """With the reason and the last day."""
    (finding,) = judged(exemption())
    assert finding.suppressed == Suppression("agreed with sales", "2027-01-31")
    assert (worst([finding]), fails([finding], "info")) == (None, False)


@pytest.mark.parametrize("on", ["team.monthly", "team", None])
def test_it_covers_an_object_its_parts_or_all(on: str | None) -> None:
    """A plan's name covers its prices; an endpoint's its copies."""
    assert judged(exemption(on=on))[0].suppressed is not None
    assert Exemption("rotation-undone", "x", UNTIL, "app").covers("rotation-undone", "app~2")


@pytest.mark.parametrize("on", ["team.month", "tea", "team.monthly.x", ""])
def test_it_covers_nothing_else(on: str) -> None:
    """A beginning of a name is another name."""
    found = judged(exemption(on=on))
    assert found[0].suppressed is None
    assert [one.rule for one in found] == ["price-increase", "suppression-idle"]


def test_another_rule_is_not_suppressed() -> None:
    """Nor does a suppression suppress what is said about it."""
    found = judged(exemption("price-free"), exemption("suppression-idle", None))
    assert [(one.rule, one.suppressed) for one in found] == [
        ("price-increase", None),
        ("suppression-idle", None),
        ("suppression-idle", None),
    ]


def test_it_holds_on_its_last_day_and_not_after() -> None:
    """Then the finding counts again, and the suppression is one itself."""
    assert judged(exemption(), today=UNTIL)[0].suppressed is not None
    finding, expired = judged(exemption(), today=UNTIL + timedelta(days=1))
    assert (finding.rule, finding.suppressed) == ("price-increase", None)
    assert (expired.rule, expired.severity) == ("suppression-expired", "low")
    assert expired.sentence == (
        "The suppression of price-increase on team.monthly ended on 2027-01-31 (agreed with sales)."
    )
    assert (expired.key, expired.place) == ("team.monthly", "stacks/catalog.yaml:4")


def test_one_that_matches_nothing_is_told() -> None:
    """For information; not where nothing changes, which could match nothing."""
    changed = change(step("Product", "team", {"name": "T"}, {"name": "Team"}))
    settings = JudgementSettings(exemptions=(exemption(), exemption("price-free", None)))
    found = judge(changed, settings, today=TODAY)
    assert [(one.severity, one.sentence) for one in found] == [
        ("info", "The suppression of price-increase on team.monthly matches nothing."),
        ("info", "The suppression of price-free matches nothing."),
    ]
    assert judge(change(step("Price", "team.monthly", price(), price())), settings, today=TODAY) == ()


def test_the_rules_about_suppressions_have_levels_too() -> None:
    """A project may want to fail on one that has ended, and not to hear of idle ones."""
    old = exemption(until=date(2026, 1, 1))
    settings = JudgementSettings(
        levels={"suppression-expired": "high", "suppression-idle": "off"}, exemptions=(old, exemption("price-free"))
    )
    found = judge(CHANGED, settings, today=TODAY)
    assert [(one.rule, one.severity) for one in found] == [
        ("suppression-expired", "high"),
        ("price-increase", "medium"),
    ]


def test_suppressed_findings_come_last() -> None:
    """However bad they are."""
    gone = change(step("Price", "team.monthly", price(lookup_key="team"), None))
    settings = JudgementSettings(exemptions=(exemption("lookup-key-lost"),))
    assert [one.rule for one in judge(gone, settings, today=TODAY)] == ["price-removed", "lookup-key-lost"]


def test_they_are_read_from_a_catalog_with_their_lines(tmp_path: Path) -> None:
    """As the catalog's own reader knows them."""
    path = tmp_path / "catalog.yaml"
    path.write_text(CATALOG, encoding="utf-8")
    document = read_document(path)
    found = suppressions_of(document.data, "stacks/catalog.yaml", document.spots)
    assert found == (
        Exemption("price-increase", "agreed", UNTIL, "team.monthly", "stacks/catalog.yaml:4"),
        Exemption("plan-removed", "empty", UNTIL, "legacy", "stacks/catalog.yaml:5"),
    )
    (finding,) = judge(CHANGED, JudgementSettings().with_exemptions(found[:1]), today=TODAY)
    assert finding.suppressed is not None


@pytest.mark.parametrize("data", [{}, {"review": None}, {"review": {}}, {"review": {"suppress": []}}])
def test_a_catalog_without_any_has_none(data: dict[str, object]) -> None:
    """Most have none."""
    assert suppressions_of(data) == ()


def test_a_rule_that_nobody_knows_is_refused_with_its_line(tmp_path: Path) -> None:
    """The catalog does not know the rules, so the review says it, with near names."""
    path = tmp_path / "catalog.yaml"
    path.write_text(CATALOG.replace("rule: price-increase", "rule: price-incraese"), encoding="utf-8")
    document = read_document(path)
    with pytest.raises(InvalidJudgement) as refused:
        suppressions_of(document.data, "catalog.yaml", document.spots)
    (problem,) = refused.value.problems
    assert problem.startswith(
        "catalog.yaml:4: review.suppress[0].rule: is no rule of the review: did you mean price-increase"
    )


def test_findings_of_others_can_be_suppressed() -> None:
    """Whatever made them."""
    finding = Finding("price-increase", "high", "It rises.", "Price", "team.monthly", "Look.")
    (found,) = apply_suppressions([finding], [exemption()], TODAY)
    assert found.suppressed == Suppression("agreed with sales", "2027-01-31")
    assert apply_suppressions([finding], [exemption()], UNTIL + timedelta(days=1)) == (finding,)
