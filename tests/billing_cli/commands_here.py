"""The `billing` command in this process, with the environment that a test set: for what needs no process of its own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.in_process import run_here


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Here:
    """Runs commands in a directory and an environment that the test sets."""

    directory: Path

    def __call__(self, *arguments: str, **changes: str | None) -> Said:
        """Run one command; a variable of None is taken away."""
        environ = {name: value for name, value in {**os.environ, **changes}.items() if value is not None}
        done = run_here(arguments, cwd=self.directory, environ=environ)
        assert "Traceback" not in done.stderr
        return Said(done.returncode, done.stdout, done.stderr)
