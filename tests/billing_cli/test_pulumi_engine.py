"""The Pulumi CLI as the engine: what it is asked, and how its events are shown."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.billing_cli.conftest import Billing, Ran
from tests.billing_cli.engine_events import PLAN, STACK, begun, done, state, summary, urn
from tests.billing_cli.rendering import timeless
from tests.end_to_end.project import Project

EVENTS = [
    {"preludeEvent": {"config": {}}},
    done("same", STACK),
    done("same", PLAN),
    begun("update", urn("Product", "team", plan=True)),
    done("update", urn("Product", "team", plan=True), old=state({"name": "a"}), new=state({"name": "b"}, parent=PLAN)),
    {"stdoutEvent": {"message": "View Live: https://app.pulumi.com\n", "color": "never"}},
    summary(update=1, same=2),
]
# Answers as the CLI does, and writes down what it was asked.
FAKE = """#!{python}
import json, os, sys
with open({log!r}, "a") as log:
    log.write(json.dumps([sys.argv[1:], os.environ.get("PULUMI_ENABLE_STREAMING_JSON_PREVIEW")]) + "\\n")
if "version" in sys.argv:
    print("v3.260.0")
elif "ls" in sys.argv:
    print('[{{"name": "local"}}]')
elif "stack" in sys.argv:
    print("{{}}")
elif "--diff" in sys.argv:
    print("the CLI's own display")
else:
    print(open({events!r}).read(), end="")
    print("a warning that is no event")
    sys.stderr.write("error: no changes were expected\\n")
    sys.exit(7)
"""


class Pulumi:
    """A command that stands in for the CLI."""

    def __init__(self, directory: Path, installed: Billing) -> None:
        self._log = directory / "log"
        self._billing = installed
        events = directory / "events"
        events.write_text("".join(json.dumps({"sequence": at, **one}) + "\n" for at, one in enumerate(EVENTS)))
        command = directory / "pulumi"
        command.write_text(FAKE.format(python=sys.executable, log=str(self._log), events=str(events)))
        command.chmod(0o755)
        self._path = f"{directory}{os.pathsep}{os.environ['PATH']}"

    def run(self, *arguments: str) -> Ran:
        """Run a command of ours with it on PATH."""
        return self._billing(*arguments, "--stack", "local", "--engine", "pulumi", PATH=self._path)

    def asked(self) -> tuple[list[str], str | None]:
        """The last thing it was asked, and whether for a stream of events."""
        found: list[str]
        found, streamed = json.loads(self._log.read_text().splitlines()[-1])
        return found, streamed


@pytest.fixture
def stand_in(tmp_path: Path, installed: Billing) -> Pulumi:
    """The stand-in."""
    (tmp_path / "bin").mkdir()
    return Pulumi(tmp_path / "bin", installed)


def test_its_events_are_shown_as_those_of_the_local_engine(stand_in: Pulumi) -> None:
    """One view for both; what is no event is passed on, and so is the exit code."""
    done = stand_in.run("preview", "--expect-no-changes")
    assert done.returncode == 7
    assert done.stderr == "error: no changes were expected\n"
    assert done.stdout.partition("\n")[2] == (
        "Previewing update (local):\n"
        "View Live: https://app.pulumi.com\n"
        "    Type           Name      Plan\n"
        "    Stack          shop-dev\n"
        "    └─ Plan        team\n"
        " ~     └─ Product  team      update\n"
        '               name: "a" → "b"\n'
        "\n"
        "Resources:\n"
        "    ~ 1 to update\n"
        "    2 unchanged\n"
        "a warning that is no event\n"
    )


def test_it_is_asked_for_events_and_never_to_ask(stand_in: Pulumi) -> None:
    """A preview as a stream takes a variable; the outputs are shown, cut by us."""
    stand_in.run("preview", "--refresh", "-p", "3")
    assert stand_in.asked() == (
        ["--non-interactive", "preview", "--stack", "local", "--parallel", "3", "--refresh", "--json"],
        "true",
    )


def test_its_own_documents_stay_its_own(stand_in: Pulumi) -> None:
    """--json of a preview is the document, not the stream."""
    stand_in.run("preview", "--json")
    assert stand_in.asked() == (["--non-interactive", "preview", "--stack", "local", "--json"], None)


@pytest.mark.parametrize(("command", "whole"), [("preview", True), ("up", True), ("destroy", True), ("refresh", False)])
def test_its_own_diff_view(stand_in: Pulumi, command: str, whole: bool) -> None:
    """--diff is the CLI's display, with nothing cut wherever it knows how."""
    done = stand_in.run(command, "--diff", *(["--yes"] if command != "preview" else []))
    asked, _ = stand_in.asked()
    assert done.stdout.endswith("the CLI's own display\n")
    assert "--diff" in asked
    assert ("--show-full-output" in asked) is whole


@pytest.mark.usefixtures("pulumi")
@pytest.mark.pulumi_cli
def test_both_engines_are_shown_alike(provisioned: Project) -> None:
    """The same change on both: the same page, but for the engine's name."""
    provisioned.set(billing__overrides={"plans": {"team": {"prices": {"monthly": {"unit_amount": 1400}}}}})
    local, real = (
        provisioned.billing("preview", "--stack", "local", "--engine", engine).stdout.partition("\n")[2]
        for engine in ("local", "pulumi")
    )
    assert timeless(local) == timeless(real)
    assert "unit_amount: 1200 → 1400 (replaces)" in real
