"""`billing review --base REV --head REV`: two revisions of the catalog, without any account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from billing_cli.engines.workplace import project_name
from billing_cli.errors import OperationFailed, UsageRefused
from billing_cli.review.comparison import compared
from billing_cli.review.git import Repository
from billing_cli.review.sides import Side, of_revision, of_working_tree


def both(project: Path, base: str, head: str | None, stack: str | None) -> tuple[Side, Side]:
    """The catalog in two revisions, or in one and in the working tree.

    Refuses what git does not know, and a side that is not valid, with every problem of both.
    """
    repository = Repository.around(project)
    old = of_revision(repository, base, "--base", stack)
    new = of_working_tree(project, stack) if head is None else of_revision(repository, head, "--head", stack)
    _require_valid({"base": old, "head": new})
    if not (old.is_there or new.is_there):
        raise UsageRefused(f"neither {old.title} nor {new.title} has {new.path}: --base compares catalogs, use --plan")
    if stack and not (old.knows_stack or new.knows_stack):
        raise UsageRefused(f"neither {old.title} nor {new.title} has settings of a stack {stack} beside {new.path}")
    return old, new


def document(project: Path | None, base: Side, head: Side, stack: str | None) -> dict[str, Any]:
    """The comparison of the two, as data."""
    return compared(base, head, project_name(project) if project is not None else None, stack)


def _require_valid(sides: dict[str, Side]) -> None:
    said = [
        f"the catalog of the {name}, {side.title}, is not valid:" + "".join(f"\n  {one}" for one in side.problems)
        for name, side in sides.items()
        if side.problems
    ]
    if said:
        raise OperationFailed("\n".join(said))
