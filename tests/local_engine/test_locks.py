"""Locks."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

import local_engine
from local_engine import locks
from local_engine.errors import LockedError
from local_engine.stacks import backend_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local_engine.stage import Stage


def _directory(stage: Stage) -> Path:
    return locks.lock_directory(backend_of(stage.project, stage.environ), "toy", "dev")


def _foreign_lock(stage: Stage) -> Path:
    path = _directory(stage) / "somebody.json"
    path.parent.mkdir(parents=True)
    owner = {"pid": 7, "username": "ada", "hostname": "mill", "timestamp": "2026-01-01T00:00:00Z"}
    path.write_text(json.dumps(owner))
    return path


def test_a_locked_stack_is_not_changed(stage: Stage) -> None:
    """The message says who holds the stack and how to free it; nothing is started, and the lock stays."""
    path = _foreign_lock(stage)
    for operation in (stage.up, stage.refresh, stage.destroy):
        with pytest.raises(LockedError, match=r"(?s)by 1 lock.*pulumi cancel.*ada@mill \(pid 7\)"):
            operation()
    assert stage.events == []
    assert path.exists()


def test_a_preview_needs_no_lock(stage: Stage) -> None:
    """Looking is allowed while somebody works."""
    _foreign_lock(stage)
    assert stage.preview().exit_code == 0


def test_a_run_leaves_no_lock(stage: Stage) -> None:
    """Whatever the end of a run, its lock is gone; the directory stays, as the CLI leaves it."""
    stage.up()
    stage.program("raise Exception('no')")
    stage.up()
    assert list(_directory(stage).iterdir()) == []


def test_locks_of_the_dead_can_be_removed(stage: Stage) -> None:
    """Unlocking tells how many locks there were, and then a run is possible."""
    _foreign_lock(stage)
    assert local_engine.stack_unlock(stage.project, "dev", environ=stage.environ) == 1
    assert stage.up().exit_code == 0


def test_a_lock_nobody_can_read_still_counts(stage: Stage) -> None:
    """Half a lock file names at least itself."""
    _foreign_lock(stage).write_text("{")
    with pytest.raises(LockedError, match=r"somebody\.json"):
        stage.up()


@pytest.mark.parametrize("name", ["x.json", "anything", ".half.tmp"])
def test_any_file_is_a_lock(stage: Stage, name: str) -> None:
    """As for the CLI, whatever its name; only what its storage notes beside a lock is none."""
    _directory(stage).mkdir(parents=True)
    (_directory(stage) / "x.json.attrs").touch()
    assert stage.up().exit_code == 0
    (_directory(stage) / name).touch()
    with pytest.raises(LockedError, match=r"by 1 lock\(s\)"):
        stage.up()
    stage.unlock()
    assert not (_directory(stage) / name).exists()


def test_a_lock_is_whole_at_every_moment(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CLI stumbles over half a lock: ours is written elsewhere, and has the CLI's form."""
    backend, sync = backend_of(stage.project, stage.environ), os.fsync
    seen: list[list[Path]] = []

    def watched(handle: int) -> None:
        seen.append(list(_directory(stage).iterdir()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    with locks.locked(backend, "toy", "dev"):
        [path] = _directory(stage).iterdir()
        assert list(json.loads(path.read_text())) == ["pid", "username", "hostname", "timestamp"]
    assert seen == [[], [path]]


def test_two_at_the_same_moment_both_stand_back(stage: Stage) -> None:
    """A lock that appears while ours is written is noticed, and ours is taken away."""
    backend = backend_of(stage.project, stage.environ)
    with locks.locked(backend, "toy", "dev"), pytest.raises(LockedError), locks.locked(backend, "toy", "dev"):
        pass
    assert list(_directory(stage).iterdir()) == []
