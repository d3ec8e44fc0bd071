"""Puts a project's files into a folder: all conflicts are told at once, and nothing is left half-written."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from billing_cli.errors import UsageRefused
from billing_cli.new_project.contents import IGNORED, NewFile


@dataclass(frozen=True)
class Placed:
    """What became of each file."""

    written: tuple[str, ...]
    replaced: tuple[str, ...]
    extended: tuple[str, ...]


def place(files: Mapping[str, NewFile], directory: Path, *, force: bool) -> Placed:
    """Write the files; raises UsageRefused before anything is written where one is in the way."""
    files = {**files, **_extended(files, directory)}
    there = {path: directory / path for path in files if os.path.lexists(directory / path)}
    same = {path for path, target in there.items() if _text(target) == files[path].text}
    extended = {path for path in there.keys() - same if path == IGNORED and _text(there[path]) is not None}
    in_the_way = sorted(there.keys() - same - extended)
    _refuse_blocked(files, directory)
    if in_the_way and not force:
        raise UsageRefused(_refusal(directory, in_the_way))
    new = {path: file for path, file in files.items() if path not in same}
    _put_all(new, directory)
    written = tuple(path for path in new if path not in there)
    return Placed(written, tuple(in_the_way), tuple(sorted(extended)))


def _refuse_blocked(files: Mapping[str, NewFile], directory: Path) -> None:
    """Refuse where a folder is needed and something else stands, or the other way round; force is of no help there."""
    outer = [directory, *directory.parents]
    inner = [directory / part for path in files for part in Path(path).parents]
    blocked = [one for one in dict.fromkeys([*outer, *inner]) if os.path.lexists(one) and not one.is_dir()]
    folders = [directory / path for path in files if (directory / path).is_dir()]
    if blocked or folders:
        said = [f"{one} is no folder" for one in blocked] + [f"{one} is a folder" for one in folders]
        raise UsageRefused(f"the project has no room here: {', '.join(said)}; nothing was written")


def _refusal(directory: Path, in_the_way: list[str]) -> str:
    listed = "".join(f"\n  {path}" for path in in_the_way)
    return f"{directory} has files of these names already:{listed}\nnothing was written; --force replaces them"


def _put_all(files: Mapping[str, NewFile], directory: Path) -> None:
    """Write beside the folder, then move: what fails on the way leaves everything as it was."""
    beside = directory if directory.is_dir() else directory.parent
    try:
        beside.mkdir(parents=True, exist_ok=True)
        stage = Path(mkdtemp(prefix=".billing-init-", dir=beside))
    except OSError as error:
        raise UsageRefused(f"cannot write into {beside}: {error.strerror}; nothing was written") from None
    try:
        _write(files, stage / "new")
        if directory.exists():
            _move(files, stage, directory)
        else:
            (stage / "new").rename(directory)
    except OSError as error:
        name = error.filename2 or error.filename
        raise UsageRefused(f"cannot write {name}: {error.strerror}; everything is as it was") from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _write(files: Mapping[str, NewFile], folder: Path) -> None:
    for path, file in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.text, encoding="utf-8")
        target.chmod(0o755 if file.executable else 0o644)


def _move(files: Mapping[str, NewFile], stage: Path, directory: Path) -> None:
    """One file after the other, into place; taken back if one of them cannot be moved."""
    with contextlib.ExitStack() as undo:
        for path in files:
            target, kept = directory / path, stage / "old" / path
            for folder in reversed([one for one in target.parents if not one.exists()]):
                folder.mkdir()
                undo.callback(folder.rmdir)
            if os.path.lexists(target):
                kept.parent.mkdir(parents=True, exist_ok=True)
                target.rename(kept)
                undo.callback(kept.rename, target)
            (stage / "new" / path).rename(target)
            undo.callback(target.unlink, missing_ok=True)
        undo.pop_all()


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _extended(files: Mapping[str, NewFile], directory: Path) -> dict[str, NewFile]:
    """What git ignores already stays ignored: the file that is there gets the lines that it lacks."""
    text = _text(directory / IGNORED)
    if text is None or IGNORED not in files:
        return {}
    missing = [line for line in files[IGNORED].text.splitlines() if line not in text.splitlines()]
    return {IGNORED: NewFile("\n".join([*text.splitlines(), *missing, ""]) if missing else text)}
