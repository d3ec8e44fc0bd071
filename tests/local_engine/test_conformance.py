"""The recorded scenarios, replayed: what our engine asks, keeps and shows equals what the real one did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf import json_format

from local_engine import integrity, monitor, operations, stacks
from tests.local_engine import recording
from tests.local_engine.differences import DIFFERENCES, NOT_PLAYED, ONE_BY_ONE
from tests.local_engine.player import Player, compared, unequal

if TYPE_CHECKING:
    from pathlib import Path

    from local_engine import Result
    from local_engine.state import Snapshot

_RECORDED = (
    "GetDeploymentInfo",
    "SupportsFeature",
    "RegisterResource",
    "RegisterResourceOutputs",
    "ReadResource",
    "SignalAndWaitForShutdown",
)


@pytest.fixture
def player(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Player:
    """Return a player whose monitor writes down every call of the program."""
    player = Player(tmp_path, request.param)

    class Recorder(monitor.Monitor):
        """Answers as ever, and writes it down."""

    for method in _RECORDED:
        setattr(Recorder, method, _recording(method, player.monitor_calls))
    monkeypatch.setattr(operations, "Monitor", Recorder)
    write = stacks.OpenStack.write

    def checked(self: stacks.OpenStack, snapshot: Snapshot) -> None:
        player.problems.extend(integrity.problems(snapshot.resources))
        player.writes.append(recording.condensed(snapshot))
        write(self, snapshot)

    monkeypatch.setattr(stacks.OpenStack, "write", checked)
    return player


def _recording(method: str, calls: list[dict[str, Any]]) -> Any:
    def answer(self: Any, request: Any, context: Any) -> Any:
        call: dict[str, Any] = {"method": method, "request": _described(request)}
        calls.append(call)
        response = getattr(monitor.Monitor, method)(self, request, context)
        call["response"] = _described(response)
        return response

    return answer


def _described(message: Any) -> Any:
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def _compare(player: Player, step: dict[str, Any], result: Result) -> None:
    stem = f"{player.name}.{step['id']}"
    for what, (ours, theirs) in compared(player, step, result).items():
        if (player.name, step["id"], what) in DIFFERENCES or (what == "writes" and stem not in ONE_BY_ONE):
            continue
        found = unequal(ours, theirs)
        assert not found, f"{stem}: {what}\n{found}"


@pytest.mark.parametrize("player", sorted(set(recording.SCENARIOS) - set(NOT_PLAYED)), indirect=True)
def test_scenario_is_equal(player: Player) -> None:
    """What the host is asked, what the program is told, the state file and the preview are those of the real engine."""
    for step in recording.SCENARIOS[player.name]["steps"]:
        result = player.play(step)
        if result is not None:
            _compare(player, step, result)
    assert player.problems == [], "every single write of the state must hold together"
