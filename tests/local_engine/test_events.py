"""Engine events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.local_engine.recording import RECORDINGS, comparable

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

PROGRAM = """
a = Thing("a", label="one", size=1)
pulumi.export("x", a.id)
pulumi.log.warn("careful", a)
pulumi.log.info("hello")
print("printed")
"""


def _told(events: list[dict[str, Any]]) -> list[Any]:
    """Drop numbers and times, and what two processes say at the same time: order is only kept per resource."""
    found = []
    for event in events:
        body = {key: value for key, value in event.items() if key not in {"sequence", "timestamp"}}
        body.get("summaryEvent", {}).pop("durationSeconds", None)
        text = json.dumps(body, sort_keys=True).replace("s19json", "toy")
        found.append(json.loads(text.replace("printed\\n\\n", "printed\\n")))
    return sorted((comparable(body) for body in found), key=lambda body: json.dumps(body, sort_keys=True))


@pytest.mark.parametrize("file", ["s19-json.03-upjson", "s19-json.04-upjson2"])
def test_events_are_those_of_the_cli(stage: Stage, file: str) -> None:
    """A create and an unchanged run tell the same events, field by field, as `pulumi up --json`."""
    stage.program(PROGRAM)
    if file.endswith("2"):
        stage.up()
    stage.up()
    lines = (RECORDINGS / "events" / f"{file}.events.jsonl").read_text().splitlines()
    assert _told(stage.events) == _told([json.loads(line) for line in lines])


def test_events_are_numbered(stage: Stage) -> None:
    """Every event has the next number, whoever told it."""
    stage.program(PROGRAM)
    stage.up()
    assert [event["sequence"] for event in stage.events] == list(range(len(stage.events)))


def test_secrets_are_masked_in_events(stage: Stage) -> None:
    """No event holds a secret of the configuration, of inputs or of outputs."""
    stage.program('a = Thing("a", label=pulumi.Output.secret("hush"), size=1)\npulumi.export("x", a.label)')
    stage.up()
    assert "hush" not in json.dumps(stage.events)
    assert "[secret]" in json.dumps(stage.events)


def test_a_failed_step_is_told_with_its_reason(stage: Stage) -> None:
    """The failure names the resource, and the summary says that the run failed."""
    stage.program(PROGRAM)
    stage.behave(fail_create={"a": {"kind": "error", "msg": "no"}})
    stage.up()
    kinds = [next(key for key in event if key.endswith("Event")) for event in stage.events]
    assert "resOpFailedEvent" in kinds
    assert stage.events[-2]["summaryEvent"]["result"] == "failed"
