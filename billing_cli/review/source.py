"""Where the change that is reviewed comes from: a file, two revisions of the catalog, or a preview that is run now."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_cli.engines.workplace import Workplace, find_project
from billing_cli.errors import OperationFailed, UsageRefused
from billing_cli.review import revisions
from billing_cli.review.sides import Side, of_working_tree

if TYPE_CHECKING:
    from billing_cli.commands.operations import Operation
    from billing_review.steps import Change

STANDARD_INPUT = "standard input"
_STACK = re.compile(rb'"urn:pulumi:([^:"]+)::')


@dataclass(frozen=True)
class Found:
    """A change, and what is known around it."""

    change: Change
    project: Path | None
    """The project's folder; None where a plan is read outside of one."""
    side: Side | None
    """The catalog as it will be, where there is one that is valid."""
    place: Workplace | None = None
    """The stack that was previewed."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """The stack's settings, as far as the stack is known."""
        stack = self.change.source.stack
        place = Workplace(self.project, stack) if self.place is None and self.project and stack else self.place
        return {} if place is None else place.settings


def of_plan(path: str, directory: str, stack: str | None) -> Found:
    """The change that a plan is; ``-`` is standard input."""
    name, text = (STANDARD_INPUT, _standard_input()) if path == "-" else (path, _file(Path(path)))
    project = _project(directory)
    named = _STACK.search(text)
    side = _catalog(project, stack or (named.group(1).decode(errors="replace") if named else None))
    return Found(_read(text, name, None, side), project, side)


def of_revisions(base: str, head: str | None, directory: str, stack: str | None) -> Found:
    """The change between two revisions of the catalog, or between one and the working tree."""
    from billing_review.reading import read_catalogs

    project = find_project(directory)
    old, new = revisions.both(project, base, head, stack)
    return Found(read_catalogs(revisions.document(project, old, new, stack)), project, new)


def of_preview(operation: Operation) -> Found:
    """The change that `up` would be: the engine previews it now."""
    place = operation.workplace
    with _waiting(f"Previewing stack {place.stack}"):
        code, text = operation.engine.previewed(operation.wishes)
        if code != 0 and not text.strip():
            raise OperationFailed(f"the preview of stack {place.stack} failed, so there is nothing to review")
        state = operation.engine.exported()
    side = _catalog(place.directory, place.stack)
    return Found(_read(text.encode(), "the preview", state, side), place.directory, side, place)


def _read(text: bytes, name: str, state: Mapping[str, Any] | None, side: Side | None) -> Change:
    from billing_review.errors import ReviewError
    from billing_review.reading import read_plan

    catalog = revisions.document(None, side, side, None) if side is not None else None
    try:
        return read_plan(text, name=name, state=state, catalog=catalog)
    except ReviewError as error:
        raise UsageRefused(str(error)) from None


def _project(directory: str) -> Path | None:
    try:
        return find_project(directory)
    except UsageRefused:
        return None


def _catalog(project: Path | None, stack: str | None) -> Side | None:
    """The catalog beside the plan; one that is not valid says nothing here: `billing check` does."""
    side = of_working_tree(project, stack) if project is not None else None
    return side if side is not None and side.catalog is not None else None


def _file(path: Path) -> bytes:
    from billing_review.errors import UnreadablePlan
    from billing_review.reading.plan_file import MOST_MEBIBYTES

    try:
        if path.stat().st_size > MOST_MEBIBYTES * 2**20:
            raise UsageRefused(str(UnreadablePlan.too_big(str(path), MOST_MEBIBYTES)))
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageRefused(
            f"there is no file {path}: write a plan with `pulumi preview --json > {path.name}`"
        ) from None
    except OSError as error:
        raise UsageRefused(f"{path} cannot be read: {error.strerror}") from None


def _standard_input() -> bytes:
    from billing_review.reading.plan_file import MOST_MEBIBYTES

    return sys.stdin.buffer.read(MOST_MEBIBYTES * 2**20 + 1)


def _waiting(what: str) -> Any:
    """A sign of life, where somebody watches."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"{what} …")
