"""Plays one recorded scenario, step by step, on the local engine."""

from __future__ import annotations

import json
import re
import shlex
import signal
from functools import partial
from typing import TYPE_CHECKING, Any

import local_engine
from local_engine import EngineError, Result
from local_engine.passphrase import Crypter
from tests.local_engine import cutting, imports, recording, stack_verbs
from tests.local_engine.differences import STEPS_NOT_PLAYED
from tests.local_engine.recorder import Notes
from tests.local_engine.stage import PASSPHRASE, SALT, Stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Options of the CLI and what they are called here; those that only ask for a form of output mean nothing to an engine.
_FLAGS = {
    "--preview-only": {"dry_run": True},
    "--refresh": {"refresh": True},
    "--continue-on-error": {"continue_on_error": True},
    "--clear-pending-creates": {"clear_pending_creates": True},
    "--target-dependents": {"target_dependents": True},
}
_LISTS = {
    "--target": "targets",
    "--exclude": "excludes",
    "--replace": "replaces",
    "--target-replace": "target_replaces",
}
_RECORDED_WITH = {"s17b-passphrase": PASSPHRASE}  # the others with an empty one
_SPOKEN = {"--yes", "--skip-preview", "--json", "--diff", "--expect-no-changes", "--non-interactive"}


class Player:
    """Replays one scenario step by step."""

    def __init__(self, directory: Path, name: str) -> None:
        self.name = name
        self.stage = Stage(directory, re.sub(r"[^a-z0-9]", "", name))
        self.notes = Notes()
        self.host_lines: list[dict[str, Any]] = []
        self._config: dict[str, str] = {}

    def play(self, step: dict[str, Any]) -> Result | None:
        """Carry out one recorded command; nothing comes back where there is nothing to compare."""
        verb, *words = shlex.split(step["command"])
        stack_verbs.edit_by_hand(self.stage, f"{self.name}.{step['id']}")
        if (self.name, step["id"]) in STEPS_NOT_PLAYED:
            return None
        if verb in {"config", "cancel", "state"}:
            self._prepare(verb, words)
            return None
        if verb == "stack":
            return self._noted(lambda: stack_verbs.operate(self.stage, words))
        self.stage.program(step["program"])
        self.notes.clear()
        self.host_lines.clear()
        if (number := cutting.signal_of(step)) is not None:
            self.stage.behave(**step["host"], until_told=True)
            trace = recording.RECORDINGS / "traces" / f"{self.name}.{step['id']}.jsonl"
            return self._noted(partial(cutting.operate, self.stage, self.notes, trace, verb, number))
        self.stage.behave(**step["host"])
        if verb == "import":
            return self._noted(lambda: imports.operate(self.stage, words))
        operate: Callable[..., Result] = getattr(self.stage, verb)
        if verb == "up" and "--skip-preview" not in words:
            self._noted(self.stage.preview)  # as the CLI does when it is not told to skip it
        result = self._noted(operate, **options_of(words))
        if "--expect-no-changes" in words and result.succeeded and result.changed:
            result.exit_code = 7
        return result

    def _noted(self, operate: Callable[..., Result], **options: Any) -> Result:
        try:
            result = operate(**options)
        except EngineError as error:  # refused before anything began
            said = {"severity": "error", "message": f"error: {error}"}
            return Result(error.exit_code, {}, [said], {})
        self.host_lines.extend(self.stage.lines())
        return result

    def _prepare(self, verb: str, words: list[str]) -> None:
        if verb == "config":
            self._configure(words)
        elif verb == "state":
            local_engine.state_unprotect(self.stage.project, self.stage.stack, words[1:2], environ=self.stage.environ)
        else:
            self.stage.unlock()

    def _configure(self, words: list[str]) -> None:
        key, value = [word for word in words if not word.startswith("-")][1:]
        full = key if ":" in key else f"{self.stage.project.name}:{key}"
        self._config[full] = f"{{secure: {_sealed(value)}}}" if "--secret" in words else value
        lines = "".join(f"  {name}: {text}\n" for name, text in self._config.items())
        self.stage.config(f"config:\n{lines}")


