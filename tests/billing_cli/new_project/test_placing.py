"""Files of a new project get into a folder all together, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_cli.errors import UsageRefused
from billing_cli.new_project.contents import NewFile
from billing_cli.new_project.placing import place

FILES = {
    ".gitignore": NewFile(".venv\n.billing/\n"),
    "Pulumi.yaml": NewFile("name: shop\n"),
    "provider/host": NewFile("#!/bin/sh\n", executable=True),
    "stacks/catalog.yaml": NewFile("version: 1\n"),
}


def contents(directory: Path) -> dict[str, str]:
    """Every file below a folder, with its text."""
    return {str(path.relative_to(directory)): path.read_text() for path in directory.rglob("*") if path.is_file()}


TEXTS = {path: file.text for path, file in FILES.items()}


def test_into_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """The folder is made with everything in it, what is to be run can be run, and nothing else is left."""
    placed = place(FILES, tmp_path / "a" / "shop", force=False)
    assert contents(tmp_path) == {f"a/shop/{path}": text for path, text in TEXTS.items()}
    assert os.access(tmp_path / "a" / "shop" / "provider" / "host", os.X_OK)
    assert not os.access(tmp_path / "a" / "shop" / "Pulumi.yaml", os.X_OK)
    assert (placed.written, placed.replaced, placed.extended) == (tuple(FILES), (), ())


def test_all_conflicts_are_told_at_once(tmp_path: Path) -> None:
    """Each file that is in the way is named, and nothing was written."""
    there = {"Pulumi.yaml": "name: mine\n", "stacks/catalog.yaml": "version: 1\nplans: {}\n", "README": "mine"}
    (tmp_path / "stacks").mkdir()
    for path, text in there.items():
        (tmp_path / path).write_text(text)
    with pytest.raises(UsageRefused) as refused:
        place(FILES, tmp_path, force=False)
    assert str(refused.value) == (
        f"{tmp_path} has files of these names already:\n  Pulumi.yaml\n  stacks/catalog.yaml\n"
        "nothing was written; --force replaces them"
    )
    assert contents(tmp_path) == there


def test_force_replaces_and_says_so(tmp_path: Path) -> None:
    """What is replaced is named; what is nobody's business stays."""
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n")
    (tmp_path / "README").write_text("mine")
    placed = place(FILES, tmp_path, force=True)
    assert placed.replaced == ("Pulumi.yaml",)
    assert contents(tmp_path) == {**TEXTS, "README": "mine"}


def test_equal_files_are_not_in_the_way(tmp_path: Path) -> None:
    """A second time is no conflict and writes nothing."""
    place(FILES, tmp_path / "shop", force=False)
    placed = place(FILES, tmp_path / "shop", force=False)
    assert (placed.written, placed.replaced, placed.extended) == ((), (), ())


def test_what_git_ignores_stays_ignored(tmp_path: Path) -> None:
    """The lines that are missing are added below; those that are there stay, in their order."""
    (tmp_path / ".gitignore").write_text("*.log\n.venv")
    placed = place(FILES, tmp_path, force=False)
    assert (tmp_path / ".gitignore").read_text() == "*.log\n.venv\n.billing/\n"
    assert (placed.extended, ".gitignore" in placed.written) == ((".gitignore",), False)
    assert place(FILES, tmp_path, force=False).extended == ()


@pytest.mark.parametrize("force", [False, True])
def test_a_file_where_a_folder_is_needed(tmp_path: Path, *, force: bool) -> None:
    """And a folder where a file is: both are told, and no force moves them."""
    (tmp_path / "stacks").write_text("a file")
    (tmp_path / "Pulumi.yaml").mkdir()
    with pytest.raises(UsageRefused) as refused:
        place(FILES, tmp_path, force=force)
    assert str(refused.value) == (
        f"the project has no room here: {tmp_path}/stacks is no folder, {tmp_path}/Pulumi.yaml is a folder; "
        "nothing was written"
    )
    assert contents(tmp_path) == {"stacks": "a file"}


@given(at=st.integers(0, 30), there=st.sets(st.sampled_from(sorted(FILES))))
def test_a_failure_leaves_everything_as_it_was(
    at: int, there: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whichever step of the file system fails, and whatever was there, the folder is the same afterwards."""
    directory = tmp_path_factory.mktemp("failing")
    for path in there:
        (directory / path).parent.mkdir(exist_ok=True)
        (directory / path).write_text("mine")
    before, folders = contents(directory), {path for path in directory.rglob("*") if path.is_dir()}
    with pytest.MonkeyPatch.context() as patch:
        steps, said = _failing(patch, at), ""
        try:
            place(FILES, directory, force=True)
        except UsageRefused as refused:
            said = str(refused)
        if said:
            assert "No space left on device" in said
            assert contents(directory) == before
            assert {path for path in directory.rglob("*") if path.is_dir()} == folders
        else:
            assert next(steps) <= at
            assert contents(directory).keys() == set(FILES)


def _failing(patch: pytest.MonkeyPatch, at: int) -> Any:
    """Let one step fail: the file system is full from there on, until it has failed."""
    done = iter(range(1000))

    def failing(step: Callable[..., Any]) -> Callable[..., Any]:
        def run(self: Path, *arguments: Any, **keywords: Any) -> Any:
            if next(done) == at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))
            return step(self, *arguments, **keywords)

        return run

    for name in ("write_text", "rename", "mkdir"):
        patch.setattr(Path, name, failing(getattr(Path, name)))
    return done


def test_a_folder_that_nobody_may_write_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence with the system's reason."""

    def refuse(**_: Any) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(tmp_path))

    monkeypatch.setattr("billing_cli.new_project.placing.mkdtemp", refuse)
    with pytest.raises(UsageRefused, match=r"cannot write into .*: Permission denied; nothing was written"):
        place(FILES, tmp_path / "shop", force=False)
    assert contents(tmp_path) == {}
