"""Ranges of CLI versions that a program demands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_engine.version_range import allows

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

DEMAND = "import pulumi\npulumi.runtime.settings.require_pulumi_version({!r})\nprint('fine')\n"


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (">=3.0.0", True),
        (">=3.0.0 <4.0.0", True),
        (">=3.0.0 !3.260.0", False),
        ("3.260.0", True),
        ("==3.260.0", True),
        ("!=3.260.0", False),
        ("> 3.260.0", False),
        ("<=3.260.0", True),
        ("<3.0.0 || >3.100.0", True),
        ("<3.0.0||>4.0.0", False),
    ],
)
def test_a_range_is_read_as_the_cli_reads_it(text: str, held: bool) -> None:
    """Conditions beside one another must all hold, of alternatives one."""
    assert allows(text, "3.260.0") is held


@pytest.mark.parametrize("text", ["", "abc", ">=3", "=>3.0.0", ">=3.0.0 ||", "3.0.0 x"])
def test_a_range_that_cannot_be_read_is_refused(text: str) -> None:
    """Nobody guesses what was meant."""
    with pytest.raises(ValueError, match="Could not get version from string"):
        allows(text, "3.260.0")


def test_a_program_can_demand_a_version(stage: Stage) -> None:
    """The engine answers as the CLI whose format it writes."""
    (stage.directory / "__main__.py").write_text(DEMAND.format(">=3.0.0"))
    assert [said["message"] for said in stage.preview().diagnostics] == ["fine\n"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (">=4.0.0", 'Pulumi CLI version 3.260.0 does not satisfy the version range ">=4.0.0"'),
        ("abc", 'parsing CLI version range "abc": Could not get version from string: "abc"'),
    ],
)
def test_a_demand_that_is_not_met_ends_the_program(stage: Stage, text: str, why: str) -> None:
    """The sentence is the CLI's."""
    (stage.directory / "__main__.py").write_text(DEMAND.format(text))
    [said] = stage.errors(stage.preview())
    assert said.endswith(f"Exception: {why}")
