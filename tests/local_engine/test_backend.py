"""The file backend."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local_engine.backend import Backend, directory_of
from local_engine.durable import write_atomically
from local_engine.errors import BackendError, StackError, UnsupportedError


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    """Return an empty backend."""
    found = Backend(tmp_path)
    found.prepare()
    return found


@pytest.mark.parametrize(
    ("url", "directory"),
    [
        ("file:///tmp/state", "/tmp/state"),  # noqa: S108 - a name only
        ("file:///tmp/a%20b?no_tmp_dir=true", "/tmp/a b"),  # noqa: S108 - the same
        ("file://~", "/home/ada"),
        ("file://~/state", "/home/ada/state"),
        ("file://./state", f"{Path.cwd()}/state"),
    ],
)
def test_urls_of_directories(url: str, directory: str) -> None:
    """Absolute, relative and home directories are read as the CLI reads them."""
    assert directory_of(url, {"HOME": "/home/ada"}) == Path(directory)


@pytest.mark.parametrize("url", ["s3://bucket", "https://api.pulumi.com"])
def test_other_backends_are_refused(url: str) -> None:
    """Only directories are read here; the sentence names the CLI."""
    with pytest.raises(UnsupportedError, match="use the Pulumi CLI"):
        directory_of(url, {})


def test_the_first_command_marks_the_directory(backend: Backend) -> None:
    """meta.yaml says which layout this is; a second command leaves it alone."""
    meta = backend.root / "meta.yaml"
    assert meta.read_text() == "version: 1\n"
    before = meta.stat().st_mtime_ns
    backend.prepare()
    assert meta.stat().st_mtime_ns == before


def test_a_missing_directory_is_not_made(tmp_path: Path) -> None:
    """A typo in the address must not become an empty state."""
    with pytest.raises(BackendError, match=r"nowhere does not exist; create it, or set PULUMI_BACKEND_URL"):
        Backend(tmp_path / "nowhere").prepare()


def test_unknown_layouts_are_refused(tmp_path: Path) -> None:
    """A newer layout, and the oldest one without projects, are the CLI's."""
    (tmp_path / ".pulumi" / "stacks").mkdir(parents=True)
    (tmp_path / ".pulumi" / "stacks" / "dev.json").write_text("{}")
    with pytest.raises(UnsupportedError, match="without projects"):
        Backend(tmp_path).prepare()
    (tmp_path / ".pulumi" / "meta.yaml").write_text("version: 2\n")
    with pytest.raises(BackendError, match="not of version 1"):
        Backend(tmp_path).prepare()


def test_the_previous_version_is_kept(backend: Backend) -> None:
    """Every write keeps the one before it beside it."""
    for text in ("one", "two", "three"):
        backend.write("shop", "dev", text)
    path = backend.path("shop", "dev")
    assert (path.read_text(), path.with_name("dev.json.bak").read_text()) == ("three", "two")
    assert sorted(found.name for found in path.parent.iterdir()) == ["dev.json", "dev.json.bak"]


def test_an_unknown_stack_names_the_others(backend: Backend) -> None:
    """The message lists the stacks there are, and says how to make this one."""
    backend.create("shop", "dev")
    with pytest.raises(StackError, match=r"'prod' found; the stacks of this project are dev. Create it with"):
        backend.read("shop", "prod")


def test_a_stack_is_made_once(backend: Backend) -> None:
    """A second stack of the same name, and a name that is none, are refused."""
    backend.create("shop", "dev")
    with pytest.raises(StackError, match="'dev' already exists"):
        backend.create("shop", "dev")
    with pytest.raises(StackError, match="is not a stack name"):
        backend.create("shop", "../dev")


def test_compressed_states_are_refused(backend: Backend) -> None:
    """A compressed file is not a missing stack."""
    path = backend.path("shop", "dev").with_suffix(".json.gz")
    path.parent.mkdir(parents=True)
    path.touch()
    with pytest.raises(UnsupportedError, match="compressed state files"):
        backend.read("shop", "dev")


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is one sentence, and the old file is whole."""
    path = tmp_path / "dev.json"
    write_atomically(path, "old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BackendError, match=r"cannot be written: No space left on device"):
        write_atomically(path, "new")
    assert [found.name for found in tmp_path.iterdir()] == ["dev.json"]
    assert path.read_text() == "old"
