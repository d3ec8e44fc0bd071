"""History and backups: what each update did, in the files where the CLI keeps it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from local_engine.durable import write_atomically

if TYPE_CHECKING:
    from local_engine.run import Result, Run
    from local_engine.stacks import OpenStack


def now() -> int:
    """Return this second."""
    return int(time.time())


def record(opened: OpenStack, kind: str, run: Run, result: Result, started: int) -> None:
    """Write the entry of one update, and copies of the state it led to."""
    project, stack, moment = opened.project.name, opened.name, time.time_ns()
    state = opened.backend.path(project, stack).read_text(encoding="utf-8")
    root = opened.backend.root
    entry = root / "history" / project / stack / f"{stack}-{moment}"
    write_atomically(
        entry.with_name(f"{entry.name}.history.json"), json.dumps(_entry(opened, kind, run, result, started), indent=4)
    )
    write_atomically(entry.with_name(f"{entry.name}.checkpoint.json"), state)
    write_atomically(root / "backups" / project / stack / f"{stack}.{moment}.json", state)


def _entry(opened: OpenStack, kind: str, run: Run, result: Result, started: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "startTime": started,
        "message": run.message,
        "environment": {"exec.kind": "local-engine"},
        "config": {key: _config_value(opened, key) for key in sorted(opened.config.values)},
        "version": 0,
        "result": "succeeded" if result.succeeded else "failed",
        "endTime": now(),
        "resourceChanges": dict(sorted(result.changes.items())),
    }


def _config_value(opened: OpenStack, key: str) -> dict[str, Any]:
    text = opened.config.values[key]
    if key in opened.config.secret_keys:
        return {"value": opened.crypter.encrypt(text), "secret": True}
    return {"value": text}
