"""Answers and events in the shape of an older version: one step back for each change that came since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stripe_emulator.versions import acacia, basil, clover
from stripe_emulator.versions.change import Document, Find, nothing

_CHANGES = (*clover.CHANGES, *basil.CHANGES, *acacia.CHANGES)
"""The newest first."""

_NEWEST = _CHANGES[0].since
_VERBATIM = ("metadata", "payload")


def shaped(document: Document, version: str, find: Find = nothing) -> Document:
    """Return an object as it was shown in an API version, with all that it holds.

    `find` returns an object by its name and id, for what an older version showed whole and the newer one names. The
    events in a list keep the shape they have: each of them has a version of its own.
    """
    if not _is_older(version):
        return document
    return dict(_walk(document, version, find))


def shaped_event(event: Document, version: str, find: Find = nothing) -> Document:
    """Return an event as an endpoint of another version gets it: its object and what that was before."""
    if not _is_older(version):
        return {**event, "api_version": version}
    data, name = event["data"], event["data"]["object"]["object"]
    told = {"object": shaped(data["object"], version, find)}
    if "previous_attributes" in data:
        before = shaped({**data["object"], **data["previous_attributes"]}, version, find)
        told["previous_attributes"] = _what_was(before, told["object"])
    return {**event, "api_version": version, "data": {**data, **told}} if name else event


def shaper(version: str, find: Find) -> Callable[[Document], Document] | None:
    """Return what turns one object, without what it holds, into the shape of a version; None for the newest shape."""
    return (lambda document: _older(document, version, find)) if _is_older(version) else None


def earlier_fields(name: str) -> dict[str, str]:
    """Return the fields that could be expanded in an older version only, with the object each one names."""
    return {field: target for change in _CHANGES if name in change.objects for field, target in change.expandable}


def _is_older(version: str) -> bool:
    return version[:10] < _NEWEST


def _older(document: Document, version: str, find: Find) -> Document:
    name = document.get("object")
    for change in _CHANGES:
        if version[:10] < change.since and name in change.objects:
            document = change.back(document, find)
    return document


def _walk(value: Any, version: str, find: Find) -> Any:
    if isinstance(value, list):
        return [_walk(element, version, find) for element in value]
    if not isinstance(value, dict) or value.get("object") == "event":
        return value
    older = _older(value, version, find)
    return {
        name: inner if name in _VERBATIM or not isinstance(inner, (dict, list)) else _walk(inner, version, find)
        for name, inner in older.items()
    }


def _what_was(before: Document, after: Document) -> Document:
    """Return the fields that were different before, hashes field by field."""
    was: Document = {}
    for name in sorted(before):
        old, new = before[name], after.get(name)
        if old != new:
            hashes = isinstance(old, dict) and isinstance(new, dict) and "object" not in old
            was[name] = _what_was(old, dict(new or {})) if hashes else old
    return was
