"""Aliases: the former names under which a resource may be in the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_engine import urns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_engine.goal import AliasSpec, Goal


def former_urns(stack: str, project: str, goal: Goal, parent_alias: str | None) -> Iterator[str]:
    """Yield every URN the goal may have had; a renamed parent renames its children."""
    for alias in goal.aliases:
        urn = _collapse(stack, project, goal, alias)
        yield urn
        if parent_alias and not alias.urn:
            yield _inherited(stack, project, goal, parent_alias, alias.name or goal.name, alias.kind or goal.kind)
    if parent_alias:
        yield _inherited(stack, project, goal, parent_alias, goal.name, goal.kind)


def _collapse(stack: str, project: str, goal: Goal, alias: AliasSpec) -> str:
    if alias.urn:
        return alias.urn
    parent = "" if alias.no_parent else (alias.parent or goal.parent)
    return urns.make(
        alias.stack or stack, alias.project or project, parent, alias.kind or goal.kind, alias.name or goal.name
    )


def _inherited(stack: str, project: str, goal: Goal, parent_alias: str, name: str, kind: str) -> str:
    parent_name = urns.name_of(goal.parent)
    if name.startswith(parent_name):  # children are often named after their parent
        name = urns.name_of(parent_alias) + name.removeprefix(parent_name)
    return urns.make(stack, project, parent_alias, kind, name)
