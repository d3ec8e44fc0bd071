"""Provider hosts: ours, Pulumi's own, and those that misbehave."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

ONE = 'a = Thing("a", label="x", size=1)\npulumi.export("id", a.id)\n'


def _alone(stage: Stage) -> None:
    """Leave the project without a host of its own."""
    (stage.directory / "Pulumi.yaml").write_text("name: toy\nruntime: python\n")


def test_pulumis_own_host_serves_without_ours(stage: Stage) -> None:
    """A project without a host uses the one in the pulumi wheel: create, same, update, refresh, delete."""
    _alone(stage)
    stage.program(ONE)
    assert stage.up().outputs == {"id": "th_x"}
    assert stage.up().changes == {"same": 2}
    stage.program(ONE.replace('"x"', '"y"'))
    assert stage.up().changes == {"same": 1, "update": 1}
    assert stage.resources()["a"]["outputs"]["serial"] == 2
    assert stage.refresh().changes == {"same": 2}
    assert stage.destroy().changes == {"delete": 2}


def test_both_hosts_share_a_state(stage: Stage) -> None:
    """What one host made, the other knows."""
    stage.program(ONE)
    stage.up()
    _alone(stage)
    assert stage.preview().changes == {"same": 2}


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (
            {"exit_first": 3},
            "provider host ended with exit code 3 without printing its port; its last words were: I cannot",
        ),
        ({"exit_first": 0}, "provider host ended with exit code 0 without printing its port"),
        ({"say_first": "hello, world"}, "provider host printed 'hello, world' instead of its port"),
        ({"unimplemented": ["GetPluginInfo"]}, "GetPluginInfo is not implemented"),
        ({"fail_configure": "no api key configured"}, "no api key configured"),
        ({"err_check": {"a": {"code": "UNKNOWN", "msg": "check exploded"}}}, "check exploded"),
        ({"unimplemented": ["Check"]}, "Check is not implemented"),
        ({"empty_id": ["a"]}, "plugin returned empty resource.ID from create"),
        ({"die_in_create": ["a"]}, r"the provider host ended with exit code 3 during Create\."),
    ],
)
def test_a_host_that_misbehaves_is_explained(stage: Stage, behaviour: dict[str, object], why: str) -> None:
    """One sentence says what the host did; nothing of its resource is in the state."""
    stage.program(ONE)
    stage.behave(**behaviour)
    result = stage.up()
    assert result.exit_code == 1
    assert [message for message in stage.errors(result) if re.search(why, message)]
    assert "a" not in stage.resources()


def test_a_missing_host_is_named(stage: Stage) -> None:
    """A path in Pulumi.yaml that leads nowhere is not silently replaced by the stock host."""
    stage.program(ONE)
    (stage.directory / "host" / "pulumi-resource-pulumi-python").unlink()
    (message,) = stage.errors(stage.preview())
    assert "host/pulumi-resource-pulumi-python, named in Pulumi.yaml, is not there or not executable" in message


def test_a_host_that_died_in_a_create_leaves_nothing_pending(stage: Stage) -> None:
    """The failure is known, so the state says that nothing is under way, and the next run tries again."""
    stage.program(ONE)
    stage.behave(die_in_create=["a"])
    stage.up()
    assert "pending_operations" not in stage.state()
    stage.behave()
    assert stage.up().changes == {"create": 1, "same": 1}


def test_hosts_are_told_good_bye(stage: Stage) -> None:
    """Cancel, then SIGINT, and the process is gone when the run is over."""
    stage.program(ONE)
    stage.up()
    lines = stage.lines()
    assert [line.get("method", line["at"]) for line in lines[-3:]] == ["Cancel", "Cancel", "signal"]
    with pytest.raises(ProcessLookupError):
        os.kill(next(line["pid"] for line in lines if line["at"] == "host"), 0)


def test_a_program_without_resources_needs_no_host(stage: Stage) -> None:
    """The host is started when the first resource needs it."""
    stage.program('pulumi.export("x", 1)')
    stage.up()
    assert stage.lines() == []


def test_two_providers_are_two_processes(stage: Stage) -> None:
    """A provider that the program declares has its own process and its own configuration."""
    stage.program(
        'class P(pulumi.ProviderResource):\n    pass\np = P("pulumi-python", "account", {"mode": "m1"})\n'
        'Thing("a", label="x", size=1, opts=RO(provider=p))\nThing("b", label="x", size=1)\n'
    )
    stage.up()
    assert len([line for line in stage.lines() if line["at"] == "host"]) == 2
    assert stage.resources()["a"]["provider"].split("::")[-2] == "account"
