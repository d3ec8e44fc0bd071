"""The `billing` command in this process: for what needs no process of its own."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from billing_cli.command_line import main


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
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, **environ: str | None) -> Said:
        """Run one command; a variable of None is taken away."""
        with self.monkeypatch.context() as patch:
            patch.chdir(self.directory)
            patch.setattr(sys, "argv", ["billing", *arguments])
            for name, value in environ.items():
                if value is None:
                    patch.delenv(name, raising=False)
                else:
                    patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        printed = self.capsys.readouterr()
        assert "Traceback" not in printed.err
        return Said(int(ended.value.code or 0), printed.out, printed.err)
