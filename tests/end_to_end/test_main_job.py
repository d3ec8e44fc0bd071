"""`script/up`: provision, use, provision again, on a machine with nothing but Python."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import stripe

from tests.end_to_end.processes import wait_for_end, working_in
from tests.end_to_end.project import ROOT, copy_project

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

pytestmark = pytest.mark.end_to_end

Ran = subprocess.CompletedProcess[str]
ID = r"[A-Za-z0-9]{14,}"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """This repository as a fresh clone has it, set up."""
    copy_project(tmp_path / "clone")
    for part in ("script", "examples"):
        shutil.copytree(ROOT / part, tmp_path / "clone" / part)
    return tmp_path / "clone"


@pytest.fixture
def script_up(clone: Path) -> Callable[..., Ran]:
    """Run what `script/up` runs, with an environment that knows nothing of Stripe and Pulumi."""
    nothing = {
        name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "STRIPE_", "BILLING_"))
    }

    def run(*arguments: str, **environ: str) -> Ran:
        line = [sys.executable, "script/main_job.py", *arguments]
        everything = {**nothing, "PULUMI_HOME": str(clone / "home"), **environ}
        return subprocess.run(line, cwd=clone, env=everything, capture_output=True, text=True, check=False)

    return run


def found(pattern: str, text: str) -> str:
    """What the group of a pattern matches, which must be there."""
    match = re.search(pattern, text, re.MULTILINE)
    assert match is not None, f"{pattern} is not in\n{text}"
    return match.group(1)


def settings(clone: Path) -> dict[str, bytes]:
    """The files that belong to the repository."""
    return {path.name: path.read_bytes() for path in (clone / "stacks").iterdir()}


def test_it_works_and_works_again(clone: Path, script_up: Callable[..., Ran]) -> None:
    """The second run finds the objects of the first; nothing of the repository is changed, no process left behind."""
    before = settings(clone)
    runs = [script_up("--engine", "local") for _ in range(2)]
    assert [(run.returncode, run.stderr) for run in runs] == [(0, "")] * 2
    tells_everything(runs[0].stdout, "17 unchanged")
    first, second = (used(run.stdout) for run in runs)
    assert first == second
    assert settings(clone) == before
    assert working_in(clone) == []


@pytest.mark.pulumi_cli
@pytest.mark.usefixtures("pulumi")
def test_it_takes_the_pulumi_cli_where_there_is_one(clone: Path, script_up: Callable[..., Ran]) -> None:
    """The same with the real engine, chosen by itself."""
    done = script_up()
    assert "Engine: pulumi v" in done.stdout
    tells_everything(done.stdout, "17 unchanged")
    wait_for_end(working_in(clone))


def used(said: str) -> tuple[list[str], str, str]:
    """The ids of prices, customer and subscription that the runtime used."""
    prices = re.findall(rf"^    [\w.-]+ .* (price_{ID})$", said, re.MULTILINE)
    customer = found(rf"^Customer of acme: (cus_{ID}); asked again: \1, the same$", said)
    assert len(prices) == 6
    return prices, customer, found(rf"^Subscription of acme: (sub_{ID}), trialing, \d seats$", said)


def tells_everything(said: str, unchanged: str) -> None:
    """What was provisioned, tokens counted once, seats of 3, 5 and 2, credits refused; at the end nothing changes."""
    assert "\nStack local of account acct_emulator\n  Free  (free, no subscription needed)\n" in said
    assert "    team.monthly           12.00 USD a seat / month, 14 days free price_" in said
    assert "2,500 tokens recorded, sent twice, counted once; last 24 hours: 2,500\n" in said
    assert "  3 members: 3 → 3 seats, nothing to do\n  5 members: 3 → 5 seats\n  2 members: 5 → 2 seats\n" in said
    counted = r"^Credits of acme: 5 of 1,000 used, twice under one key, counted once\n  9\d\d left until "
    assert re.search(counted, said, re.MULTILINE)
    assert re.search(r"^  5,000 more: refused, limit reached; 9\d\d left$", said, re.MULTILINE)
    assert unchanged in said[said.index("── 3. Provision again: no changes") :]


def test_keep_leaves_the_emulator_running(clone: Path, script_up: Callable[..., Ran]) -> None:
    """Address, process and key are told; it has what was provisioned; the next run uses it and leaves it running."""
    done = script_up("--engine", "local", "--keep")
    assert done.returncode == 0
    told = r"^The emulator is still running at (\S+) \(process \d+\); its key is sk_test_emulator$"
    url, process = found(told, done.stdout), found(r"\(process (\d+)\)", done.stdout)
    try:
        client = stripe.StripeClient("sk_test_emulator", base_addresses={"api": url})
        assert len(client.v1.prices.list({"active": True}).data) == 6
        assert f"Emulated Stripe at {url}, still running since `--keep`" in script_up("--engine", "local").stdout
        assert len(client.v1.prices.list({"active": True}).data) == 6
    finally:
        os.kill(int(process), signal.SIGTERM)
    wait_for_end(working_in(clone))


def test_a_real_account_needs_a_key(clone: Path, script_up: Callable[..., Ran]) -> None:
    """Without one there is one sentence, and nothing has been begun."""
    before = settings(clone)
    done = script_up("--engine", "local", "--stack", "dev")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: stack dev is a real Stripe account: set STRIPE_API_KEY, a secret key of its sandbox\n"
    assert settings(clone) == before


def test_another_stack_goes_where_the_key_says(
    clone: Path, script_up: Callable[..., Ran], stripe_emulator: EmulatorClient
) -> None:
    """With STRIPE_API_KEY set no emulator is started; here one stands in for the real account."""
    settings_of_stripe = {"STRIPE_API_KEY": "sk_test_sandbox", "STRIPE_API_BASE": stripe_emulator.url}
    done = script_up("--engine", "local", "--stack", "dev", **settings_of_stripe)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Emulated Stripe" not in done.stdout
    assert "\nStack dev of account acct_sandbox\n" in done.stdout
    client = stripe.StripeClient("sk_test_sandbox", base_addresses={"api": stripe_emulator.url})
    assert client.v1.webhook_endpoints.list().data[0].url == "https://dev.example.com/stripe"
    assert "sk_test_sandbox" not in done.stdout + done.stderr


def test_a_failure_leaves_no_emulator_behind(clone: Path, script_up: Callable[..., Ran]) -> None:
    """What went wrong is said, the exit code tells it, and the emulator is stopped."""
    catalog = clone / "stacks" / "catalog.yaml"
    catalog.write_text(catalog.read_text(encoding="utf-8").replace("rank: 2", "rank: two"), encoding="utf-8")
    done = script_up("--engine", "local")
    assert done.returncode == 1
    assert "plans.team.rank" in done.stdout
    assert "── 2." not in done.stdout
    assert working_in(clone) == []
