"""The launcher: the SDK it starts is the SDK that the CLI starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

SLOW = """
a = Thing("a", label="1", size=1)
late = Thing("late", label=Thing("slow", label="1", size=1).id, size=1)
def fail(_):
    raise ValueError("boom")
"""


def test_debug_messages_are_heard_and_not_shown(stage: Stage) -> None:
    """As without `--debug` on the CLI: a program may say them, and nobody reads them."""
    stage.program('Thing("a", label="1", size=1)\npulumi.log.debug("psst")\npulumi.log.info("hello")')
    assert [found["message"] for found in stage.up().diagnostics] == ["hello\n"]


@pytest.mark.parametrize("failing", ["a.id.apply(fail)", "a.id.apply(lambda _: a.serial.apply(fail) and 0)"])
def test_an_error_is_told_while_others_wait(stage: Stage, failing: str) -> None:
    """An output that raises ends the program, whatever is still under way, and nothing new is registered."""
    stage.behave(sleep_create={"slow": 1.5})
    stage.program(f"{SLOW}{failing}\n")
    result = stage.up()
    assert [message.splitlines()[-1] for message in stage.errors(result)] == ["ValueError: boom"]
    assert stage.resources().keys() >= {"a", "slow"}
    assert "late" not in stage.resources()
