"""Engine events as both engines make them, for the tests of what a console shows."""

from __future__ import annotations

from typing import Any

STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
PLAN = "urn:pulumi:dev::shop::billing:index:Plan::team"
Event = dict[str, Any]


def urn(kind: str, name: str, *, plan: bool = False) -> str:
    """The URN of one of our resources, alone or in the plan `team`."""
    parent = "billing:index:Plan$" if plan else ""
    return f"urn:pulumi:dev::shop::{parent}pulumi-python:dynamic/stripe:{kind}::{name}"


def state(inputs: dict[str, Any], *, custom: bool = True, parent: str = STACK) -> dict[str, Any]:
    """One side of a step."""
    return {"inputs": inputs, "outputs": {}, "parent": parent, **({"custom": True} if custom else {})}


def metadata(op: str, place: str, **more: Any) -> dict[str, Any]:
    """What an event tells of a step."""
    own = state({}, custom="billing:index" not in place.split("::")[2].rpartition("$")[2])
    found = {"op": op, "urn": place, "type": place.split("::")[2].rpartition("$")[2], "old": None, "new": own}
    return {**found, "detailedDiff": None, "logical": True, "provider": "", **more}


def begun(op: str, place: str, **more: Any) -> Event:
    """A step begins."""
    return {"resourcePreEvent": {"metadata": metadata(op, place, **more)}}


def done(op: str, place: str, **more: Any) -> Event:
    """A step has succeeded."""
    return {"resOutputsEvent": {"metadata": metadata(op, place, **more)}}


def failed(op: str, place: str, **more: Any) -> Event:
    """A step has failed."""
    return {"resOpFailedEvent": {"metadata": metadata(op, place, **more), "status": 1, "steps": 0}}


def told(severity: str, message: str, place: str = "") -> Event:
    """A diagnostic."""
    where = {"urn": place} if place else {}
    where |= {"prefix": f"{severity}: "} if severity in {"error", "warning"} else {}
    return {"diagnosticEvent": {**where, "severity": severity, "message": f"{message}\n", "color": "never"}}


def summary(*, preview: bool = False, **changes: int) -> Event:
    """The end of an operation."""
    return {"summaryEvent": {"resourceChanges": changes, "isPreview": preview, "durationSeconds": 1}}
