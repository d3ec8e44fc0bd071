"""Recorded `pulumi import` commands, carried out by the local engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import local_engine
from local_engine import ImportSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_engine import Result
    from tests.local_engine.stage import Stage

THING = "pulumi-python:dynamic/billing:Thing"
_FILE = {
    "resources": [{"type": THING, "name": "f1", "id": "th_f1"}, {"type": THING, "name": "f2", "id": "th_f2"}],
}


def operate(stage: Stage, words: Sequence[str]) -> Result:
    """Import what a command line names."""
    named = [word for word in words if not word.startswith("--")]
    options = {"protect": "--protect=false" not in words, "dry_run": "--preview-only" in words}
    return stage.import_(_from_file(stage) if "--file" in words else [ImportSpec(*named)], **options)


def _from_file(stage: Stage) -> list[ImportSpec]:
    path = stage.directory / "imp.json"
    path.write_text(json.dumps(_FILE))
    return local_engine.read_import_file(path)


def without_code_generation(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the second provider, which the CLI asks for a schema in order to write code."""
    ends = [number for number, call in enumerate(calls, 1) if call["method"] == "Cancel"]
    return calls[: ends[0]] if ends else calls
