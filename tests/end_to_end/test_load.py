"""Stripe's rate limit in the middle of an update: waited for; where it lasts, explained once, and a clean stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end
LIMITED = "Stripe's rate limit stayed exceeded over all retries"
ADVICE = "; run again later or lower --parallel"
AT_ONCE = {"headers": {"Stripe-Should-Retry": "false"}}


def kinds(project: Project) -> dict[str, int]:
    """How many objects of each kind the state has."""
    types = [one["type"].rpartition(":")[2] for one in project.resources() if "/stripe:" in one["type"]]
    return {kind: types.count(kind) for kind in sorted(set(types))}


def test_five_429s_are_waited_for(project: Project, stripe_emulator: EmulatorClient) -> None:
    """They are nobody's concern: the update succeeds as if they had not been."""
    stripe_emulator.fail_next(429, method="POST", path="/v1/billing/meters", count=5, headers={"Retry-After": "0"})
    assert LIMITED not in project.ok("up")
    assert stripe_emulator.count(method="POST", path="/v1/billing/meters") == 6
    project.ok("preview", "--expect-no-changes")


def test_a_lasting_429_is_explained_once(project: Project, stripe_emulator: EmulatorClient) -> None:
    """Every price that could not be made is named; everything else is there, and the next run makes the rest."""
    stripe_emulator.fail_next(429, method="POST", path="/v1/prices", count=None, **AT_ONCE)
    done = project.run("up", "--continue-on-error")  # here Pulumi's SDK has a traceback about the outputs of prices
    said = done.stdout + done.stderr
    assert done.returncode == 1
    failed = said.count("could not create Price ")
    assert (failed, said.count(LIMITED), said.count(ADVICE)) == (6, 6, 1)
    assert kinds(project) == {"Alert": 2, "Meter": 1, "Product": 3, "WebhookEndpoint": 1}
    stripe_emulator.clear_faults()
    project.ok("up")
    assert kinds(project)["Price"] == 6
    project.ok("preview", "--expect-no-changes")


def test_without_that_wish_the_engine_stops(project: Project, stripe_emulator: EmulatorClient) -> None:
    """What was begun is finished and kept, the exit code says that something failed, and a new run converges."""
    stripe_emulator.fail_next(429, method="POST", path="/v1/products", count=None, **AT_ONCE)
    said = project.refused("up")
    assert said.count(ADVICE) == 1
    made = stripe_emulator.count(method="POST", path="/v1/billing/meters", status=200)
    assert kinds(project).get("Meter", 0) == made
    stripe_emulator.clear_faults()
    project.ok("up")
    assert stripe_emulator.count(method="POST", path="/v1/billing/meters", status=200) == 1
