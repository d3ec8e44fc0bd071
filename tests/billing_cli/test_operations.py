"""preview, up, refresh, destroy, cancel: what they print, their JSON, their exit codes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.billing_cli.conftest import Billing
from tests.end_to_end.project import Project

if TYPE_CHECKING:
    import subprocess

    from stripe_emulator.client import EmulatorClient

DEARER = {"plans": {"team": {"prices": {"monthly": {"unit_amount": 1400}}}}}
EVENTS = {"preludeEvent", "resourcePreEvent", "resOutputsEvent", "diagnosticEvent", "summaryEvent", "cancelEvent"}


def preview_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The document of `preview --json`: standard output holds nothing else."""
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_up_of_a_new_stack(installed: Billing) -> None:
    """It says which engine works and that the stack is new; each object has a line; the stack is counted with them."""
    said = installed("up", "--stack", "local", "--engine", "local", "--yes").stdout
    assert said.startswith(
        "Engine: local engine\nStack local has settings and no state yet: created\nUpdating (local):\n"
    )
    assert len(re.findall(r"^ \+  \w+ +[\w.-]+ +created \(\d+(?:\.\d\d)?s\)$", said, re.MULTILINE)) == 16
    assert "\nResources:\n    + 17 created\n\nDuration: " in said
    assert re.search(
        r"\nOutputs:\n    manifest      : { … }  \d+ lines: --diff tells them\n    webhookSecrets: \[secret\]\n", said
    )


def test_a_preview_of_a_price_change(provisioned: Project) -> None:
    """Old and new amount, that it replaces the price, and in which plan."""
    provisioned.set(billing__overrides=DEARER)
    assert provisioned.ok("preview").splitlines() == [
        "Engine: local engine",
        "Previewing update (local):",
        "    Type         Name           Plan",
        "    Stack        billing-local",
        "    └─ Plan      team",
        " +-    └─ Price  team.monthly   replace",
        "               unit_amount: 1200 → 1400 (replaces)",
        "",
        "Resources:",
        "    +-1 to replace",
        "    16 unchanged",
    ]


def test_changes_where_none_were_expected(provisioned: Project, stripe_emulator: EmulatorClient) -> None:
    """Exit code 7, and a preview has written nothing."""
    provisioned.set(billing__overrides=DEARER)
    done = provisioned.run("preview", "--expect-no-changes")
    assert done.returncode == 7
    assert done.stderr == "error: no changes were expected for preview but changes were proposed\n"
    assert stripe_emulator.count(path="/v1/*") == 0


def test_nothing_to_do(provisioned: Project) -> None:
    """A second `up` says that there are no changes."""
    assert "\nResources:\n    17 unchanged\n" in provisioned.ok("up", "--expect-no-changes")


