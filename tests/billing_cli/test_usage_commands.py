"""`billing usage export`, beside an application that counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from billing_runtime import Billing
from tests.billing_runtime.conftest import example

Run = Callable[..., "subprocess.CompletedProcess[str]"]
CSV = "day,name,member,action,amount\n2026-03-14,members,ada,join,2\n2026-03-15,members,,,1\n"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """What a process of the application finds in its environment; Stripe is away."""
    manifest = example()
    manifest["plans"]["team"] |= {"free": True, "prices": []}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    ours = {
        "BILLING_MANIFEST": str(tmp_path / "manifest.json"),
        "BILLING_STORE": f"sqlite:///{tmp_path}/runtime.db",
        "STRIPE_API_KEY": "sk_test_emulator",
        "STRIPE_API_BASE": "http://127.0.0.1:9",
    }
    return os.environ | ours


@pytest.fixture
def run(environ: dict[str, str], tmp_path: Path) -> Run:
    """Run a command to its end, after an organization has used something on two days."""
    now = [datetime(2026, 3, 14, 23, tzinfo=UTC)]
    with Billing.open(store=environ["BILLING_STORE"], environ=environ, clock=lambda: now[0]) as billing:
        billing.consume("org_1", "members", 2, member="ada", action="join")
        now[0] += timedelta(hours=2)
        billing.consume("org_1", "members")

    def one(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "billing_cli", "usage", *arguments]
        return subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)

    return one


def test_export(run: Run) -> None:
    """It must print a table, of everything or of what is asked for, and need no network."""
    assert run("export", "org_1").stdout == CSV
    found = json.loads(run("export", "org_1", "--json", "--name", "limits:members", "--start", "2026-03-15").stdout)
    row = {"day": "2026-03-15", "name": "members", "member": None, "action": None, "amount": "1"}
    assert found == {"version": 1, "entity_id": "org_1", "usage": [row]}
    assert run("export", "org_1", "--format", "json").stdout == run("export", "org_1", "--json").stdout
    assert run("export", "org_1", "--end", "2026-03-14").stdout.count("\n") == 2
    assert run("export", "org_2").stdout == "day,name,member,action,amount\n"


def test_what_is_wrong_is_one_sentence(run: Run) -> None:
    """Days that cannot be are refused without a traceback."""
    done = run("export", "org_1", "--start", "2026-03-15", "--end", "2026-03-14")
    assert (done.returncode, done.stderr) == (1, "error: end must not be before start.\n")
    assert run("export", "org_1", "--start", "March").returncode == 2
