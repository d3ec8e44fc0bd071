"""Stages on which the engine plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local_engine.stage import Stage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Return a project whose stack `dev` exists and is empty."""
    return Stage(tmp_path).init()
