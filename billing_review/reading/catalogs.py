"""Two revisions of a catalog, compared already by who knows the declarations: a document in, the change out.

    {"version": 1, "project": "billing", "stack": "production", "base": "main", "head": "HEAD",
     "steps": [{"kind": "Price", "key": "team.monthly", "operation": "replace", "old": {…}, "new": {…}, "plan": "team",
                "changed": ["unit_amount"], "replacing": ["unit_amount"], "place": "stacks/catalog.yaml:52"}],
     "plans": [{"key": "team", "old": {…}, "new": {…}}]}

``old`` and ``new`` are what a program would write, with references by name; null where it is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from billing_review.errors import UnreadableCatalogs
from billing_review.reading.manifest_objects import clean_plan
from billing_review.reading.values import declared
from billing_review.steps import Change, Operation, Plan, Source, Step

VERSION = 1
_OPERATIONS = get_args(Operation)


def read_catalogs(document: Mapping[str, Any]) -> Change:
    """The change between the two; raises UnreadableCatalogs where the document is none."""
    if document.get("version") != VERSION:
        raise UnreadableCatalogs.version(document.get("version"))
    source = Source(
        "catalog",
        project=document.get("project"),
        stack=document.get("stack"),
        base=document.get("base"),
        head=document.get("head"),
    )
    steps = tuple(_step(found, number) for number, found in enumerate(_listed(document, "steps"), 1))
    plans = tuple(_plan(found, number) for number, found in enumerate(_listed(document, "plans"), 1))
    return Change(source, steps, plans)


def _listed(document: Mapping[str, Any], name: str) -> list[Any]:
    found = document.get(name)
    if not isinstance(found, list):
        raise UnreadableCatalogs.lacking(f"it has no list of {name}")
    return found


def _step(found: Any, number: int) -> Step:
    if not isinstance(found, Mapping) or not {"kind", "key", "operation"} <= found.keys():
        raise UnreadableCatalogs.lacking(f"step {number} lacks its kind, key or operation")
    if found["operation"] not in _OPERATIONS:
        raise UnreadableCatalogs.lacking(f"step {number} has no operation that is known: {found['operation']!r}")
    return Step(
        found["kind"],
        found["key"],
        found["operation"],
        _args(found.get("old")),
        _args(found.get("new")),
        plan=found.get("plan"),
        changed=tuple(found.get("changed") or ()),
        replacing=tuple(found.get("replacing") or ()),
        place=found.get("place"),
    )


def _args(found: Any) -> dict[str, Any] | None:
    return declared(found) if isinstance(found, Mapping) else None


def _plan(found: Any, number: int) -> Plan:
    if not isinstance(found, Mapping) or "key" not in found:
        raise UnreadableCatalogs.lacking(f"plan {number} lacks its key")
    old, new = found.get("old"), found.get("new")
    return Plan(found["key"], old and clean_plan(old), new and clean_plan(new))
