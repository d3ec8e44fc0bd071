"""kill -9 in the middle of a write: the next `up` makes no second object, and all is as if nothing had happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.processes import below, host_of, wait_for_end

if TYPE_CHECKING:
    import subprocess

    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end

DEARER = {"plans": {"team": {"prices": {"monthly": {"unit_amount": 1400}}}}}
LOOKUP_KEYS = (
    "team_monthly",
    "team_yearly",
    "team_volume",
    "alpaca_ai_base",
    "alpaca_ai_tokens",
    "alpaca_ai_graduated",
)
FIRST, SECOND = ("/v1/products", "/v1/billing/meters", "/v1/webhook_endpoints"), ("/v1/prices", "/v1/billing/alerts")
Kill = Callable[["Project", "subprocess.Popen[str]"], None]


def kill_host(project: Project, running: subprocess.Popen[str]) -> None:
    """The provider host dies; the engine notices, and ends in good order."""
    host_of(running.pid).kill()
    running.communicate()


def kill_everything(project: Project, running: subprocess.Popen[str]) -> None:
    """All processes die at once, as in a power cut; then a user unlocks the stack."""
    for process in below(running.pid):
        process.kill()
    running.communicate()
    unlock(project)


MOMENTS = pytest.mark.parametrize("when", ["before", "after"])  # whether Stripe had processed the request by then
VICTIMS = pytest.mark.parametrize("kill", [kill_host, kill_everything])


def up_killed_at(project: Project, emulator: EmulatorClient, kill: Kill, when: str, *paths: str) -> None:
    """Begin an `up` and kill it when the next POST to each path is held; what is held goes no further."""
    held = [emulator.pause_next(when, method="POST", path=path) for path in paths]
    running = project.begin("up")
    for pause in held:
        pause.wait_until_reached()
    kill(project, running)
    emulator.clear_faults()


def unlock(project: Project) -> None:
    """What a user does after the engine was killed."""
    assert project.billing("cancel", "--stack", project.stack, "--engine", project.engine, "--yes").returncode == 0


def one_of_each(client: stripe.StripeClient) -> None:
    """Nothing active is there twice, and nothing is missing."""
    prices = Counter(price.lookup_key for price in client.v1.prices.list({"active": True, "limit": 100}).data)
    assert prices == dict.fromkeys(LOOKUP_KEYS, 1)
    products = sorted(str(product.name) for product in client.v1.products.list({"active": True}).data)
    assert products == ["Alpaca AI", "Free", "Team"]
    assert [meter.event_name for meter in client.v1.billing.meters.list().data] == ["alpaca_ai_tokens"]
    thresholds = sorted(
        alert.usage_threshold.gte for alert in client.v1.billing.alerts.list().data if alert.usage_threshold
    )
    assert thresholds == [80_000, 100_000]
    assert len(client.v1.webhook_endpoints.list().data) == 1


@MOMENTS
@VICTIMS
@pytest.mark.parametrize("engine", ["local"])
def test_creates_that_were_cut_short(
    project: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient, kill: Kill, when: str
) -> None:
    """Killed while a product, a meter and an endpoint are made, then while a price and an alert are: one of each."""
    up_killed_at(project, stripe_emulator, kill, when, *FIRST)
    up_killed_at(project, stripe_emulator, kill, when, *SECOND)
    project.ok("up")
    one_of_each(client)
    project.ok("preview", "--expect-no-changes")


@pytest.mark.parametrize(
    ("kill", "when"), [(kill_host, "after"), (kill_everything, "before"), (kill_everything, "after")]
)
@pytest.mark.parametrize("engine", ["local"])
def test_a_replacement_that_was_cut_short(
    provisioned: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient, kill: Kill, when: str
) -> None:
    """Killed at each of its three writes, one run after the other: the key is on one active price all the time."""
    provisioned.set(billing__overrides=DEARER)
    for path in ("/v1/prices", "/v1/products/*", "/v1/prices/*"):
        up_killed_at(provisioned, stripe_emulator, kill, when, path)
        assert len(client.v1.prices.list({"lookup_keys": ["team_monthly"], "active": True}).data) == 1
    provisioned.ok("up")
    one_of_each(client)
    assert client.v1.prices.list({"lookup_keys": ["team_monthly"]}).data[0].unit_amount == 1400
    provisioned.ok("preview", "--expect-no-changes")


@pytest.mark.parametrize("engine", [pytest.param("pulumi", marks=pytest.mark.pulumi_cli)], indirect=True)
def test_with_the_pulumi_cli(project: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """The real engine, killed while nothing but creates is under way: cancel, up, and one of each is there."""
    up_killed_at(project, stripe_emulator, kill_everything, "after", *FIRST, *["/v1/products"] * 2)
    project.ok("up")
    one_of_each(client)
    project.ok("preview", "--expect-no-changes")


@pytest.mark.parametrize("engine", ["local"])
def test_a_killed_engine_leaves_a_lock_and_no_process(project: Project, stripe_emulator: EmulatorClient) -> None:
    """Host and program notice and end on their own; the next run is refused until the lock is removed."""
    pause = stripe_emulator.pause_next("before", method="POST", path="/v1/products")
    running = project.begin("up")
    pause.wait_until_reached()
    left = below(running.pid)
    running.kill()
    running.communicate()
    wait_for_end(left)
    stripe_emulator.clear_faults()
    assert "`billing cancel`" in project.refused("up")
    unlock(project)
    project.ok("up")
