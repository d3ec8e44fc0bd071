"""One stack, two engines: either goes on where the other stopped, in good times and in bad."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = [pytest.mark.end_to_end, pytest.mark.pulumi_cli, pytest.mark.usefixtures("pulumi")]

CHANGED: dict[str, Any] = {
    "plans": {"team": {"name": "Teams", "prices": {"monthly": {"unit_amount": 1400}}}},
    "alerts": {"tokens-more": {"title": "More", "usage_threshold": {"meter": "alpaca-ai-tokens", "gte": 200_000}}},
}


@pytest.fixture
def other(provisioned: Project) -> Project:
    """The same stack, worked on by the other engine."""
    return replace(provisioned, engine="pulumi" if provisioned.engine == "local" else "local")


def planned(project: Project) -> dict[str, int]:
    """What a preview counts."""
    done = project.run("preview", "--json")
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stdout)["changeSummary"]
    return counts


def test_what_one_engine_did_the_other_knows(
    provisioned: Project, other: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """After a first up nothing is to do; what a failed up left undone is done, and neither finds more to do then."""
    other.ok("preview", "--expect-no-changes")
    provisioned.set(billing__overrides=CHANGED)
    stripe_emulator.fail_next(400, method="POST", path="/v1/billing/alerts")
    provisioned.refused("up")
    assert planned(other)["create"] == 1
    other.ok("up")
    assert client.v1.prices.list({"lookup_keys": ["team_monthly"]}).data[0].unit_amount == 1400
    provisioned.ok("preview", "--expect-no-changes")
    other.ok("destroy")
    assert not client.v1.products.list({"active": True}).data


@pytest.mark.parametrize("engine", ["both"])
def test_a_new_stack_is_planned_alike(project: Project) -> None:
    """Both engines answer the same steps for a stack that does not exist yet, unknown ids and secrets included."""
    plans = []
    for engine in ("local", "pulumi"):
        done = replace(project, engine=engine).run("preview", "--json")
        plans.append(json.loads(done.stdout))
    local, pulumi = ({step["urn"]: step["op"] for step in plan["steps"]} for plan in plans)
    assert local == pulumi
    assert plans[0]["changeSummary"] == plans[1]["changeSummary"] == {"create": 17}
    states = [{step["urn"]: step["newState"].get("inputs") for step in plan["steps"]} for plan in plans]
    assert states[0] == states[1]
