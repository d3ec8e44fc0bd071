"""The preview document, as `pulumi preview --json` prints it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from local_engine import urns
from local_engine.state import to_json

if TYPE_CHECKING:
    from collections import Counter

    from local_engine.state import ResourceState
    from local_engine.steps import Step


class PreviewDocument:
    """Collects steps as they stand before they run."""

    def __init__(self) -> None:
        self._started = time.monotonic_ns()
        self._steps: list[dict[str, Any]] = []

    def add(self, step: Step) -> None:
        """Note a step that people should see."""
        if _is_shown(step):
            self._steps.append(_described(step))

    def add_drift(self, step: Step) -> None:
        """Say of a refreshed resource what the refresh found."""
        for index, found in enumerate(self._steps):
            if found["urn"] == step.urn and found["op"] == "refresh":
                self._steps[index] = _described(step)

    def finish(
        self, config: dict[str, str], changes: Counter[str], diagnostics: list[dict[str, str]]
    ) -> dict[str, Any]:
        """Return the whole document."""
        found: dict[str, Any] = {"config": config} if config else {}
        found["steps"] = self._steps
        if diagnostics:
            found["diagnostics"] = diagnostics
        found["duration"] = time.monotonic_ns() - self._started
        found["changeSummary"] = dict(sorted(changes.items()))
        return found


def _is_shown(step: Step) -> bool:
    if urns.kind_of(step.urn) == urns.STACK_TYPE or step.op == "refresh":
        return not step.internal
    return step.logical and step.op != "same" and not step.internal


def _described(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {"op": step.shown_op or step.op, "urn": step.urn}
    if step.provider:
        found["provider"] = step.provider
    found |= _side("oldState", step.old) | _side("newState", step.new)
    if step.diff_keys:
        found["diffReasons"] = step.diff_keys
    if step.replace_keys:
        found["replaceReasons"] = step.replace_keys
    found["detailedDiff"] = step.detailed_diff
    return found


def _side(name: str, state: ResourceState | None) -> dict[str, Any]:
    return {} if state is None else {name: to_json(state, None)}
