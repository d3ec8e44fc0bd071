"""Plays one recorded scenario, step by step, on the local engine."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

from local_engine.passphrase import Crypter
from tests.local_engine import imports, recording
from tests.local_engine.stage import PASSPHRASE, SALT, Stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local_engine import Result

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
_SPOKEN = {"--yes", "--skip-preview", "--json", "--diff", "--expect-no-changes", "--non-interactive"}


class Player:
    """Replays one scenario step by step."""

    def __init__(self, directory: Path, name: str) -> None:
        self.name = name
        self.stage = Stage(directory, re.sub(r"[^a-z0-9]", "", name))
        self.monitor_calls: list[dict[str, Any]] = []
        self.host_lines: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self.writes: list[dict[str, Any]] = []
        self._config: dict[str, str] = {}

    def play(self, step: dict[str, Any]) -> Result | None:
        """Carry out one recorded command; nothing comes back where there is nothing to compare."""
        verb, *words = shlex.split(step["command"])
        if verb in {"stack", "state", "config", "cancel"}:
            self._prepare(verb, words)
            return None
        self.stage.program(step["program"])
        self.stage.behave(**step["host"])
        for kept in (self.monitor_calls, self.host_lines, self.writes):
            kept.clear()
        if verb == "import":
            return self._noted(lambda: imports.operate(self.stage, words))
        operate: Callable[..., Result] = getattr(self.stage, verb)
        if verb == "up" and not {"--skip-preview", "--json"} & set(words):
            self._noted(self.stage.preview)  # as the CLI does when it is not told to skip it
        return self._noted(operate, **options_of(words))

    def _noted(self, operate: Callable[..., Result], **options: Any) -> Result:
        result = operate(**options)
        self.host_lines.extend(self.stage.lines())
        return result

    def _prepare(self, verb: str, words: list[str]) -> None:
        if verb == "config":
            self._configure(words)
        elif (verb, words[0]) == ("stack", "init"):
            self.stage.init()
        elif verb == "cancel":
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
        ours = {"provider": recording.host_calls(player.host_lines), "monitor": player.monitor_calls}
        for to, calls in ours.items():
            theirs = recording.recorded_calls(path, to)
            if step["command"].startswith("import "):
                theirs = imports.without_code_generation(theirs)
            pairs[to] = (_calls(calls), _calls(theirs))
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
    if (path := recording.recorded("checkpoints", f"{stem}.writes.jsonl")) is not None:
        pairs["writes"] = (
            recording.comparable_writes(player.writes),
            recording.comparable_writes(recording.load_lines(path)[1:]),
        )
    return pairs


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
