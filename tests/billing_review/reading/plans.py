"""Plans as `pulumi preview --json` prints them, written out for tests."""

from __future__ import annotations

import json
from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
Json = dict[str, Any]


def urn(kind: str, name: str, plan: str | None = None) -> str:
    """The URN of one of our objects, in a plan's component or beside it."""
    above = "billing:index:Plan$" if plan else ""
    return f"urn:pulumi:dev::shop::{above}pulumi-python:dynamic/stripe:{kind}::{name}"


def state(kind: str, name: str, inputs: Json, **more: Any) -> Json:
    """A resource as the engine keeps it; ``plan`` names its component, ``needs`` the URNs behind each input."""
    plan, needs = more.pop("plan", None), more.pop("needs", {})
    parent = f"urn:pulumi:dev::shop::billing:index:Plan::{plan}" if plan else STACK
    return {
        "urn": urn(kind, name, plan),
        "custom": True,
        "type": f"pulumi-python:dynamic/stripe:{kind}",
        "inputs": {"__provider": "gASV", "_key": name, "_stack": "shop/dev", **inputs},
        "parent": parent,
        "propertyDependencies": {**{key: [] for key in inputs}, **needs},
        **more,
    }


def step(op: str, old: Json | None = None, new: Json | None = None, **more: Any) -> Json:
    """One step; what changed is told by ``changes`` as path and kind, as our host does."""
    changes = more.pop("changes", None)
    paths = None if changes is None else {path: {"kind": kind, "inputDiff": True} for path, kind in changes.items()}
    sides = {name: one for name, one in (("oldState", old), ("newState", new)) if one is not None}
    known = new if new is not None else old
    return {"op": op, "urn": (known or {}).get("urn"), **sides, "detailedDiff": paths, **more}


def stack_step(outputs: Json | None = None, op: str = "same") -> Json:
    """The stack's own step, with what it exported before."""
    old = {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": outputs or {}}
    return {"op": op, "urn": STACK, "oldState": old, "newState": {**old, "outputs": {}}, "detailedDiff": None}


def plan(*steps: Json, **more: Any) -> str:
    """The whole document."""
    return json.dumps({"config": {}, "steps": list(steps), "duration": 1, "changeSummary": {}, **more})