def test_up_as_json_is_a_stream_of_events(provisioned: Project) -> None:
    """One event on each line, in the shape of `pulumi up --json`; what is for people goes to standard error."""
    provisioned.set(billing__overrides=DEARER)
    done = provisioned.run("up", "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["sequence"] for event in events] == list(range(len(events)))
    assert {name for event in events for name in event} - {"sequence", "timestamp"} <= EVENTS
    [summary] = [event["summaryEvent"] for event in events if "summaryEvent" in event]
    assert summary["resourceChanges"] == {"replace": 1, "same": 16}
    assert done.stderr == "Engine: local engine\n"


@pytest.mark.usefixtures("pulumi")
@pytest.mark.pulumi_cli
def test_both_engines_answer_the_same_preview(provisioned: Project) -> None:
    """The same keys, the same steps with the same keys, the same counts: programs need not know the engine."""
    provisioned.set(billing__overrides=DEARER)
    local, pulumi = (
        preview_of(provisioned.billing("preview", "--json", "--stack", "local", "--engine", engine))
        for engine in ("local", "pulumi")
    )
    assert set(local) - {"diagnostics"} == set(pulumi) - {"diagnostics"}
    assert local["changeSummary"] == pulumi["changeSummary"]
    for one, other in zip(by_urn(local), by_urn(pulumi), strict=True):
        assert (one["op"], one["urn"], set(one)) == (other["op"], other["urn"], set(other))
        assert (one["replaceReasons"], one["detailedDiff"]) == (other["replaceReasons"], other["detailedDiff"])


def by_urn(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps in one order; empty reasons are as good as none."""
    steps: list[dict[str, Any]] = sorted(document["steps"], key=lambda step: str(step["urn"]))
    return [{"replaceReasons": None, "detailedDiff": None, **step} for step in steps]


@pytest.mark.parametrize("engine", ["local", pytest.param("pulumi", marks=pytest.mark.pulumi_cli)])
@pytest.mark.parametrize("text", ['{"version": 3, "checkp', "[]", ""])
def test_a_state_file_that_is_broken(
    provisioned: Project, stripe_emulator: EmulatorClient, request: pytest.FixtureRequest, engine: str, text: str
) -> None:
    """The place is told and the way out; the file stays as it is, and nothing is sent."""
    if engine == "pulumi":
        request.getfixturevalue("pulumi")
    provisioned.state_file.write_text(text, encoding="utf-8")
    done = provisioned.billing("up", "--stack", "local", "--engine", engine, "--yes")
    [said] = done.stderr.splitlines()
    assert done.returncode == 1
    assert str(provisioned.directory / "state") in said
    assert ".json.bak" in said
    assert "nothing was changed" in said
    assert provisioned.state_file.read_text(encoding="utf-8") == text
    assert stripe_emulator.count(path="/v1/*") == 0


def test_drift_is_told_by_refresh(provisioned: Project, stripe_emulator: EmulatorClient) -> None:
    """What was changed at Stripe is told with old and new value, and taken over into the state."""
    client = stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})
    client.v1.webhook_endpoints.update(client.v1.webhook_endpoints.list().data[0].id, {"description": "Other"})
    said = provisioned.ok("refresh")
    assert re.search(r"~  WebhookEndpoint +app +changed at Stripe", said)
    assert 'description: "The application" → "Other"' in said
    assert "Resources:\n    17 unchanged" in provisioned.ok("refresh")


def test_destroy_tells_each_object(provisioned: Project) -> None:
    """A line for each, and afterwards there is nothing to destroy."""
    said = provisioned.ok("destroy")
    assert len(re.findall(r"^ -  \w+ +[\w.-]+ +deleted", said, re.MULTILINE)) == 16
    assert "Resources:\n    - 17 deleted" in said
    assert "Resources:\n\nDuration" in provisioned.ok("destroy")


def test_a_locked_stack_is_unlocked_by_cancel(provisioned: Project) -> None:
    """The refusal names the command, the command says what it did, and then it works."""
    lock = provisioned.directory / "state/.pulumi/locks/organization/billing/local/left.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text('{"pid": 1, "username": "ada", "hostname": "laptop", "timestamp": "now"}', encoding="utf-8")
    said = provisioned.refused("up")
    assert "locked by 1 lock(s)" in said
    assert "`billing cancel`" in said
    assert "ada@laptop" in said
    cancel = ("cancel", "--stack", "local", "--engine", "local", "--yes")
    assert provisioned.billing(*cancel).stdout == "stack local: 1 lock removed\n"
    assert provisioned.billing(*cancel).stdout == "nothing was locked\n"
    provisioned.ok("up", "--expect-no-changes")


def test_a_parallel_limit_is_kept(installed: Billing) -> None:
    """With -p 1 no object is begun before the one before it is done."""
    done = installed("up", "--stack", "local", "--engine", "local", "--yes", "--json", "-p", "1")
    begun: list[str] = []
    finished: list[str] = []
    for event in map(json.loads, done.stdout.splitlines()):
        for name, places in (("resourcePreEvent", begun), ("resOutputsEvent", finished)):
            if "dynamic/stripe" in event.get(name, {}).get("metadata", {}).get("urn", ""):
                places.append(event[name]["metadata"]["urn"])
        assert len(begun) - len(finished) <= 1
    assert begun == finished
    assert len(begun) == 13
