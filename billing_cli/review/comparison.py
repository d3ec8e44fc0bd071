"""Two catalogs compared by what their declarations say: which objects come, change, are replaced or go.

The engine would ask the same of each resource, so the comparison is what a plan of the same change says, without ids.
What refers to an object that is made anew changes with it, as in a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billing_cli.review.sides import Side
    from billing_resources._engine.diff import Change
    from billing_resources.catalog.entries import Entry

Named = tuple[str, str]
VERSION = 1


def compared(base: Side, head: Side, project: str | None, stack: str | None) -> dict[str, Any]:
    """The document that `billing_review.reading.read_catalogs` reads."""
    return {
        "version": VERSION,
        "project": project,
        "stack": stack,
        "base": base.title,
        "head": head.title,
        "steps": list(_steps(base, head)),
        "plans": list(_plans(base, head)),
    }


def _steps(base: Side, head: Side) -> Iterator[dict[str, Any]]:
    old, new = _entries(base), _entries(head)
    renewed: set[Named] = set()
    for named, entry in new.items():
        step = _step(old.get(named), entry, renewed)
        if step["operation"] in {"create", "replace"}:
            renewed.add(named)
        yield {**step, "place": _place(head, entry)}
    for named, entry in old.items():
        if named not in new:
            yield {**_told(entry), "operation": "delete", "old": dict(entry.args), "place": _place(base, entry)}


def _entries(side: Side) -> dict[Named, Entry]:
    found = side.catalog.entries if side.catalog is not None else ()
    return {(entry.kind.name, entry.key): entry for entry in found}


def _step(old: Entry | None, new: Entry, renewed: set[Named]) -> dict[str, Any]:
    if old is None:
        return {**_told(new), "operation": "create", "new": dict(new.args)}
    changes = _changes(old, new, renewed)
    replacing = sorted({change.path for change in changes if change.replaces})
    operation = "replace" if replacing or _owner(old) != _owner(new) else "update" if changes else "same"
    return {
        **_told(new),
        "operation": operation,
        "old": dict(old.args),
        "new": dict(new.args),
        "changed": sorted({change.path for change in changes}),
        "replacing": replacing,
    }


def _changes(old: Entry, new: Entry, renewed: set[Named]) -> list[Change]:
    """The differences, where the id of an object that is made anew is not known yet."""
    if old.args == new.args and not renewed:
        return []
    from billing_resources._engine.diff import diff
    from billing_resources._engine.facts import Unreadable
    from billing_resources.catalog.references import resolved

    def later(kind: str, key: str) -> Any:
        return Unreadable() if (kind, key) in renewed else key

    return diff(new.kind, old.args, resolved(new.kind.shape, new.args, later))


def _told(entry: Entry) -> dict[str, Any]:
    return {"kind": entry.kind.name, "key": entry.key, "plan": _owner(entry)}


def _owner(entry: Entry) -> str | None:
    """The plan that the entry is in: part of its name for the engine, so that leaving it makes a new object."""
    return str(entry.place[1]) if entry.place[0] == "plans" else None


def _place(side: Side, entry: Entry) -> str | None:
    if side.document is None:
        return None
    line, _ = side.document.spot(entry.place)
    return f"{side.path}:{line}"


def _plans(base: Side, head: Side) -> Iterator[dict[str, Any]]:
    old, new = _plan_facts(base), _plan_facts(head)
    for key in _united(new, old):
        yield {"key": key, "old": old.get(key), "new": new.get(key)}


def _plan_facts(side: Side) -> Mapping[str, Any]:
    """What the manifest says of each plan: audience, rank, badge, limits and features in full."""
    from billing_resources.catalog.manifest import of_catalog

    found: Mapping[str, Any] = of_catalog(side.catalog, "", "")["plans"] if side.catalog is not None else {}
    return found


def _united(*names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for some in names for name in some))
