"""The real Pulumi CLI, where it is on PATH."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

NEEDED = [
    pytest.mark.pulumi_cli,
    pytest.mark.skipif(shutil.which("pulumi") is None, reason="the Pulumi CLI is not on PATH"),
]


def environment(stage: Stage) -> dict[str, str]:
    """Return what the CLI needs around it; its programs run on the Python of these tests."""
    python = str(Path(sys.executable).parent)
    return {**stage.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", "PATH": f"{python}:{stage.environ['PATH']}"}


def pulumi(stage: Stage, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the CLI in a stage's project."""
    command = ["pulumi", *words, "--non-interactive"]
    return subprocess.run(
        command, cwd=stage.directory, env=environment(stage), capture_output=True, text=True, check=False
    )