def options_of(words: list[str]) -> dict[str, Any]:
    """Translate the CLI's options; one that nobody knows is an error, so that no step is played half."""
    found: dict[str, Any] = {}
    rest = iter(words)
    for word in rest:
        if word == "-p":
            found["parallel"] = int(next(rest))
        elif word in _LISTS:
            found.setdefault(_LISTS[word], []).append(next(rest))
        elif word not in _SPOKEN:
            found |= _FLAGS[word]
    return found


def _sealed(text: str) -> str:
    return Crypter.open(PASSPHRASE, SALT).encrypt(text)


def compared(player: Player, step: dict[str, Any], result: Result) -> dict[str, tuple[Any, Any]]:
    """Put side by side what our engine did and what the real one did, for everything that was recorded."""
    stem = f"{player.name}.{step['id']}"
    pairs: dict[str, tuple[Any, Any]] = {"exit code": (result.exit_code, step["exit"])}
    if (path := recording.recorded("traces", f"{stem}.jsonl")) is not None:
        pairs |= _compared_calls(player, step, path)
        if (lives := recording.recorded_lives(path)) is not None:
            pairs["lives of hosts"] = (recording.host_lives(player.host_lines), lives)
    if (path := recording.recorded("checkpoints", f"{stem}.json")) is not None:
        expected = json.loads(path.read_text())["checkpoint"]["latest"]
        pairs["state"] = (
            recording.comparable_state(player.stage.state(), PASSPHRASE),
            recording.comparable_state(expected, _RECORDED_WITH.get(player.name, "")),
        )
    if (
        step["command"].startswith("stack")
        and "--json" in step["command"]
        and (path := recording.recorded("consoles", f"{stem}.txt")) is not None
    ):
        pairs["printed"] = (result.preview, stack_verbs.printed(path))
    if (path := recording.recorded("previews", f"{stem}.json")) is not None:
        pairs["preview"] = (
            recording.comparable_preview(_placeless(result.preview or {}, player.stage)),
            recording.comparable_preview(json.loads(path.read_text())),
        )
    if (path := recording.recorded("checkpoints", f"{stem}.writes.jsonl")) is not None:
        pairs["writes"] = (
            recording.comparable_writes(player.notes.writes),
            recording.comparable_writes(recording.load_lines(path)[1:]),
        )
    return pairs | (_compared_refusal(player, stem, result) if step["exit"] > 0 else {})


def _compared_calls(player: Player, step: dict[str, Any], path: Path) -> dict[str, tuple[Any, Any]]:
    lines = recording.load_lines(path)
    pairs = {}
    for to, calls in (("provider", recording.host_calls(player.host_lines)), ("monitor", player.notes.calls)):
        theirs = recording.recorded_calls(path, to)
        if step["command"].startswith("import "):
            theirs = imports.without_code_generation(theirs)
        if cutting.signal_of(step) is signal.SIGKILL:
            both = [cutting.cut_short(side, cutting.moment_of(lines)) for side in (calls, theirs)]
        else:
            both = [calls, theirs]
        pairs[to] = (_calls(both[0]), _calls(both[1]))
    return pairs


def _compared_refusal(player: Player, stem: str, result: Result) -> dict[str, tuple[Any, Any]]:
    path = recording.recorded("consoles", f"{stem}.txt")
    said = None if path is None else recording.refusal(path.read_text())
    if said is None:
        return {}
    ours = "".join(found["message"] for found in result.diagnostics)
    ours = ours.replace(str(player.stage.state_directory), "<backend>")
    return {"refusal": (recording.comparable_refusal(ours), recording.comparable_refusal(said))}


def _calls(calls: list[dict[str, Any]]) -> Any:
    return recording.comparable(recording.by_resource(calls))


def _placeless(document: Any, stage: Stage) -> Any:
    return json.loads(json.dumps(document).replace(str(stage.directory), "<project>"))


def unequal(ours: Any, theirs: Any, path: str = "") -> str:
    """List the places that differ, each on a line."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        keys = sorted({*ours, *theirs})
        return "".join(unequal(ours.get(key), theirs.get(key), f"{path}/{key}") for key in keys)
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return "".join(unequal(a, b, f"{path}/{i}") for i, (a, b) in enumerate(zip(ours, theirs, strict=True)))
    return "" if ours == theirs else f"{path}\n    ours:   {ours}\n    theirs: {theirs}\n"
