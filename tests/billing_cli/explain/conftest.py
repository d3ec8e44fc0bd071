"""`billing config explain` where no engine could work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.billing_cli.commands_here import Here
from tests.billing_cli.explain.explaining import Explain
from tests.end_to_end.project import copy_project


@pytest.fixture
def explain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Explain:
    """The command in this repository's project; no variable of ours is set."""
    copy_project(tmp_path / "shop")
    for name in ("STRIPE_API_KEY", "STRIPE_API_BASE", "BILLING_STACK", "BILLING_ALLOW_DESTRUCTIVE"):
        monkeypatch.delenv(name, raising=False)
    return Explain(Here(tmp_path / "shop"))
