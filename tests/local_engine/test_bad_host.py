"""Hosts that misbehave: one sentence says what happened, what was finished is saved, and nobody is left behind."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

import local_engine
from local_engine.run import TERMINATED
from tests.local_engine.stage import TOY

if TYPE_CHECKING:
    from local_engine import Result
    from tests.local_engine.stage import Stage

ONE = 'Thing("a", label="x", size=1)\n'
TWO = 'a = Thing("a", label="x", size=1)\nThing("b", label=a.id, size=1)\n'
SAVED = r"What was finished is saved; run the command again\."


def _bad(stage: Stage, **ways: str) -> None:
    """Let the host misbehave in some calls."""
    script = stage.directory / "host" / "pulumi-resource-pulumi-python"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{TOY / "bad_host.py"}" "$@"\n')
    stage.behave(bad=ways)


def _one_sentence(stage: Stage, result: Result, why: str) -> None:
    """Check that one error, without a traceback, says why."""
    assert result.exit_code == 1
    assert [said for said in stage.errors(result) if re.fullmatch(f"error: (Preview failed: )?{why}", said)]
    assert "Traceback" not in str(result.diagnostics)


def _nobody_is_left(stage: Stage) -> bool:
    """Tell whether every host of the last run is gone."""
    return not any(_is_alive(line["pid"]) for line in stage.lines() if line["at"] == "host")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


DEATHS = {
    "kill": r"the provider host was ended by signal 9 during {method}\. " + SAVED,
    "leave": r"the provider host ended with exit code 4 during {method}; its last words were: out of ideas\. " + SAVED,
    "close": r"the provider host closed the connection during {method}\. " + SAVED,
    "wordless": r"the provider host refused {method} with INTERNAL and no reason\.",
}


@pytest.mark.parametrize("way", DEATHS)
@pytest.mark.parametrize("method", ["Handshake", "CheckConfig", "Configure", "Check", "Create"])
def test_a_host_that_fails_while_something_is_made(stage: Stage, method: str, way: str) -> None:
    """Whatever it was asked, the sentence names the call; the resource is not in the state, and nothing is pending."""
    stage.program(ONE)
    _bad(stage, **{method: way})
    _one_sentence(stage, stage.up(), DEATHS[way].format(method=method))
    assert "a" not in stage.resources()
    assert "pending_operations" not in stage.state()
    assert _nobody_is_left(stage)


@pytest.mark.parametrize("way", DEATHS)
@pytest.mark.parametrize(("method", "program"), [("Diff", ONE), ("Update", ONE.replace("x", "y")), ("Delete", "")])
def test_a_host_that_fails_while_something_is_changed(stage: Stage, method: str, program: str, way: str) -> None:
    """The resource stays as it was, and the next run does what this one could not."""
    stage.program(ONE)
    stage.up()
    before = stage.resources()["a"]
    stage.program(program)
    _bad(stage, **{method: way})
    _one_sentence(stage, stage.up(), DEATHS[way].format(method=method))
    assert stage.resources()["a"] == before
    assert _nobody_is_left(stage)
    stage.behave()
    assert stage.up().exit_code == 0


def test_a_host_that_dies_in_a_refresh(stage: Stage) -> None:
    """Nothing is believed to be gone because nobody could look."""
    stage.program(ONE)
    stage.up()
    before = stage.resources()["a"]
    _bad(stage, Read="kill")
    _one_sentence(stage, stage.refresh(), DEATHS["kill"].format(method="Read"))
    after = stage.resources()["a"]
    assert [after[key] for key in ("id", "inputs", "outputs")] == [before[key] for key in ("id", "inputs", "outputs")]


def test_a_host_that_dies_in_a_destroy(stage: Stage) -> None:
    """What was not deleted is still known."""
    stage.program(ONE)
    stage.up()
    _bad(stage, Delete="kill")
    _one_sentence(stage, stage.destroy(), DEATHS["kill"].format(method="Delete"))
    assert "a" in stage.resources()


def test_what_was_finished_before_a_death_is_saved(stage: Stage) -> None:
    """The first of two resources is kept, and the next run makes the second."""
    stage.program(TWO)
    stage.behave(die_in_create=["b"])
    assert stage.up().exit_code == 1
    assert set(stage.resources()) == {"toy-dev", "default", "a"}
    stage.behave()
    assert stage.up().changes == {"create": 1, "same": 2}


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("strange_changes", "the provider host answered Diff with changes as 99, which means nothing here; .*"),
        ("strange_kind", "the provider host answered Diff with the kind of change of 'label' as 42, .*"),
    ],
)
def test_a_diff_that_means_nothing_is_refused(stage: Stage, way: str, why: str) -> None:
    """A value of another version of the protocol is not guessed at."""
    stage.program(ONE)
    stage.up()
    _bad(stage, Diff=way)
    for result in (stage.preview(), stage.up()):
        _one_sentence(stage, result, why)


def test_an_answer_that_cannot_be_kept_is_refused(stage: Stage) -> None:
    """An asset in the outputs is refused with the way out."""
    stage.program(ONE)
    _bad(stage, Create="asset")
    _one_sentence(stage, stage.up(), "the local engine does not support assets in resource properties; use .*")


def test_a_check_that_answers_nothing_means_no_inputs(stage: Stage) -> None:
    """As for the real engine, what Check answers is what there is."""
    stage.program(ONE)
    _bad(stage, Check="empty")
    assert stage.up().exit_code == 0
    assert "inputs" not in stage.resources()["a"]


def test_a_huge_answer_is_taken(stage: Stage) -> None:
    """Twenty megabytes are kept as they are."""
    stage.program('a = Thing("a", label="x", size=1)\nimport pulumi\n')
    _bad(stage, Create="huge")
    assert stage.up().exit_code == 0
    assert len(stage.resources()["a"]["outputs"]["text"]) == 20 * 2**20


def _insist(stage: Stage, run: local_engine.Run, method: str) -> None:
    """Cancel a run twice, once the host is busy with a call."""
    while not any(line.get("method") == method for line in stage.lines()):
        time.sleep(0.01)
    run.cancel()
    run.cancel()


@pytest.mark.parametrize("method", ["Handshake", "Configure", "Check", "Create"])
def test_a_host_that_never_answers_is_ended_by_the_second_ctrl_c(stage: Stage, method: str) -> None:
    """The first asks, the second ends the host; the state says what is."""
    stage.program(ONE)
    _bad(stage, **{method: "hang"})
    run = stage.make_run()
    threading.Thread(target=_insist, args=(stage, run, method), daemon=True).start()
    result = local_engine.up(run)
    assert result.exit_code == TERMINATED
    assert "Traceback" not in str(result.diagnostics)
    assert "a" not in stage.resources()
    assert _nobody_is_left(stage)


def test_a_host_that_never_says_its_port_is_ended_by_the_second_ctrl_c(stage: Stage) -> None:
    """Waiting for a start can be given up."""
    stage.program(ONE)
    script = stage.directory / "host" / "pulumi-resource-pulumi-python"
    noted = json.dumps({"at": "start", "method": "none", "request": {}})
    script.write_text(f"#!/bin/sh\necho '{noted}' > $TOY_DIR/calls.jsonl\nexec sleep 600\n")
    run = stage.make_run()
    threading.Thread(target=_insist, args=(stage, run, "none"), daemon=True).start()
    result = local_engine.up(run)
    assert result.exit_code == TERMINATED
    assert "Traceback" not in str(result.diagnostics)
