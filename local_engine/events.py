"""Engine events: everything an operation tells about itself, shaped as `pulumi up --json` prints it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from local_engine.values import SECRET_MARK, SIGNATURE, Secret, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from local_engine.preview_json import PreviewDocument
    from local_engine.state import ResourceState
    from local_engine.steps import Step

_SHORTEST_SECRET = 3  # shorter texts would mask half of every message
_PREFIXES = {"warning": "warning: ", "error": "error: "}


class Events:
    """Numbers events, hands them on one at a time, and remembers what the result needs."""

    def __init__(
        self,
        on_event: Callable[[dict[str, Any]], None] | None,
        document: PreviewDocument | None,
        secrets: Iterable[str] = (),
    ) -> None:
        self._secrets = [text for text in secrets if len(text) >= _SHORTEST_SECRET]
        self._on_event = on_event
        self._document = document
        self._lock = threading.RLock()
        self._sequence = 0
        self._started = time.monotonic()
        self.changes: Counter[str] = Counter()
        self.diagnostics: list[dict[str, str]] = []

    def _emit(self, name: str, body: dict[str, Any]) -> None:
        with self._lock:
            event = {"sequence": self._sequence, "timestamp": int(time.time()), name: body}
            self._sequence += 1
            if self._on_event is not None:
                self._on_event(event)

    def _emit_of(self, step: Step, name: str, body: dict[str, Any]) -> None:
        if not step.internal:
            self._emit(name, body if self._document is None else {**body, "planning": True})

    def prelude(self, config: dict[str, str]) -> None:
        """Begin."""
        self._emit("preludeEvent", {"config": config})

    def step_started(self, step: Step) -> None:
        """Tell that a step begins."""
        metadata = _metadata(step)
        with self._lock:
            if self._document is not None:
                self._document.add(step)
            self._emit_of(step, "resourcePreEvent", {"metadata": metadata})

    def step_ended(self, step: Step) -> None:
        """Tell that a step has succeeded."""
        with self._lock:
            found_drift = step.shown_op in {"update", "delete"} and not step.preliminary
            if self._document is not None and found_drift:
                self._document.add_drift(step)
            if step.counted:
                self.changes[step.shown_op or step.op] += 1
            if not _waits_for_outputs(step):
                self.outputs_known(step)

    def outputs_known(self, step: Step) -> None:
        """Tell what came out of a step."""
        self._emit_of(step, "resOutputsEvent", {"metadata": _metadata(step)})

    def step_failed(self, step: Step, reason: str) -> None:
        """Tell that a step has failed, and why."""
        told = reason if self._document is None else f"Preview failed: {reason}"
        self.diagnostic("error", told, "" if step.internal else step.urn)
        self._emit_of(step, "resOpFailedEvent", {"metadata": _metadata(step), "status": 1, "steps": 0})

    def diagnostic(self, severity: str, message: str, urn: str = "") -> None:
        """Tell people something; secrets of the configuration are masked, whoever lets them slip."""
        for secret in self._secrets:
            message = message.replace(secret, "[secret]")
        place = {"urn": urn} if urn else {}
        prefix = _PREFIXES.get(severity, "")
        with self._lock:
            self.diagnostics.append({**place, "message": f"{prefix}{message}\n", "severity": severity})
            shown = {"prefix": prefix} if prefix else {}
            body = {**place, **shown, "message": f"{message}\n", "color": "never", "severity": severity}
            self._emit("diagnosticEvent", body)

    def ending(self, *, preview: bool, failed: bool, cancelled: bool) -> None:
        """Tell that an operation did not come to its end."""
        if failed or cancelled:
            self.diagnostic("error", f"{'preview' if preview else 'update'} {'failed' if failed else 'canceled'}")

    def summary(self, *, preview: bool, result: str) -> None:
        """End, with the counts."""
        body = {
            "maybeCorrupt": False,
            "durationSeconds": int(time.monotonic() - self._started),
            "resourceChanges": dict(sorted(self.changes.items())),
            "PolicyPacks": {},
            "isPreview": preview,
            "result": result,
        }
        self._emit("summaryEvent", body)
        self._emit("cancelEvent", {})


def _waits_for_outputs(step: Step) -> bool:
    """Components and the stack have outputs when the program registers them, not before."""
    return step.new is not None and not step.new.custom and step.op in {"create", "update", "same"}


def _metadata(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {
        "op": step.shown_op or step.op,
        "urn": step.urn,
        "type": step.state.kind,
        "old": _state(step.old),
        "new": _state(step.new),
    }
    if step.replace_keys:
        found["keys"] = step.replace_keys
    if step.diff_keys:
        found["diffs"] = step.diff_keys
    return {**found, "detailedDiff": _detailed(step), "logical": step.logical, "provider": step.provider}


def _detailed(step: Step) -> dict[str, Any] | None:
    """The kind of a difference has another name in events than in the preview document."""
    if step.detailed_diff is None:
        return None
    return {
        path: {"diffKind": how["kind"], "inputDiff": how.get("inputDiff", False)}
        for path, how in step.detailed_diff.items()
    }


def _state(state: ResourceState | None) -> dict[str, Any] | None:
    if state is None:
        return None
    flags = {
        "custom": state.custom,
        "delete": state.delete,
        "protect": state.protect,
        "external": state.external,
        "retainOnDelete": state.retain_on_delete,
    }
    return {
        "type": state.kind,
        "urn": state.urn,
        **{name: True for name, value in flags.items() if value},
        "id": state.id,
        "parent": state.parent,
        "inputs": _masked(state.inputs),
        "outputs": _masked(state.outputs),
        "provider": state.provider,
        **({"initErrors": state.init_errors} if state.init_errors else {}),
    }


def _masked(value: Any) -> Any:
    """Say that there is a secret, and which property it is, but not what it is."""
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET_MARK, "ciphertext": "[secret]"}
    if isinstance(value, dict):
        return {key: _masked(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_masked(item) for item in value]
    return show(value)
