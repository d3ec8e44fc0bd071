"""Interruptions: Ctrl-C, and the engine killed in the middle of its work."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

import local_engine
from local_engine.errors import LockedError
from tests.end_to_end.processes import below, wait_for_end

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

TWO = 'a = Thing("a", label="one", size=1)\nb = Thing("b", label="two", size=1)\nc = Thing("c", label=a.id, size=1)\n'
_RUN = """
import json, os, sys, local_engine
project = local_engine.load_project(sys.argv[1])
result = local_engine.up(local_engine.Run(project, "dev", environ=dict(os.environ)))
print(json.dumps([result.exit_code, [d["message"] for d in result.diagnostics]]))
"""


def _start(stage: Stage) -> subprocess.Popen[str]:
    """Start an update in a process of its own."""
    command = [sys.executable, "-c", _RUN, str(stage.directory)]
    return subprocess.Popen(
        command, env=stage.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def _wait_for(stage: Stage, method: str, name: str) -> None:
    """Wait until the host is asked something."""
    while not [
        line for line in stage.lines() if (line.get("request") or {}).get("name") == name and line["method"] == method
    ]:
        time.sleep(0.01)


def _kill_during(stage: Stage, method: str, name: str) -> None:
    """Kill the engine while the host is busy."""
    (stage.toy / "calls.jsonl").unlink(missing_ok=True)
    process = _start(stage)
    _wait_for(stage, method, name)
    process.kill()
    process.communicate()


def _pending(stage: Stage) -> list[str]:
    return [found["type"] for found in stage.state().get("pending_operations", [])]


def test_a_killed_create_is_remembered(stage: Stage) -> None:
    """The state says what was under way; the lock is still there; the next run warns, creates, and keeps the mark."""
    stage.program(TWO)
    stage.behave(sleep_create={"b": 60})
    _kill_during(stage, "Create", "b")
    assert "creating" in _pending(stage)
    with pytest.raises(LockedError):
        stage.up()
    local_engine.stack_unlock(stage.project, "dev", environ=stage.environ)
    stage.behave()
    result = stage.up()
    assert result.exit_code == 0
    assert re.search(r"::b, interrupted while creating\\n.*`--clear-pending-creates`", str(result.diagnostics))
    assert {"a", "b", "c"} <= set(stage.resources())
    assert "creating" in _pending(stage)


def test_a_killed_update_is_done_again(stage: Stage) -> None:
    """An interrupted update leaves the old inputs, so the next run finds the same difference; the mark goes."""
    stage.program(TWO)
    stage.up()
    stage.program(TWO.replace('"one"', '"two"'))
    stage.behave(sleep_update={"a": 60})
    _kill_during(stage, "Update", "a")
    assert _pending(stage) == ["updating"]
    local_engine.stack_unlock(stage.project, "dev", environ=stage.environ)
    stage.behave()
    assert stage.up().changes["update"] == 1
    assert _pending(stage) == []


def test_a_killed_delete_is_done_again(stage: Stage) -> None:
    """An interrupted delete is in the state with its id, and the next run deletes."""
    stage.program(TWO)
    stage.up()
    stage.program("")
    stage.behave(sleep_delete={"c": 60})
    _kill_during(stage, "Delete", "c")
    assert "deleting" in _pending(stage)
    local_engine.stack_unlock(stage.project, "dev", environ=stage.environ)
    stage.behave()
    assert stage.up().exit_code == 0
    assert set(stage.resources()) == {"toy-dev"}


def test_nobody_survives_a_killed_engine(stage: Stage) -> None:
    """Program and host end when the engine is killed."""
    stage.program(TWO)
    stage.behave(sleep_create={"b": 60})
    process = _start(stage)
    _wait_for(stage, "Create", "b")
    family = below(process.pid)
    process.kill()
    process.communicate()
    wait_for_end(family)


SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)


def _interrupted(stage: Stage, number: signal.Signals) -> subprocess.Popen[str]:
    """Interrupt an update while the host makes `a`, and wait until the host has been told."""
    stage.program(TWO)
    stage.behave(sleep_create={"a": 60}, until_told=True)
    process = _start(stage)
    _wait_for(stage, "Create", "a")
    process.send_signal(number)
    _wait_for_calls(stage, ("Cancel", ""))
    return process


def _wait_for_calls(stage: Stage, call: tuple[str, str]) -> None:
    while call not in stage.calls():
        time.sleep(0.01)


@SIGNALS
def test_an_interruption_finishes_what_runs_and_saves_it(stage: Stage, number: signal.Signals) -> None:
    """The create under way ends and is kept, nothing new begins, and the exit code is 1."""
    process = _interrupted(stage, number)
    (stage.toy / "go-on").touch()
    out, err = process.communicate()
    code, messages = json.loads(out)
    assert (code, messages[-1], err) == (1, "error: update canceled\n", "")
    assert "a" in stage.resources()
    assert "c" not in stage.resources()
    assert not _pending(stage)


@SIGNALS
def test_the_second_interruption_ends_at_once(stage: Stage, number: signal.Signals) -> None:
    """Exit code 8 as the CLI's, what was under way is remembered, nobody is left, no lock, and the next run works."""
    process = _interrupted(stage, number)
    family = below(process.pid)
    process.send_signal(number)
    out, err = process.communicate()
    code, messages = json.loads(out)
    assert (code, messages[-1], err) == (8, "error: update failed\n", "")
    wait_for_end(family)
    assert set(_pending(stage)) == {"creating"}
    stage.behave()
    result = stage.up()
    assert "::a, interrupted while creating" in str(result.diagnostics)
    assert {"a", "b", "c"} <= set(stage.resources())


def test_a_closed_terminal_leaves_no_process(stage: Stage) -> None:
    """A hang-up ends the engine as it ends the CLI; program and host end with it."""
    stage.program(TWO)
    stage.behave(sleep_create={"b": 60}, until_told=True)
    process = _start(stage)
    _wait_for(stage, "Create", "b")
    family = below(process.pid)
    assert len(family) == 4, "engine, keeper, program, host"
    os.killpg(process.pid, signal.SIGHUP)
    process.communicate()
    assert process.returncode == -signal.SIGHUP
    wait_for_end(family)


def test_a_program_that_never_ends_can_be_stopped(stage: Stage) -> None:
    """A run can be cancelled from another thread while the program does nothing but wait."""
    stage.program("print('waiting')\nimport time\nwhile True: time.sleep(1)\n")
    run = stage.make_run()

    def watch(event: dict[str, Any]) -> None:
        if "waiting" in str(event):
            run.cancel()

    run.on_event = watch
    result = local_engine.up(run)
    assert (result.exit_code, result.diagnostics[-1]["message"]) == (1, "error: update canceled\n")


def test_a_cancelled_destroy_keeps_the_rest(stage: Stage) -> None:
    """The wave under way ends; what was not begun is still in the state."""
    stage.program(TWO)
    stage.up()
    run = stage.make_run()
    once = iter([run.cancel])
    run.on_event = lambda event: next(once, lambda: None)() if "resourcePreEvent" in event else None
    assert local_engine.destroy(run).exit_code == 1
    assert {"toy-dev", "default"} <= set(stage.resources())
