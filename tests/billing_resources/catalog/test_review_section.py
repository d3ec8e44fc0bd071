"""What a catalog tells the review of its changes, and that nobody else hears it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from jsonschema import Draft202012Validator

from billing_resources.catalog.document import parse
from billing_resources.catalog.loader import Catalog
from billing_resources.catalog.manifest import of_catalog
from billing_resources.catalog.problems import InvalidCatalog
from billing_resources.catalog.schema import catalog_schema
from tests.billing_resources.catalog.conftest import Said

CATALOG = """\
version: 1
currency: usd
plans:
  team:
    name: Team
    prices:
      monthly: {unit_amount: 1200, recurring: month}
      yearly: {unit_amount: 12000, recurring: year}
"""
SECTION = """\
review:
  suppress:
    - {rule: price-increase, on: team.monthly, reason: agreed with sales, until: 2027-01-31}
    - {rule: plan-removed, on: legacy, removed: true, reason: nobody is on it, until: "2027-01-31"}
    - {rule: volume-cliff, reason: wanted, until: 2027-12-31}
"""
LINE = "review:\n  suppress:\n    - "
GOOD = "rule: price-increase, reason: agreed, until: 2027-01-31"
KNOWN = "(gone with this change? write removed: true)"
BAD = {
    f"{{on: team.monthy, {GOOD}}}": f"on: names no entry of this catalog: did you mean team.monthly? {KNOWN}",
    f"{{on: zzz, {GOOD}}}": f"on: names no entry of this catalog: there are team, team.monthly, team.yearly {KNOWN}",
    f"{{on: team, removed: true, {GOOD}}}": "removed: is true, but team is in this catalog: take it out",
    "{rule: x, reason: agreed, until: 2027-02-30}": "until: takes a date of the calendar: 2027-01-31",
    "{rule: x, reason: agreed, until: 20270131}": "until: takes a date of the calendar: 2027-01-31",
    "{rule: x, reason: agreed, until: 2027-W04-7}": "until: takes a date of the calendar: 2027-01-31",
    '{rule: x, reason: " ", until: 2027-01-31}': "reason: must say why the finding is no problem",
    "{rule: x, reason: agreed}": "until: is required",
    "{rule: x, until: 2027-01-31}": "reason: is required",
    "{reason: agreed, until: 2027-01-31}": "rule: is required",
    f"{{onn: team, {GOOD}}}": "onn: is not a field of catalog.review.suppress[0]: did you mean on?",
}


def test_it_changes_nothing_that_is_provisioned(load: Callable[..., Catalog]) -> None:
    """The resources, the manifest and its digest are those of the same catalog without the section."""
    without, with_it = load(CATALOG), load(CATALOG + SECTION)
    assert with_it.entries == without.entries
    assert of_catalog(with_it, "billing", "dev") == of_catalog(without, "billing", "dev")


def test_dates_are_read_with_and_without_quotes(load: Callable[..., Catalog]) -> None:
    """An unquoted date is the same text."""
    suppressed = load(CATALOG + SECTION).data["review"]["suppress"]
    assert [one["until"] for one in suppressed] == ["2027-01-31", "2027-01-31", "2027-12-31"]


@pytest.mark.parametrize("written", BAD)
def test_what_is_wrong_is_told_with_its_line(said: Said, written: str) -> None:
    """Entries that are not there, days that are not in the calendar, and reasons that say nothing."""
    (problem,) = said(CATALOG + LINE + written)
    spot, _, sentence = problem.partition(": review.suppress[0].")
    assert (spot.split(":")[1], sentence) == ("11", BAD[written])


def test_every_problem_is_told_at_once(said: Said) -> None:
    """Three lines, three problems, and a fourth elsewhere."""
    lines = "".join(f"    - {written}\n" for written in list(BAD)[:3])
    found = said(CATALOG.replace("name: Team", "nam: Team") + "review:\n  suppress:\n" + lines)
    assert [problem.split(":")[1] for problem in found] == ["4", "5", "11", "12", "13"]


@pytest.mark.parametrize("section", ["review: 5", "review: [a]", "review: {suppress: 5}", "review: {suppress: [5]}"])
def test_another_form_is_one_problem(said: Said, section: str) -> None:
    """What is no section, no list or no suppression is refused where it stands."""
    (problem,) = said(f"{CATALOG}{section}\n")
    assert problem.startswith("catalog.yaml:9:")


def test_a_stack_without_the_entry_is_no_problem(load: Callable[..., Catalog]) -> None:
    """What one stack's overrides take away is still an entry that a suppression may name."""
    overrides = {"plans": {"team": {"prices": {"monthly": None}}}}
    assert load(CATALOG + SECTION, overrides).data["review"]["suppress"][0]["on"] == "team.monthly"


def test_an_endpoint_goes_by_its_name_after_a_rotation(said: Said) -> None:
    """The entry is still app when of its endpoints only app~2 is left."""
    endpoint = '{url: "https://a.example.com", enabled_events: runtime, rotate: 2, retired: 1}'
    written = f"webhook_endpoints: {{app: {endpoint}}}\n{LINE}{{on: app, {GOOD}}}"
    assert said(CATALOG + written) == []


def test_an_entry_that_no_stack_has_is_one(load: Callable[..., Catalog]) -> None:
    """Overrides are no excuse for a name that nobody knows."""
    with pytest.raises(InvalidCatalog, match=r"names no entry of this catalog: did you mean team\.monthly"):
        load(CATALOG + LINE + f"{{on: team.monthy, {GOOD}}}", {"plans": {"team": {"badge": "New"}}})


@pytest.mark.parametrize(("text", "valid"), [(SECTION, True), *((LINE + one, False) for one in list(BAD)[3:])])
def test_editors_mark_the_same(text: str, valid: bool) -> None:
    """The published schema knows the section; what needs a calendar or the other entries, the loader knows."""
    marked = not Draft202012Validator(catalog_schema()).is_valid(parse(CATALOG + text, "c.yaml").data)
    calendar = "2027-02-30" in text or '" "' in text
    assert marked == (not valid and not calendar)
