"""State that earlier versions wrote: this version finds nothing to do in it, and goes on with it."""

from __future__ import annotations

import pytest

from billing_resources._engine import every_kind
from billing_resources._engine.kind import REGISTRY
from stripe_emulator.client import EmulatorClient
from tests.end_to_end.everything import ids
from tests.end_to_end.kept_states import VERSIONS, go_on
from tests.end_to_end.project import Project

assert every_kind
pytestmark = pytest.mark.end_to_end


@pytest.mark.rule("older state", "all")
@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_to_do(version: str, project: Project, stripe_emulator: EmulatorClient) -> None:
    """Neither by the state nor by Stripe, for any kind; its secrets can be read; and all of it can be removed."""
    go_on(version, project, stripe_emulator)
    assert {kind for kind, _ in ids(project)} == set(REGISTRY)
    project.ok("preview", "--expect-no-changes")
    project.ok("refresh", "--expect-no-changes")
    project.ok("up", "--expect-no-changes")
    assert stripe_emulator.count(method="POST", path="/v*") == 0
    assert (
        "whsec_"
        in project.billing("stack", "output", "--show-secrets", "--stack", "local", "--engine", project.engine).stdout
    )
    project.ok("destroy")
    assert ids(project) == {}
