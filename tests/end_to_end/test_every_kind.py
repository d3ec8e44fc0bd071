"""Every kind through an engine, in one catalog: made, changed, replaced, meddled with, destroyed, and made again."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from billing_resources._engine import every_kind
from billing_resources._engine.kind import REGISTRY
from tests.billing_resources.newer_kinds import living
from tests.end_to_end.everything import BY_NEW_ONES, CATALOG, IN_PLACE, first_portal, ids, meddle

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

assert every_kind
pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(900)]  # a dozen runs of an engine in one test
KINDS = set(REGISTRY)


@pytest.fixture
def everything(project: Project, client: stripe.StripeClient) -> Project:
    """A new stack with a catalog of every kind; the account's first portal configuration is somebody else's."""
    first_portal(client)
    project.catalog.write_text(CATALOG, encoding="utf-8")
    return project


def planned(project: Project, *options: str) -> dict[str, set[str]]:
    """The kinds that a preview does something to, by what it does."""
    done = project.run("preview", "--json", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, set[str]] = defaultdict(set)
    for step in json.loads(done.stdout)["steps"]:
        kind = step["urn"].split("::")[2].rpartition(":")[2]
        if kind in REGISTRY and step["op"] not in {"same", "refresh"}:
            found[step["op"]].add(kind)
    return found


def unchanged(project: Project) -> None:
    """Nothing is left to do, by the state and by Stripe."""
    project.ok("preview", "--refresh", "--expect-no-changes")


def changed(project: Project, overrides: dict[str, Any]) -> dict[str, set[str]]:
    """Override the catalog and provision; answers what was planned."""
    project.set(billing__overrides=overrides)
    plan = planned(project)
    project.ok("up")
    return plan


def all_living(client: stripe.StripeClient) -> dict[str, int]:
    """How many objects of each kind are active."""
    return {kind: count for kind in KINDS if (count := len(living(client, kind)))}


@pytest.mark.rule("real engine", "all")
def test_made_changed_and_replaced(everything: Project, client: stripe.StripeClient) -> None:
    """Each step plans what it says, for every kind that it can happen to, and leaves nothing to do."""
    everything.ok("up")
    unchanged(everything)
    everything.ok("preview", "--expect-no-changes")
    there = all_living(client)
    assert set(there) == KINDS
    assert changed(everything, IN_PLACE)["update"] == KINDS - {"ProductFeature"}
    unchanged(everything)
    assert changed(everything, BY_NEW_ONES)["replace"] == KINDS - {"PortalConfiguration"}
    unchanged(everything)
    assert all_living(client) == there


@pytest.mark.rule("real engine", "all")
def test_meddled_with_destroyed_and_made_again(everything: Project, client: stripe.StripeClient) -> None:
    """What somebody changed at Stripe is seen by both kinds of refresh and put right; nothing stays; all comes back."""
    everything.ok("up")
    there = all_living(client)
    meddle(everything, client)
    ahead = {"update": KINDS - {"Alert", "ProductFeature"}, "create": {"Alert", "ProductFeature"}}
    assert planned(everything, "--refresh") == ahead
    everything.ok("refresh")
    assert planned(everything) == ahead
    everything.ok("up")
    unchanged(everything)
    assert all_living(client) == there
    everything.ok("destroy")
    assert all_living(client) == {}
    everything.ok("up")
    unchanged(everything)
    assert all_living(client) == there


def test_a_renamed_stack_keeps_everything(everything: Project, stripe_emulator: EmulatorClient) -> None:
    """The marks get the new name, as one visible update of each object that has marks; nothing else is written."""
    everything.ok("up")
    before = ids(everything)
    done = everything.billing("stack", "rename", "renamed", "--stack", "local", "--engine", everything.engine)
    assert done.returncode == 0, done.stdout + done.stderr
    everything.stack = "renamed"
    assert planned(everything) == {"update": KINDS - {"Meter", "Alert", "ProductFeature"}}
    stripe_emulator.clear_requests()
    everything.ok("up")
    sent = stripe_emulator.requests(method="POST", path="/v*")
    assert {name for one in sent for name in one["params"]} <= {"metadata", "expand", "include"}
    assert ids(everything) == before
    unchanged(everything)
