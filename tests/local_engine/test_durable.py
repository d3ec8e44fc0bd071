"""Files that a crash, a full disk or missing rights leave either as they were or as they should be."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import local_engine
from local_engine.durable import move, remove, write_atomically
from local_engine.errors import BackendError, EngineError
from tests.local_engine.deployments import deployment, provisioned, tree
from tests.local_engine.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOBODY = 65534


@contextmanager
def _full(limit: int) -> Iterator[None]:
    """No file gets longer than this: what a disk does that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _unprivileged() -> Iterator[None]:
    """Root may do everything: be somebody else meanwhile."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A directory that everybody may enter, as the usual ones are not."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def _changes(stage: Stage) -> list[Callable[[], Any]]:
    project, environ = stage.project, stage.environ
    return [
        lambda: local_engine.stack_init(project, "new", environ=environ),
        lambda: local_engine.stack_rename(project, "dev", "prod", environ=environ),
        lambda: local_engine.stack_import(project, "dev", {"version": 3, "deployment": deployment()}, environ=environ),
        lambda: local_engine.state_unprotect(project, "dev", environ=environ),
        lambda: local_engine.config_set(project, "dev", "s", "hush", secret=True, environ=environ),
        lambda: local_engine.up(stage.make_run()),
        lambda: local_engine.destroy(stage.make_run()),
    ]


@pytest.mark.parametrize("change", range(5))
@pytest.mark.parametrize("limit", [10, 250])
def test_a_full_disk_changes_nothing(stage: Stage, change: int, limit: int) -> None:
    """Whether the lock or the state does not fit: one sentence, every byte as before, nothing half-written."""
    before = tree(provisioned(stage).directory.parent)
    with _full(limit if change != 4 else 10), pytest.raises(BackendError, match="File too large") as refused:
        _changes(stage)[change]()
    assert "\n" not in str(refused.value)
    after = tree(stage.directory.parent)
    assert {path: after.get(path) for path in before} == before
    assert not [path for path in after if path.endswith(".tmp")]


def test_a_full_disk_makes_no_stack(stage: Stage) -> None:
    """A stack is either made or not."""
    with _full(10), pytest.raises(BackendError):
        local_engine.stack_init(stage.project, "new", environ=stage.environ)
    assert local_engine.list_stacks(stage.project, environ=stage.environ) == ["dev"]


@pytest.mark.parametrize("change", [0, 1, 2, 3, 5, 6])
def test_a_state_directory_that_is_not_writable(shared: Path, change: int) -> None:
    """One sentence names the place; nothing is started, nothing changes."""
    stage = provisioned(Stage(shared).init())
    local_engine.stack_outputs(stage.project, "dev", environ=stage.environ)  # what is imported late is imported now
    before = tree(shared)
    for path in (stage.state_directory, *stage.state_directory.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    with _unprivileged(), pytest.raises(BackendError, match="Permission denied"):
        _changes(stage)[change]()
    assert tree(shared) == before
    assert stage.events == []


@pytest.mark.parametrize("name", ["state", "state/.pulumi/meta.yaml", "state/.pulumi/stacks/toy/dev.json"])
def test_a_state_that_is_not_readable(shared: Path, name: str) -> None:
    """Missing rights are not taken for a missing stack."""
    stage = provisioned(Stage(shared).init())
    (shared / name).chmod(0)
    with _unprivileged(), pytest.raises(BackendError, match=r"cannot be read: Permission denied"):
        local_engine.stack_outputs(stage.project, "dev", environ=stage.environ)


def test_settings_that_are_not_writable(shared: Path) -> None:
    """The file is named and stays as it is."""
    stage = Stage(shared).init()
    before = tree(stage.directory)
    with _unprivileged(), pytest.raises(BackendError, match=r"Pulumi\.dev\.yaml cannot be written: Permission denied"):
        local_engine.config_set(stage.project, "dev", "a", "x", environ=stage.environ)
    assert tree(stage.directory) == before


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_whatever_fails_the_old_file_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Neither a write nor a rename that fails leaves anything behind."""
    path = tmp_path / "dev.json"
    write_atomically(path, "old")

    def full(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*((os, "fsync", full) if step == "fsync" else (Path, "replace", full)))
    with pytest.raises(BackendError, match="No space left on device"):
        write_atomically(path, "new")
    assert tree(tmp_path) == {"dev.json": b"old"}


def test_the_last_thing_is_the_name(tmp_path: Path) -> None:
    """When everything else is done the new content is on disk, and the old file still in its place."""
    path = tmp_path / "dev.json"
    write_atomically(path, "old")
    seen: list[str] = []
    write_atomically(path, "new", before=lambda there: seen.append(there.read_text()))
    assert (seen, path.read_text()) == (["old"], "new")


def test_files_are_synced_before_they_have_their_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file first, then its directory: a loss of power finds one or the other version."""
    path, synced = tmp_path / "dev.json", list[tuple[bool, bool]]()
    sync = os.fsync

    def watched(handle: int) -> None:
        synced.append((Path(f"/proc/self/fd/{handle}").is_dir(), path.exists()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    write_atomically(path, "new")
    assert synced == [(False, False), (True, True)]


def test_moving_and_removing_that_fail_are_sentences(tmp_path: Path) -> None:
    """A directory in the way is named."""
    (tmp_path / "there" / "below").mkdir(parents=True)
    (tmp_path / "file").write_text("x")
    attempts: list[Callable[[], None]] = [
        lambda: move(tmp_path / "file", tmp_path / "there"),
        lambda: remove(tmp_path / "there"),
        lambda: write_atomically(tmp_path / "there", "x"),
    ]
    for refused in attempts:
        with pytest.raises(EngineError, match="there"):
            refused()
    assert (tmp_path / "file").read_text() == "x"
