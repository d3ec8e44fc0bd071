"""What somebody changed at Stripe behind the program's back, as far as a plan shows it.

A plan with --refresh shows each object as the state knew it, and then as Stripe has it. A plan after a refresh shows
only what no program declares: that an object is not alive any more.
https://www.pulumi.com/docs/iac/cli/commands/pulumi_refresh/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from billing_review.reading.differences import both_say, differing
from billing_review.reading.resources import RawStep, State
from billing_review.reading.values import clean, declared
from billing_review.steps import Drift

_STEP = re.compile(r'\["([^"]*)"\]|\[(\d+)\]|([^.\[\]]+)')
_ALIVE: Mapping[Any, Any] = {False: True, "inactive": "active", "disabled": "enabled"}
"""What a living object shows in place of what was found."""
GONE = ""
"""The path of an object that is not there any more."""


def at(value: Any, path: str) -> Any:
    """The value at a path such as ``tiers[0].unit_amount``; None where there is none."""
    for quoted, index, name in _STEP.findall(path):
        if index and isinstance(value, list):
            value = value[int(index)] if int(index) < len(value) else None
            continue
        key = quoted or name or index
        mirrors = (key, f"{key}_decimal", key.removesuffix("_decimal"))
        value = next((value[one] for one in mirrors if one in value), None) if isinstance(value, Mapping) else None
    return value


def refreshed(before: State, after: State | None) -> dict[str, Drift]:
    """Between the state and what a refresh found in its place."""
    known = declared(before.inputs)
    if after is None:
        return {GONE: Drift(known, None)}
    found = declared(after.inputs)
    return {path: Drift(at(known, path), at(found, path)) for path in differing(known, found)}


def shown(step: RawStep) -> dict[str, Drift]:
    """What the step itself shows of it.

    That is what the host reads off the outputs, and outputs that contradict the inputs beside them.
    """
    if step.old is None:
        return {}
    outputs, inputs = clean(step.old.outputs), declared(step.old.inputs)
    told = [path for path, change in step.paths.items() if change.get("inputDiff") is False]
    lifeless = {path: Drift(_ALIVE.get(at(outputs, path)), at(outputs, path)) for path in told}
    if not isinstance(outputs, Mapping):
        return lifeless
    contradicted = {path: Drift(said, found) for path, said, found in both_say(inputs, outputs)}
    return {**lifeless, **contradicted}
