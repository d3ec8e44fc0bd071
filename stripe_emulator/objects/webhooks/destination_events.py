"""Which events a destination receives, from whom, and in which shape."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import fields as errors
from stripe_emulator.parameters import api_versions, snapshot_events, thin_events

Document = dict[str, Any]

_SOURCES = ("@self", "@accounts", "@organization_members", "@organization_members/@accounts")


def refuse_bad_events(names: list[str], payload: str) -> None:
    """Refuse events that do not exist, or not in this shape: thin and snapshot events have different names."""
    known = ("*", *thin_events()) if payload == "thin" else snapshot_events()
    problems = [
        f"enabled_events[{index}]: {errors.not_one_of(name, known)}"
        for index, name in enumerate(names)
        if name not in known
    ]
    if not names:
        problems = [f"enabled_events: {errors.EMPTY}"]
    if problems:
        raise errors.invalid_fields(problems)


def events_from_of(params: Document) -> list[str]:
    """Return whose events are received: the account's own, unless others are named."""
    given = params.get("events_from") or ["@self"]
    problems = [
        f"events_from[{index}]: {errors.not_one_of(source, _SOURCES)}"
        for index, source in enumerate(given)
        if source not in _SOURCES
    ]
    if problems:
        raise errors.invalid_fields(problems)
    return list(given)


def snapshot_version_of(call: Call) -> str | None:
    """Return the version that snapshots are written in; thin events have none."""
    version = call.params.get("snapshot_api_version")
    if call.params["event_payload"] == "thin":
        if version is not None:
            raise errors.invalid_fields(["snapshot_api_version: This field is for snapshot events only."])
        return None
    if version is not None and version not in api_versions():
        raise errors.invalid_fields([f"snapshot_api_version: Unrecognized API version '{version}'."])
    return version or call.api_version
