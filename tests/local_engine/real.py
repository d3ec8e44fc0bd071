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


def pulumi(stage: Stage, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the CLI in a stage's project."""
    python = str(Path(sys.executable).parent)
    environ = {**stage.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", "PATH": f"{python}:{stage.environ['PATH']}"}
    command = ["pulumi", *words, "--non-interactive"]
    return subprocess.run(command, cwd=stage.directory, env=environ, capture_output=True, text=True, check=False)
