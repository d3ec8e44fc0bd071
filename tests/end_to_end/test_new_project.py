"""`billing init`: what a newcomer types, in that order, works at once, on both engines."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import stripe

from tests.end_to_end.conftest import end_language_hosts

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

pytestmark = pytest.mark.end_to_end

Ran = subprocess.CompletedProcess[str]
Typed = Callable[..., Ran]


@pytest.fixture
def typed(tmp_path: Path, stripe_emulator: EmulatorClient) -> Iterator[Typed]:
    """Type `billing …` as somebody who has set nothing; only the emulator's port is another than usual."""
    nothing = {
        name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "STRIPE_", "BILLING_"))
    }
    environ = {
        **nothing,
        "HOME": str(tmp_path / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "STRIPE_API_BASE": stripe_emulator.url,
    }

    def run(*arguments: str, cwd: Path = tmp_path) -> Ran:
        line = [sys.executable, "-m", "billing_cli", *arguments]
        return subprocess.run(
            line, cwd=cwd, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    yield run
    end_language_hosts(tmp_path / "shop")


def test_a_new_project_works_at_once(
    engine: str, typed: Typed, tmp_path: Path, stripe_emulator: EmulatorClient
) -> None:
    """Made, checked, provisioned without a key, a passphrase or a login, unchanged then, and destroyed."""
    shop = tmp_path / "shop"
    made = typed("init", "shop", "--currency", "eur")
    assert (made.returncode, made.stderr) == (0, "")
    checked = typed("check", cwd=shop)
    assert checked.stdout == "stacks/catalog.yaml: no problems (stacks dev, local, production, staging)\n"
    before = {path: path.read_bytes() for path in sorted((shop / "stacks").iterdir())}
    up = typed("up", "--stack", "local", "--engine", engine, "--yes", cwd=shop)
    assert up.returncode == 0, up.stdout + up.stderr
    client = stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})
    prices = client.v1.prices.list({"active": True}).data
    assert {price.lookup_key: (price.currency, price.unit_amount) for price in prices} == {
        "team_monthly": ("eur", 1200),
        "team_yearly": ("eur", 12000),
        "team_api_calls": ("eur", None),
    }
    again = typed("preview", "--stack", "local", "--engine", engine, "--expect-no-changes", cwd=shop)
    assert again.returncode == 0, again.stdout + again.stderr
    assert {path: path.read_bytes() for path in sorted((shop / "stacks").iterdir())} == before
    assert (shop / ".billing" / "state" / ".pulumi" / "stacks" / "shop" / "local.json").is_file()
    gone = typed("destroy", "--stack", "local", "--engine", engine, "--yes", cwd=shop)
    assert gone.returncode == 0, gone.stdout + gone.stderr
    assert not client.v1.products.list({"active": True}).data


def test_the_other_stacks_are_real(typed: Typed, tmp_path: Path) -> None:
    """Nothing goes without saying for them: a key is asked for, and nothing has been begun."""
    typed("init", "shop")
    done = typed("up", "--stack", "dev", "--engine", "local", "--yes", cwd=tmp_path / "shop")
    assert done.returncode == 1
    assert "no Stripe API key: set STRIPE_API_KEY" in done.stderr
    assert not (tmp_path / "shop" / ".billing").exists()
