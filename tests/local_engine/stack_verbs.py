"""The recorded `stack` commands, and the edits by hand that came between recorded commands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import local_engine
from local_engine import Result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.local_engine.stage import Stage

_EXPORTED = "e.json"


def operate(stage: Stage, words: list[str]) -> Result:
    """Carry out one `stack` command; what it prints is its preview."""
    verb, names = (words[0] if words else ""), [word for word in words[1:] if not word.startswith("-")]
    verbs: dict[str, Callable[..., Any]] = {
        "init": lambda: stage.init() and None,
        "export": lambda: _export(stage, names[0], show_secrets="--show-secrets" in words),
        "import": lambda: _import(stage, names[0]),
        "output": lambda: _outputs(stage, show_secrets="--show-secrets" in words),
        "ls": lambda: _summaries(stage),
        "rename": lambda: _rename(stage, names[0]),
        "rm": lambda: _remove(stage, force="--force" in words),
    }
    return Result(0, {}, [], {}, verbs[verb]())


def _export(stage: Stage, name: str, *, show_secrets: bool) -> None:
    found = local_engine.stack_export(stage.project, stage.stack, show_secrets=show_secrets, environ=stage.environ)
    (stage.directory / name).write_text(json.dumps(found))


def _import(stage: Stage, name: str) -> None:
    found = json.loads((stage.directory / name).read_text())
    local_engine.stack_import(stage.project, stage.stack, found, environ=stage.environ)


def _outputs(stage: Stage, *, show_secrets: bool) -> dict[str, Any]:
    return local_engine.stack_outputs(stage.project, stage.stack, show_secrets=show_secrets, environ=stage.environ)


def _summaries(stage: Stage) -> list[dict[str, Any]]:
    found = local_engine.stack_summaries(stage.project, environ=stage.environ)
    return [{"name": stack.name, "resourceCount": stack.resource_count} for stack in found]


def _rename(stage: Stage, name: str) -> None:
    local_engine.stack_rename(stage.project, stage.stack, name, environ=stage.environ)
    stage.stack = name


def _remove(stage: Stage, *, force: bool) -> None:
    local_engine.stack_remove(stage.project, stage.stack, force=force, environ=stage.environ)


def printed(console: Path) -> Any:
    """Return the JSON that a recorded command printed, without what no two runs have in common."""
    return told_by(console.read_text().split("--- stdout\n", 1)[1].rsplit("--- stderr", 1)[0])


def told_by(text: str) -> Any:
    """Return the JSON that a command printed, without what no two runs have in common."""
    if not text.strip().startswith(("{", "[")):
        return None
    found, _ = json.JSONDecoder().raw_decode(text.strip())  # `up --json` goes on with its events
    told = {"name", "resourceCount"}
    return [{key: stack[key] for key in told & stack.keys()} for stack in found] if isinstance(found, list) else found


def _manifest(path: Path, part: str, **changed: str) -> None:
    document = json.loads(path.read_text())
    inner = document["deployment"] if part == "deployment" else document["checkpoint"]["latest"]
    inner["manifest"] = {key: value for key, value in {**inner["manifest"], **changed}.items() if value != "gone"}
    path.write_text(json.dumps(document))


def _backwards(path: Path) -> None:
    document = json.loads(path.read_text())
    document["checkpoint"]["latest"]["resources"].reverse()
    path.write_text(json.dumps(document))


# What was done by hand before a recorded command.
EDITS: dict[str, Callable[[Stage], object]] = {
    "s17b-passphrase.03-preview-wrong": lambda stage: stage.environ.update(PULUMI_CONFIG_PASSPHRASE="wrong"),
    "s17b-passphrase.04-preview-none": lambda stage: stage.environ.pop("PULUMI_CONFIG_PASSPHRASE"),
    "s18-magic.04-import-badmagic": lambda stage: _manifest(stage.directory / _EXPORTED, "deployment", magic="bad"),
    "s18-magic.05-import-nomagic": lambda stage: _manifest(stage.directory / _EXPORTED, "deployment", magic="gone"),
    "s18-magic.07-preview-badmagic": lambda stage: _manifest(stage.state_file, "checkpoint", magic="bad"),
    "s18-magic.09-preview-emptymanifest": lambda stage: _manifest(stage.state_file, "checkpoint", magic="", version=""),
    "s18-magic.10-preview-badorder": lambda stage: _backwards(stage.state_file),
}


def edit_by_hand(stage: Stage, stem: str) -> None:
    """Do what was done by hand before a recorded command, if anything was."""
    edit = EDITS.get(stem)
    if edit is not None:
        edit(stage)
