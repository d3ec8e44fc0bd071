"""`state unprotect`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import local_engine
from local_engine.errors import LockedError, StackError
from tests.local_engine.deployments import A, B, provisioned, tree

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage


def _unprotect(stage: Stage, *urns: str) -> int:
    return local_engine.state_unprotect(stage.project, "dev", urns or None, environ=stage.environ)


@pytest.mark.parametrize("urns", [(), (B,), (A, B)])
def test_protection_is_taken_away(stage: Stage, urns: tuple[str, ...]) -> None:
    """All or the named resources lose it, and what was pending stays."""
    assert _unprotect(provisioned(stage), *urns) == 1
    assert "protect" not in stage.resources()["b"]
    assert len(stage.state()["pending_operations"]) == 1


def test_others_keep_their_protection(stage: Stage) -> None:
    """A resource that was not named stays protected, and nothing is written."""
    before = tree(provisioned(stage).state_directory)
    assert _unprotect(stage, A) == 0
    assert tree(stage.state_directory) == before


def test_an_unprotected_resource_can_be_deleted(stage: Stage) -> None:
    """What protection refused goes afterwards."""
    stage.program('Thing("a", label="x", size=1, opts=RO(protect=True))')
    stage.up()
    assert stage.destroy().exit_code == 1
    _unprotect(stage)
    assert stage.destroy().exit_code == 0


def test_unknown_urns_are_refused_together(stage: Stage) -> None:
    """Every one of them is named, and nothing is changed."""
    before = tree(provisioned(stage).state_directory)
    with pytest.raises(StackError, match="no such resource 'urn:x', 'urn:y' exists"):
        _unprotect(stage, B, "urn:x", "urn:y")
    assert tree(stage.state_directory) == before


def test_a_locked_stack_stays_protected(stage: Stage) -> None:
    """Somebody works on it."""
    lock = stage.state_directory / ".pulumi/locks/organization/toy/dev/x.json"
    lock.parent.mkdir(parents=True)
    lock.write_text("{}")
    with pytest.raises(LockedError):
        _unprotect(provisioned(stage))
