"""The `billing` command without a process of its own: where starting Python would take all the time."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from billing_cli.command_line import main

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def run_here(
    arguments: Sequence[str], *, cwd: Path, environ: Mapping[str, str], given: str = ""
) -> CompletedProcess[str]:
    """Run one command as if it were started: in this directory and environment, without a terminal."""
    out, err = io.StringIO(), io.StringIO()
    said = io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8")
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ, dict(environ), clear=True),
        mock.patch.multiple(sys, argv=["billing", *arguments], stdin=said),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return CompletedProcess(["billing", *arguments], int(ended.value.code or 0), out.getvalue(), err.getvalue())
