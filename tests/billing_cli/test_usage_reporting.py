"""`billing usage drift`, `dead`, `retry`, `corrections` and `settle`, beside an application that counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from billing_runtime import Billing
from tests.billing_runtime.conftest import IMPATIENT
from tests.billing_runtime.outbox.conftest import Json, Time, shop

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient

Run = Callable[..., "subprocess.CompletedProcess[str]"]
GOLDEN = Path(__file__).with_name("usage_drift.json")


@pytest.fixture
def client(stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """The plain SDK."""
    import stripe

    return stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})


@pytest.fixture
def data(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> Json:
    """The manifest of a shop."""
    return shop(client)


@pytest.fixture
def environ(data: Json, stripe_emulator: EmulatorClient, tmp_path: Path) -> dict[str, str]:
    """What a process of the application finds in its environment."""
    (tmp_path / "manifest.json").write_text(json.dumps(data))
    ours = {
        "BILLING_MANIFEST": str(tmp_path / "manifest.json"),
        "BILLING_STORE": f"sqlite:///{tmp_path}/runtime.db",
        "STRIPE_API_KEY": stripe_emulator.key,
        "STRIPE_API_BASE": stripe_emulator.url,
    }
    return os.environ | ours


@pytest.fixture
def application(environ: dict[str, str], stripe_emulator: EmulatorClient) -> Iterator[Billing]:
    """The application, whose organization has used something that Stripe knows."""
    clock = Time(stripe_emulator)
    with Billing.open(store=environ["BILLING_STORE"], environ=environ, retries=IMPATIENT, clock=clock) as billing:
        billing.customers.ensure("org_1")
        billing.consume("org_1", "tokens", 5)
        billing.usage.flush()
        clock.pass_(minutes=3)
        yield billing


@pytest.fixture
def run(environ: dict[str, str], tmp_path: Path) -> Run:
    """Run a command to its end."""

    def one(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "billing_cli", "usage", *arguments]
        return subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)

    return one


def test_drift(run: Run, application: Billing, client: stripe.StripeClient) -> None:
    """Without a difference it must end with 0, with one with 3; the JSON is a public format."""
    done = run("drift", "--entity", "org_1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "org_1 tokens 2026-03-01 00:00:00: used 5, told 5, Stripe 5\n1 compared, 0 differ\n"
    application.usage.record("org_1", "tokens", 3, timestamp=application._context.clock() - timedelta(days=1))
    application.consume("org_1", "tokens", 2)
    application.consume("org_2", "calls", 1)
    found = run("drift", "--json")
    assert found.returncode == 3
    customer = application.customers.require("org_1").id
    assert found.stdout.replace(customer, "cus_1") == GOLDEN.read_text()
    assert "used 7, told 5, Stripe 8 (differs by +3)" in run("drift").stdout
    assert "nothing to compare with" in run("drift", "--entity", "org_2").stdout


def test_what_was_given_up(run: Run, application: Billing, data: Json, client: stripe.StripeClient) -> None:
    """It must be listed with its reason, and be told again when asked for."""
    meter = data["meters"]["tokens"]["id"]
    client.v1.billing.meters.deactivate(meter)
    application.consume("org_1", "tokens", 7)
    application.usage.flush()
    listed = run("dead").stdout
    assert "2026-03-01 tokens 7 org_1: No active meter" in listed
    assert "1 given up; 0 waiting" in listed
    found = json.loads(run("dead", "--json").stdout)
    assert (found["lag"]["dead"], found["dead"][0]["units"]) == (1, 7)
    client.v1.billing.meters.reactivate(meter)
    assert run("retry").returncode == run("retry", "use-1", "--all").returncode == 2
    unknown = run("retry", "use-1")
    assert (unknown.returncode, "There is no usage that was given up 'use-1'" in unknown.stderr) == (1, True)
    assert run("retry", found["dead"][0]["identifier"]).stdout == "1 to be told again\n"
    assert json.loads(run("retry", "--all", "--json").stdout) == {"retried": 0}
    application.usage.flush()
    assert run("drift").stdout.endswith("1 compared, 0 differ\n")


def test_what_is_to_be_put_right(run: Run, application: Billing) -> None:
    """Units that are billed too much must be listed until somebody says that it was put right."""
    receipt = str(application.consume("org_1", "calls", 4).receipt)
    application.usage.flush()
    clock = application._context.clock
    assert isinstance(clock, Time)
    clock.pass_(days=2)
    application.refund(receipt)
    application.usage.flush()
    assert "calls -4 org_1: it was told more than a day ago" in run("corrections").stdout
    [found] = json.loads(run("corrections", "--json").stdout)["corrections"]
    assert json.loads(run("settle", found["identifier"], "--json").stdout) == {"settled": 1}
    assert run("corrections").stdout == "0 to be put right\n"
    again = run("settle", found["identifier"])
    assert (again.returncode, "There is no correction" in again.stderr) == (1, True)
