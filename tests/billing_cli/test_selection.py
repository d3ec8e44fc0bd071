"""Operations that are about some resources only, on the engine that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from billing_cli.engines.selection import Selection
from tests.billing_cli.test_operations import DEARER

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project


def test_names_urns_and_patterns() -> None:
    """A name alone means the resource of that name, wherever it is; a URN or a pattern means itself."""
    found = Selection.of({"targets": ("team.seat", "urn:pulumi:a::b::c::d", "**Price::*")})
    assert found.targets == ("**::team.seat", "urn:pulumi:a::b::c::d", "**Price::*")


def test_what_is_named_is_known_apart_from_patterns() -> None:
    """Only names alone, of targets and of what is left out; one that has stars is a pattern."""
    assert Selection.of({"targets": ("a", "urn:pulumi:a::b::c::d", "**Price::*", "t*")}).names() == ["a"]
    assert Selection.of({"excludes": ("b", "c")}).names() == ["b", "c"]


def test_both_engines_are_told_the_same() -> None:
    """Keywords of the local engine and arguments of the CLI say the same; what was not asked for is not said."""
    found = Selection.of({"excludes": ("a",), "replaces": ("b",), "continue_on_error": True})
    assert found.keywords() == {"excludes": ("**::a",), "replaces": ("**::b",), "continue_on_error": True}
    assert found.arguments() == ["--exclude", "**::a", "--replace", "**::b", "--continue-on-error"]
    assert Selection.of({}).arguments() == []


@pytest.mark.end_to_end
def test_one_price_changes_or_all_but_one(provisioned: Project, stripe_emulator: EmulatorClient) -> None:
    """Excluded, the dearer price is left as it is; as a target it is the only one that changes."""
    provisioned.set(billing__overrides=DEARER)
    stripe_emulator.clear_requests()
    assert provisioned.run("up", "--exclude", "team.monthly").returncode == 0
    assert stripe_emulator.count(method="POST", path="/v1/prices*") == 0
    assert provisioned.run("up", "--target", "team.monthly").returncode == 0
    assert stripe_emulator.count(method="POST", path="/v1/prices") == 1


@pytest.mark.end_to_end
def test_targets_and_excludes_exclude_each_other(provisioned: Project) -> None:
    """Asking for both is refused in one sentence."""
    done = provisioned.run("preview", "--target", "team", "--exclude", "team")
    assert done.returncode == 1
    assert "cannot specify both --target and --exclude" in done.stderr


@pytest.mark.end_to_end
@pytest.mark.parametrize("command", ["destroy", "refresh"])
def test_a_slip_in_a_name_destroys_nothing(provisioned: Project, stripe_emulator: EmulatorClient, command: str) -> None:
    """What nothing in the state is named is refused, as a target and as what stays; Stripe is asked for nothing."""
    stripe_emulator.clear_requests()
    for option in ("--target", "--exclude"):
        done = provisioned.run(command, "--yes", option, "team", option, "team.montly")
        assert done.returncode == 1
        assert "has no resource named 'team.montly'; `billing stack export` shows" in done.stderr
    assert stripe_emulator.count() == 0
