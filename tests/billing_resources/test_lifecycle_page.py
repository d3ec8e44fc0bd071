"""docs/lifecycle.md: every rule is shown for every kind, or says why it is not; and the page is up to date."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from billing_resources._engine import every_kind
from billing_resources._engine.kind import REGISTRY

assert every_kind
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    """What writes the page."""
    return runpy.run_path(str(ROOT / "script" / "generate_lifecycle.py"))


def test_every_rule_is_shown_for_every_kind(script: dict[str, Any]) -> None:
    """By a marked test, or by a reason why the rule does not apply."""
    assert script["gaps"]() == []


def test_no_reason_is_idle(script: dict[str, Any]) -> None:
    """Where a test shows a rule, no reason says that it does not apply."""
    assert set(script["NOT_SO"]) & set(script["marked"]()) == set()


def test_every_kind_is_in_the_table(script: dict[str, Any]) -> None:
    """A new kind is asked for every rule; the groups that marks name are what the declarations say."""
    groups = {name: set(kinds) for name, kinds in script["GROUPS"].items()}
    assert groups["all"] == set(REGISTRY)
    assert groups["named"] == {kind.name for kind in REGISTRY.values() if kind.stripe.unique}
    assert groups["marked"] == {kind.name for kind in REGISTRY.values() if kind.stripe.has_metadata}


def test_the_page_is_up_to_date(script: dict[str, Any]) -> None:
    """`script/generate_lifecycle.py` would write what is there."""
    assert script["page"]() == script["PAGE"].read_text(encoding="utf-8")
