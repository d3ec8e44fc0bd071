"""`billing credits`, beside an application that grants."""

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
NOTHING = {"included": 0, "per": "month", "overage": "block", "meter": None}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command to its end, after an organization was given something and has used some of it."""
    manifest = example()
    manifest["plans"]["team"] |= {"free": True, "prices": [], "limits": {"words": NOTHING}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    environ = os.environ | {
        "BILLING_MANIFEST": str(tmp_path / "manifest.json"),
        "BILLING_STORE": f"sqlite:///{tmp_path}/runtime.db",
        "STRIPE_API_KEY": "sk_test_emulator",
        "STRIPE_API_BASE": "http://127.0.0.1:9",
    }
    now = datetime(2026, 3, 14, tzinfo=UTC)
    with Billing.open(store=environ["BILLING_STORE"], environ=environ, clock=lambda: now) as billing:
        ends = datetime(2126, 3, 14, tzinfo=UTC)
        billing.credits.grant("org_1", "words", 50, source="welcome", expires_at=ends)
        billing.credits.grant("org_1", "words", 7, source="short", expires_at=now + timedelta(days=1))
        billing.consume("org_1", "words", 20)

    def one(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "billing_cli", "credits", *arguments]
        return subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)

    return one


def test_balance(run: Run) -> None:
    """It must tell what may be used and where it is from, and need no network."""
    shown = "words: 37 available, 0 pending, 0 expired\n  37 of 50 from welcome, priority 50, until 2126-03-14 00:00\n"
    assert run("balance", "org_1").stdout == shown
    found = json.loads(run("balance", "org_1", "--json").stdout)
    (balance,) = found["balances"]
    assert (found["version"], found["entity_id"], balance["name"], balance["available"]) == (1, "org_1", "words", "37")
    (grant,) = balance["grants"]
    assert (grant["left"], grant["source"], grant["expires_at"]) == ("37", "welcome", "2126-03-14T00:00:00+00:00")
    assert run("balance", "org_2").stdout == ""


def test_entries(run: Run) -> None:
    """It must tell what became of credits, newest first, all of it or what is asked for."""
    lines = run("entries", "org_1").stdout.splitlines()
    assert [line.split()[2:6] for line in lines] == [
        ["-13", "words", "used", "welcome"], ["-7", "words", "used", "short"],
        ["+7", "words", "granted", "short"], ["+50", "words", "granted", "welcome"],
    ]  # fmt: skip
    found = json.loads(run("entries", "org_1", "--json", "--most", "1").stdout)["entries"]
    assert [(one["kind"], one["units"]) for one in found] == [("used", "-13")]
    rest = run("entries", "org_1", "--before", found[0]["id"], "--name", "limits:words")
    assert rest.stdout.splitlines() == lines[1:]
    assert len(run("entries", "org_1", "--grant", found[0]["grant_id"]).stdout.splitlines()) == 2


def test_what_is_wrong_is_one_sentence(run: Run) -> None:
    """What cannot be meant is refused without a traceback."""
    done = run("balance", "")
    assert (done.returncode, done.stderr) == (1, "error: entity_id must be a string that is not empty.\n")
