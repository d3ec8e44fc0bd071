"""The example catalog is a healthy project: the review has nothing silly to say about it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from billing_resources.catalog.loader import Catalog, load_catalog
from billing_review.judgement import JudgementSettings, judge, suppressions_of
from billing_review.steps import Args, Change, Plan, Source
from tests.billing_review.judgement.changes import TODAY, step

STACKS = Path(__file__).parents[3] / "stacks"
CLIFFS = (
    "Team, monthly seat in volume tiers: 21 seats cost 30.00 USD less than 20 (210.00 USD instead of 240.00 USD), "
    "and 18 to 20 all cost more than that; 101 seats cost 192.00 USD less than 100 (808.00 USD instead of 1,000.00 "
    "USD), and 81 to 100 all cost more than that."
)


def catalog(stack: str = "") -> Catalog:
    """The example, as a stack changes it."""
    settings = YAML(typ="safe").load(STACKS / f"Pulumi.{stack}.yaml")["config"] if stack else {}
    return load_catalog(STACKS / "catalog.yaml", settings.get("billing:overrides"), stack)


def sides(found: Catalog | None) -> tuple[dict[tuple[str, str], Args], Mapping[str, Any]]:
    """Its objects and plans; nothing of no catalog."""
    if found is None:
        return {}, {}
    return {(one.kind.name, one.key): one.args for one in found.entries}, found.data["plans"]


def between(before: Catalog | None, after: Catalog | None, *, live: bool | None = None) -> Change:
    """What changes from one catalog to another."""
    (old, plans_before), (new, plans_after) = sides(before), sides(after)
    steps = [step(*name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]
    names = dict.fromkeys([*plans_before, *plans_after])
    plans = tuple(Plan(key, plans_before.get(key), plans_after.get(key)) for key in names)
    return Change(Source("catalog", livemode=live), tuple(steps), plans)


def test_its_first_deployment_has_one_remark() -> None:
    """Its volume tiers fall at their bounds, which is how volume pricing is; nothing else is odd."""
    found = judge(between(None, catalog()), JudgementSettings(), today=TODAY)
    assert [(one.rule, one.severity, one.key, one.sentence) for one in found] == [
        ("volume-cliff", "low", "team.volume", CLIFFS)
    ]


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "production"])
def test_a_stack_that_is_up_to_date_has_none(stack: str) -> None:
    """Live or not."""
    assert judge(between(catalog(stack), catalog(stack), live=True), JudgementSettings(), today=TODAY) == ()


def test_between_its_stacks_there_is_no_finding() -> None:
    """They sell the same."""
    for stack in ("local", "dev", "staging"):
        assert judge(between(catalog(stack), catalog("production")), JudgementSettings(), today=TODAY) == ()


def test_it_suppresses_nothing() -> None:
    """Nor needs to."""
    assert suppressions_of(catalog().data) == ()
