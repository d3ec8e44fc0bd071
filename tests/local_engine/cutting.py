"""Operations that were killed or interrupted in the recordings: ours is ended at the same point."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_engine import Result
from tests.end_to_end.processes import below, wait_for_end
from tests.local_engine import recording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.local_engine.recorder import Notes
    from tests.local_engine.stage import Stage

_ROOT = Path(__file__).parents[2]
_LOST = "Stream removed (Socket closed)"  # how a program's call ends when the engine is killed


def signal_of(step: dict[str, Any]) -> signal.Signals | None:
    """Say how a recorded step was ended from outside, if it was."""
    if step["exit"] == -signal.SIGKILL:
        return signal.SIGKILL
    return signal.SIGINT if step["id"].endswith("sigint") else None


def operate(stage: Stage, notes: Notes, trace: Path, verb: str, number: signal.Signals, **options: Any) -> Result:
    """Carry out an operation, and end it when it has come as far as the recorded one had."""
    (stage.toy / "calls.jsonl").unlink(missing_ok=True)
    path = stage.toy / "notes.jsonl"
    (stage.toy / "go-on").unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    told = {"directory": str(stage.directory), "stack": stage.stack, "verb": verb, "options": options}
    command = [sys.executable, "-m", "tests.local_engine.engine_process", json.dumps({**told, "notes": str(path)})]
    with subprocess.Popen(command, cwd=_ROOT, env=stage.environ, stdout=subprocess.PIPE, text=True) as process:
        _wait_for(process, recording.load_lines(trace), stage, path)
        family = below(process.pid)
        os.kill(process.pid, number)
        if number is signal.SIGINT:
            _go_on_when_cancelled(stage)
        said = process.communicate()[0]
        wait_for_end(family)
    for line in _lines(path):
        notes.take(line)
    return Result(**json.loads(said)) if said else Result(process.returncode, {}, [], {})


def _go_on_when_cancelled(stage: Stage) -> None:
    while ("Cancel", "") not in stage.calls():
        time.sleep(0.01)
    (stage.toy / "go-on").touch()


def _wait_for(process: subprocess.Popen[str], trace: list[dict[str, Any]], stage: Stage, notes: Path) -> None:
    wanted = _recorded_progress(trace)
    while process.poll() is None and wanted - _progress(_lines(stage.toy / "calls.jsonl"), _lines(notes)):
        time.sleep(0.01)


def moment_of(trace: Iterable[dict[str, Any]]) -> float:
    """Find when a recorded operation was ended: calls were lost, or the provider was told to cancel."""
    return min(
        (
            line["end"] if _is_lost(line) else line["start"]
            for line in trace
            if _is_lost(line) or line.get("method") == "Cancel"
        ),
        default=float("inf"),
    )


def _is_lost(line: dict[str, Any]) -> bool:
    return (line.get("error") or {}).get("details") == _LOST


def _recorded_progress(trace: list[dict[str, Any]]) -> Counter[tuple[str, ...]]:
    moment = moment_of(trace)
    calls = [line for line in trace if line.get("to") in {"monitor", "provider"}]
    asked = [(line, "asked") for line in calls if line["start"] < moment]
    answered = [(line, "answered") for line in calls if line["end"] < moment]
    return Counter((state, *_place(line)) for line, state in (*asked, *answered))


def _progress(host: list[dict[str, Any]], notes: list[dict[str, Any]]) -> Counter[tuple[str, ...]]:
    states = {"start": "asked", "end": "answered"}
    found = [(states[line["at"]], *_place(line)) for line in host if line["at"] in states]
    asked = {line["call"]: line for line in notes if "request" in line}
    found += [("asked", *_place(line)) for line in asked.values()]
    return Counter(found + [("answered", *_place(asked[line["call"]])) for line in notes if "response" in line])


def _place(line: dict[str, Any]) -> tuple[str, str]:
    request = line["request"]
    return line["method"], request.get("name") or request.get("urn", "")


def _lines(path: Path) -> list[dict[str, Any]]:
    """Read what is complete of a file that is being written."""
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text.rpartition("\n")[0].splitlines()]


def cut_short(calls: Iterable[dict[str, Any]], moment: float) -> list[dict[str, Any]]:
    """Leave the answers out that came after the kill: ours have none, the orphan of the real engine goes on."""
    late = {"response": "cut short", "error": None}
    return [
        {**call, **late} if call.get("end", 0) > moment or _is_lost(call) or "response" not in call else call
        for call in calls
    ]
