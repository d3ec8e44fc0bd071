"""Resources as a tree below their stack, each with its properties that change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.text import Text

from billing_cli.names import name_of, short_kind
from billing_cli.view.property_changes import PropertyChange, property_changes

if TYPE_CHECKING:
    from billing_cli.view.rows import Row


@dataclass
class _Node:
    urn: str
    row: Row | None = None
    inside: list[_Node] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    guide: str
    below: str
    node: _Node


def tree(rows: dict[str, Row], stack: str, *, preview: bool, longest: int) -> Text:
    """Draw all rows that people should see, and what they stand in."""
    root = _grown(rows, stack)
    lines = list(_walked(root, "", ""))
    text = Text()
    if not root.inside and (root.row is None or not root.row.is_told):
        return text
    kinds = max(len(line.guide + short_kind(line.node.urn)) for line in lines)
    names = max(len(name_of(line.node.urn)) for line in lines)
    text.append(f"    {'Type':<{kinds}}  {'Name':<{names}}  {'Plan' if preview else 'Status'}\n", "bold")
    for line in lines:
        text.append_text(_drawn(line, kinds, names, preview=preview))
        if line.node.row is not None and line.node.row.is_told:
            text.append_text(changes_below(line.node.row, f"    {line.below}  ", longest))
    return text


def _grown(rows: dict[str, Row], stack: str) -> _Node:
    nodes = {stack: _Node(stack, rows.get(stack))}
    for urn in sorted(rows, key=lambda urn: (short_kind(urn), name_of(urn))):
        if rows[urn].is_told:
            _planted(urn, rows, nodes, stack)
    for node in nodes.values():
        node.inside.sort(key=lambda one: (not one.inside, short_kind(one.urn), name_of(one.urn)))
    return nodes[stack]


def _planted(urn: str, rows: dict[str, Row], nodes: dict[str, _Node], stack: str) -> _Node:
    if urn not in nodes:
        row = rows.get(urn)
        nodes[urn] = _Node(urn, row)
        parent = row.main.parent if row is not None else ""
        _planted(parent or stack, rows, nodes, stack).inside.append(nodes[urn])
    return nodes[urn]


def _walked(node: _Node, guide: str, below: str) -> list[_Line]:
    found = [_Line(guide, f"{below}{'│' if node.inside else ' '}  ", node)]
    for one in node.inside:
        last = one is node.inside[-1]
        found += _walked(one, f"{below}{'└─ ' if last else '├─ '}", f"{below}{'   ' if last else '│  '}")
    return found


def _drawn(line: _Line, kinds: int, names: int, *, preview: bool) -> Text:
    row, urn = line.node.row, line.node.urn
    told = row if row is not None and row.is_told else None
    colour = "default" if told is None else "red" if told.is_failed else told.words.colour
    text = Text().append(f" {'' if told is None else told.words.sign:<3}", colour)
    text.append(f"{line.guide}{short_kind(urn)}".ljust(kinds) + "  ", "default")
    status = "" if told is None else told.status(preview=preview)
    text.append(name_of(urn).ljust(names) if status else name_of(urn), "bold")
    text.append(f"  {status}" if status else "", colour)
    text.rstrip()
    return text.append("\n")


def changes_below(row: Row, before: str, longest: int) -> Text:
    """Write what changes of a resource, its protection included, a line for each property."""
    text = Text()
    for change in _changes(row, longest):
        text.append(before, "dim").append(f"{change.path}: ", "default")
        text.append(change.old, "red").append(" → ", "default").append(change.new, "green")
        text.append(" (replaces)" if change.replaces else "", "magenta")
        text.append("\n")
    return text


def _changes(row: Row, longest: int) -> list[PropertyChange]:
    changes = property_changes(row.main, refresh=row.is_refreshed, longest=longest)
    if row.main.changes_protection:
        was, is_now = (str(bool(side.get("protect"))).lower() for side in (row.main.old, row.main.new))
        changes.append(PropertyChange("protect", was, is_now, replaces=False))
    return changes
