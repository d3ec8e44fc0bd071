"""`--diff` against what the Pulumi CLI printed for the same programs and the same host."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.billing_cli.diff_programs import STEPS
from tests.billing_cli.recorded_consoles import blocks, shown
from tests.local_engine.stage import Stage

RECORDINGS = Path(__file__).parent / "recordings"


def printed_by_the_cli(stage: Stage, command: str) -> str:
    """Run the real CLI on a stage."""
    verb, *more = shlex.split(command)
    yes = ["--yes", "--skip-preview"] if verb != "preview" and not more else []
    full = ["--show-full-output"] if verb != "refresh" else []
    line = ["pulumi", verb, *more, *yes, *full, "--diff", "--non-interactive", "--stack", stage.stack]
    done = subprocess.run(line, cwd=stage.directory, env=stage.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_line_is_that_of_the_cli(tmp_path: Path) -> None:
    """Creates, updates, replacements, deletes; nested values, tiers, documents, secrets, protection, outputs."""
    stage = Stage(tmp_path).init()
    for name, (program, command) in STEPS.items():
        stage.program(program)
        verb, *more = shlex.split(command)
        options = {"dry_run": True} if more else {}
        assert getattr(stage, verb)(**options).exit_code == 0
        theirs = (RECORDINGS / f"diff.{name}.txt").read_text(encoding="utf-8")
        assert blocks(shown(stage.events, f"{command} --diff")) == blocks(theirs), name


@pytest.mark.pulumi_cli
def test_the_recordings_are_what_the_cli_prints(tmp_path: Path) -> None:
    """Played again where there is a CLI; BILLING_RECORD=1 writes them anew."""
    if shutil.which("pulumi") is None:
        pytest.skip("pulumi is not on PATH")
    stage = Stage(tmp_path).init()
    for name, (program, command) in STEPS.items():
        stage.program(program)
        printed, path = printed_by_the_cli(stage, command), RECORDINGS / f"diff.{name}.txt"
        if os.environ.get("BILLING_RECORD"):
            path.write_text(printed, encoding="utf-8")
        assert blocks(printed) == blocks(path.read_text(encoding="utf-8")), name
