"""The recorded scenarios, replayed: what our engine asks, keeps and shows equals what the real one did."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf import json_format

from local_engine import integrity, monitor, operations, stacks
from tests.local_engine import recording
from tests.local_engine.stage import PASSPHRASE, Stage

if TYPE_CHECKING:
    from pathlib import Path

    from local_engine import Result
    from local_engine.state import Snapshot

# Everything that is not equal, and why that is right. (scenario, step, what) -> reason.
_RACE = "whether the other resources are reached before the refused one is a matter of registration order"
_MAYBE_REACHED = {
    "s14-check": (
        "02-preview",
        "03-previewjson",
        "04-up",
        "05-up",
        "06-up-existing",
        "07-preview-checkerr",
        "08-preview-conferr",
    ),
    "s11d-updatefail": ("03-up",),
    "s11h-codes": ("02-up", "03-upunavail"),
}
DIFFERENCES: dict[tuple[str, str, str], str] = {
    (scenario, step, what): _RACE
    for scenario, steps in _MAYBE_REACHED.items()
    for step in steps
    for what in ("provider", "monitor", "state", "preview")
}
# Where things happen one after the other, every single write of the state is the same, in the same order.
ONE_BY_ONE = {
    "s04-replace.04-up",
    "s05-dbr.04-up",
    "s05b-dbr-cascade.04-up",
    "s08-refresh.05-refresh",
    "s10-get.03-up",
    "s11d-updatefail.03-up",
    "s13b-retain.03-up-replace",
    "s13e-alias.04-up",
    "s13f-component.03-up",
    "s13j-dbr-option.03-up",
    "s35-none-newinputs.03-up-nochange",
    "s35-none-newinputs.04-up-diffnone",
}
_RECORDED = (
    "GetDeploymentInfo",
    "RegisterResource",
    "RegisterResourceOutputs",
    "ReadResource",
    "SignalAndWaitForShutdown",
)


class Player:
    """Replays one scenario step by step."""

    def __init__(self, directory: Path, name: str) -> None:
        self.name = name
        self.stage = Stage(directory, re.sub(r"[^a-z0-9]", "", name))
        self.calls: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self.writes: list[dict[str, Any]] = []
        self._config: dict[str, str] = {}

    def play(self, step: dict[str, Any]) -> Result | None:
        """Carry out one recorded command."""
        verb, *words = step["command"].split()
        if verb == "stack":
            if words[0] == "init":
                self.stage.init()
            return None
        if verb == "state":
            return None
        if verb == "config":
            self._configure(words)
            return None
        self.stage.program(step["program"])
        self.stage.behave(**step["host"])
        self.calls.clear()
        self.writes.clear()
        return self._operate(verb, words)

    def _configure(self, words: list[str]) -> None:
        key, value = [word for word in words if not word.startswith("-")][1:]
        full = key if ":" in key else f"{self.stage.project.name}:{key}"
        secret = "--secret" in words
        self._config[full] = f"{{secure: {_sealed(value)}}}" if secret else value
        lines = "".join(f"  {name}: {text}\n" for name, text in self._config.items())
        self.stage.config(f"config:\n{lines}")

    def _operate(self, verb: str, words: list[str]) -> Result:
        dry = {"dry_run": True} if "--preview-only" in words else {}
        parallel = {"parallel": int(words[words.index("-p") + 1])} if "-p" in words else {}
        return getattr(self.stage, verb)(**dry, **parallel)  # type: ignore[no-any-return]


def _sealed(text: str) -> str:
    from local_engine.passphrase import Crypter
    from tests.local_engine.stage import SALT

    return Crypter.open(PASSPHRASE, SALT).encrypt(text)


@pytest.fixture
def player(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Player:
    """Return a player whose monitor writes down every call of the program."""
    player = Player(tmp_path, request.param)

    class Recorder(monitor.Monitor):
        """Answers as ever, and writes it down."""

    for method in _RECORDED:
        setattr(Recorder, method, _recording(method, player.calls))
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
    pairs: dict[str, tuple[Any, Any]] = {"exit code": (result.exit_code, step["exit"])}
    if (path := recording.recorded("traces", f"{stem}.jsonl")) is not None and step["command"] != "up --yes":
        pairs["provider"] = (
            recording.comparable(recording.by_resource(recording.host_calls(player.stage.lines()))),
            recording.comparable(recording.by_resource(recording.recorded_calls(path, "provider"))),
        )
        pairs["monitor"] = (
            recording.comparable(recording.by_resource(player.calls)),
            recording.comparable(recording.by_resource(recording.recorded_calls(path, "monitor"))),
        )
    if (path := recording.recorded("checkpoints", f"{stem}.json")) is not None:
        expected = json.loads(path.read_text())["checkpoint"]["latest"]
        pairs["state"] = (
            recording.comparable_state(player.stage.state(), PASSPHRASE),
            recording.comparable_state(expected, ""),
        )
    if (path := recording.recorded("previews", f"{stem}.json")) is not None:
        pairs["preview"] = (
            recording.comparable_preview(_placeless(result.preview or {}, player.stage)),
            recording.comparable_preview(json.loads(path.read_text())),
        )
    if (path := recording.recorded("checkpoints", f"{stem}.writes.jsonl")) is not None and stem in ONE_BY_ONE:
        pairs["writes"] = (
            recording.comparable_writes(player.writes),
            recording.comparable_writes(recording.load_lines(path)[1:]),
        )
    for what, (ours, theirs) in pairs.items():
        if (player.name, step["id"], what) not in DIFFERENCES:
            unequal = _unequal(ours, theirs)
            assert not unequal, f"{stem}: {what}\n{unequal}"


def _placeless(document: Any, stage: Stage) -> Any:
    return json.loads(json.dumps(document).replace(str(stage.directory), "<project>"))


def _unequal(ours: Any, theirs: Any, path: str = "") -> str:
    """List the places that differ, each on a line."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        keys = sorted({*ours, *theirs})
        return "".join(_unequal(ours.get(key), theirs.get(key), f"{path}/{key}") for key in keys)
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return "".join(_unequal(a, b, f"{path}/{i}") for i, (a, b) in enumerate(zip(ours, theirs, strict=True)))
    return "" if ours == theirs else f"{path}\n    ours:   {ours}\n    theirs: {theirs}\n"


@pytest.mark.parametrize("player", sorted(recording.SCENARIOS), indirect=True)
def test_scenario_is_equal(player: Player) -> None:
    """What the host is asked, what the program is told, the state file and the preview are those of the real engine."""
    for step in recording.SCENARIOS[player.name]["steps"]:
        result = player.play(step)
        if result is not None:
            _compare(player, step, result)
    assert player.problems == [], "every single write of the state must hold together"
