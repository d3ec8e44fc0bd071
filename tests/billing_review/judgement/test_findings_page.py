"""docs/review.md: its section Findings is the table of rules, and up to date."""

from __future__ import annotations

import runpy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from billing_review.judgement import settings_of
from billing_review.judgement.registry import BY_NAME

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    """What writes the section."""
    return runpy.run_path(str(ROOT / "script" / "generate_findings.py"))


def test_the_section_is_up_to_date(script: dict[str, Any]) -> None:
    """`script/generate_findings.py` would write what is there."""
    page = script["PAGE"].read_text(encoding="utf-8")
    assert script["with_section"](page) == page


def test_every_rule_is_in_it(script: dict[str, Any]) -> None:
    """With its severity and its reason."""
    text = script["section"]()
    assert [name for name, rule in BY_NAME.items() if f"| `{name}` | {rule.severity} | {rule.why} |" not in text] == []


def test_its_settings_can_be_read(script: dict[str, Any]) -> None:
    """What the page shows is no fiction."""
    text = script["section"]().partition("```toml\n")[2].partition("```")[0]
    settings = settings_of(tomllib.loads(text)["tool"]["billing"]["review"], "pyproject.toml")
    assert settings.levels == {"price-increase": "high", "trial-shortened": "off"}
    assert [one.rule for one in settings.exemptions] == ["volume-cliff"]


@pytest.mark.parametrize("before", ["# Review\n", "# Review\n\n## Forms\n\nFour.\n"])
@pytest.mark.parametrize("after", ["", "\n## Last\n\nEnd.\n"])
def test_the_rest_of_the_page_is_left_alone(script: dict[str, Any], before: str, after: str) -> None:
    """Whatever stands around the section; and writing it twice changes nothing."""
    page = f"{before}\n## Findings\n\nOld.\n{after}"
    made = script["with_section"](page)
    assert made == f"{before}\n{script['section']()}{after}"
    assert script["with_section"](made) == made
    assert script["with_section"](before) == f"{before}\n{script['section']()}"
