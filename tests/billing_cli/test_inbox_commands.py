"""`billing worker`, `billing sync` and `billing inbox`, beside an application that takes webhooks in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing
from tests.billing_runtime.conftest import IMPATIENT, create_meter, create_price, example
from tests.billing_runtime.inbox.conftest import SECRET, event, signature

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
APP = """
import os
from billing_runtime import Billing

billing = Billing.open(store=os.environ["BILLING_STORE"])

@billing.on("customer.updated")
def hear(told):
    print("heard", told.entity_id, flush=True)
"""


@pytest.fixture
def manifest(stripe_emulator: EmulatorClient) -> Json:
    """The example, provisioned."""
    import stripe

    client = stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})
    data = example()
    for key, meter in data["meters"].items():
        meter["id"] = create_meter(client, key, meter).id
    for key, product in data["products"].items():
        product["id"] = client.v1.products.create({"name": key}).id
    for key, facts in data["prices"].items():
        facts["id"] = create_price(client, data, key, facts).id
    return data


@pytest.fixture
def environ(manifest: Json, stripe_emulator: EmulatorClient, tmp_path: Path) -> dict[str, str]:
    """What a process of the application finds in its environment."""
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    ours = {
        "BILLING_MANIFEST": str(tmp_path / "manifest.json"),
        "BILLING_STORE": f"sqlite:///{tmp_path}/runtime.db",
        "BILLING_WEBHOOK_SECRETS": SECRET,
        "STRIPE_API_KEY": stripe_emulator.key,
        "STRIPE_API_BASE": stripe_emulator.url,
    }
    return os.environ | ours


@pytest.fixture
def application(environ: dict[str, str]) -> Iterator[Billing]:
    """The application, whose customer org_1 has a trial; one webhook has come in, and nobody has worked on it."""
    with Billing.open(store=environ["BILLING_STORE"], environ=environ, retries=IMPATIENT) as billing:
        customer = billing.customers.ensure("org_1", kind="organization").id
        billing.subscribe("org_1", price="team.monthly")
        body = json.dumps(event("customer.updated", {"id": customer, "object": "customer"}, id="evt_1")).encode()
        assert billing.webhook(body, signature(body, int(billing._context.clock().timestamp()))).new
        yield billing


@pytest.fixture
def run(environ: dict[str, str], tmp_path: Path) -> Run:
    """Run a command to its end."""

    def one(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "billing_cli", *arguments]
        return subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)

    return one


def test_a_worker_once_does_what_is_due(run: Run, application: Billing, tmp_path: Path) -> None:
    """With the application named its hooks must hear, and the event be done."""
    (tmp_path / "shop.py").write_text(APP)
    done = run("worker", "--app", "shop:billing", "--once")
    assert done.returncode == 0
    assert done.stdout.startswith("heard org_1\n")
    assert done.stdout.endswith(" events worked on\n")  # with those of the making, whose webhooks never came
    assert application.inbox.lag().waiting == 0
    again = run("worker", "--once", "--json")
    assert json.loads(again.stdout) == {"events": 0}
    assert "no hooks of an application are called here" in again.stderr


def test_a_worker_that_cannot_find_the_application_says_so(run: Run, application: Billing) -> None:
    """A wrong name must be one sentence, not a traceback."""
    done = run("worker", "--app", "nowhere:billing", "--once")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--app nowhere:billing cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_ends_in_good_order(application: Billing, environ: dict[str, str], tmp_path: Path) -> None:
    """SIGTERM must end a worker after what it has begun, with exit code 0."""
    (tmp_path / "shop.py").write_text(APP)
    command = [sys.executable, "-m", "billing_cli", "worker", "--app", "shop:billing"]
    process = subprocess.Popen(command, env=environ, cwd=tmp_path, stdout=-1, stderr=-1, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "heard org_1\n"
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate()
    assert (process.returncode, "Traceback" in said) == (0, False)
    assert application.inbox.lag().waiting == 0


def test_sync_of_one_and_of_all(run: Run, application: Billing) -> None:
    """One entity must be shown with its subscriptions, all of them with counts; without either it is wrong usage."""
    one = run("sync", "org_1")
    assert (one.returncode, one.stdout.split()[0], one.stdout.split()[-1]) == (0, "org_1:", "trialing")
    everybody = json.loads(run("sync", "--all", "--json").stdout)
    assert (everybody["customers"], everybody["subscriptions"]) == (1, 1)
    assert "1 customers, 1 subscriptions looked at" in run("sync", "--all").stdout
    assert run("sync").returncode == run("sync", "org_1", "--all").returncode == 2


def test_what_was_given_up_is_listed_and_replayed(run: Run, application: Billing) -> None:
    """Waiting and dead events must be shown with their reasons, and dead ones be put back to work."""
    listed = run("inbox", "list")
    assert "evt_1 customer.updated ×0" in listed.stdout
    assert "1 waiting (0 failed before)" in listed.stdout
    found = json.loads(run("inbox", "list", "--json").stdout)
    assert (found["lag"]["waiting"], found["events"][0]["event_id"]) == (1, "evt_1")
    assert json.loads(run("inbox", "replay", "evt_1", "--json").stdout) == {"replayed": 1}
    assert run("inbox", "replay", "--dead").stdout == "0 to be worked on again\n"
    assert run("inbox", "replay").returncode == 2
    unknown = run("inbox", "replay", "evt_2")
    assert (unknown.returncode, "No event 'evt_2' ever came in" in unknown.stderr) == (1, True)
