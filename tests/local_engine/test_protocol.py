"""Both sides of the protocol, field by field: the first scenario was recorded with everything in it."""

from __future__ import annotations

import base64
import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi.runtime.proto.resource_pb2_grpc import ResourceMonitorServicer

from local_engine.monitor import Monitor
from tests.local_engine import recording
from tests.local_engine.player import Player, unequal
from tests.local_engine.recorder import record

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_PORT = re.compile(r"127\.0\.0\.1:\d+")


def _strict(calls: list[dict[str, Any]], directory: str) -> Any:
    """Make calls comparable without leaving out what is always the same."""
    for call in calls:
        if "randomSeed" in call["request"]:
            call["request"]["randomSeed"] = len(base64.b64decode(call["request"]["randomSeed"]))
    text = json.dumps(recording.by_resource(calls, recording.NEVER_TOLD)).replace(directory, "<project>")
    return recording.comparable(json.loads(_PORT.sub("127.0.0.1:<port>", text)))


def test_every_field_of_every_message_is_the_real_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags, addresses, directories, features and seeds are there where the real engine sends them, nowhere else."""
    player = Player(tmp_path, "s01-create")
    record(player.notes.take, monkeypatch.setattr)
    player.stage.make_run = partial(player.stage.make_run, parallel=8)  # type: ignore[method-assign]
    for step in recording.SCENARIOS["s01-create"]["steps"]:
        result = player.play(step)
        path = recording.recorded("traces", f"s01-create.{step['id']}.jsonl")
        if result is not None and path is not None:
            ours = {"provider": recording.host_calls(player.host_lines), "monitor": player.notes.calls}
            for to, found in ours.items():
                theirs = _strict(recording.recorded_calls(path, to), "<project>")
                assert not unequal(_strict(found, str(player.stage.directory)), theirs), step["id"]


def test_a_program_that_learns_nothing_asks_for_each_feature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing tells of the deployment, every feature that is asked for is there, as for the real engine."""
    monkeypatch.setattr(Monitor, "GetDeploymentInfo", ResourceMonitorServicer.GetDeploymentInfo)
    player = Player(tmp_path, "s22-legacyfeatures")
    record(player.notes.take, monkeypatch.setattr)
    for step in recording.SCENARIOS["s22-legacyfeatures"]["steps"]:
        player.play(step)
    path = recording.RECORDINGS / "traces" / "s22-legacyfeatures.02-preview.jsonl"
    theirs = [call for call in recording.recorded_calls(path, "monitor") if call["method"] != "GetDeploymentInfo"]
    assert not unequal(_unordered(player.notes.calls), _unordered(theirs))


def _unordered(calls: list[dict[str, Any]]) -> Any:
    """Features are asked for side by side."""
    return recording.comparable(recording.by_resource(sorted(calls, key=lambda call: str(call["request"].get("id")))))
