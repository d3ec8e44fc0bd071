"""Resources passed as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from local_engine.values import REFERENCE_MARK, SIGNATURE

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

KIND = "pulumi-python:dynamic/billing:Thing"
PROGRAM = """
a = Thing("a", label="x", size=1)
c = pulumi.ComponentResource("shop:index:Plan", "c")
b = Thing("b", label=a, size=[c])
pulumi.export("again", b.label)
"""


def _urn(kind: str, name: str) -> str:
    return f"urn:pulumi:dev::toy::{kind}::{name}"


def _asked(stage: Stage, method: str, name: str) -> dict[str, Any]:
    """Return the last request about a resource."""
    found = [line for line in stage.lines() if line.get("method") == method and line["request"]["name"] == name]
    return dict(found[-1]["request"])


def test_a_host_that_understands_references_gets_them(stage: Stage) -> None:
    """As the real engine sends them: URN, name, type, and the id of what has one."""
    stage.program(PROGRAM)
    assert stage.up().exit_code == 0
    properties = _asked(stage, "Create", "b")["properties"]
    identifier = stage.resources()["a"]["id"]
    thing = {SIGNATURE: REFERENCE_MARK, "urn": _urn(KIND, "a"), "name": "a", "type": KIND, "id": identifier}
    plan = {SIGNATURE: REFERENCE_MARK, "urn": _urn("shop:index:Plan", "c"), "name": "c", "type": "shop:index:Plan"}
    assert (properties["label"], properties["size"]) == (thing, [plan])


def test_references_are_kept_as_the_real_engine_keeps_them(stage: Stage) -> None:
    """The state has URN, id and an empty version, and the next run finds no difference."""
    stage.program(PROGRAM)
    stage.up()
    kept = {SIGNATURE: REFERENCE_MARK, "urn": _urn(KIND, "a"), "packageVersion": "", "id": stage.resources()["a"]["id"]}
    assert stage.resources()["b"]["inputs"]["label"] == kept
    assert stage.resources()["b"]["dependencies"] == [_urn(KIND, "a")]
    assert stage.up().changes == {"same": 4}


def test_a_host_that_does_not_gets_ids(stage: Stage) -> None:
    """The id of a resource, the URN of a component."""
    stage.behave(handshake={"accept_secrets": True})
    stage.program(PROGRAM)
    assert stage.up().outputs == {"again": stage.resources()["a"]["id"]}
    assert _asked(stage, "Create", "b")["properties"]["size"] == [_urn("shop:index:Plan", "c")]


@pytest.mark.parametrize("handshake", [{"accept_secrets": True}, {"accept_secrets": True, "accept_resources": True}])
def test_a_reference_to_what_is_not_made_yet_is_unknown(stage: Stage, handshake: dict[str, bool]) -> None:
    """A preview of the first run sends no id that does not exist."""
    stage.behave(handshake=handshake)
    stage.program(PROGRAM)
    assert stage.preview().changes == {"create": 4}
    assert "04da6b54-80e4-46f7-96ec-b56ff0331ba9" in str(_asked(stage, "Create", "b")["properties"]["label"])
