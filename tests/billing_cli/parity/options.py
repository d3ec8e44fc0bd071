"""What the tests of `billing parity` share: the option that names a manifest, and the engines."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

Write = Callable[..., str]
"""Writes a stack's manifest, and answers the option that names it."""
ENGINES = ["local", pytest.param("pulumi", marks=pytest.mark.pulumi_cli)]


def require(engine: str) -> None:
    """Skip, visibly, where the Pulumi CLI is needed and not there."""
    if engine == "pulumi" and shutil.which("pulumi") is None:
        pytest.skip("pulumi is not on PATH")
