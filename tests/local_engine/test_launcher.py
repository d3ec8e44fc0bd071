"""The launcher: what it makes the SDK do otherwise, nobody notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from local_engine.monitor import EngineLog

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

SLOW = """
a = Thing("a", label="1", size=1)
late = Thing("late", label=Thing("slow", label="1", size=1).id, size=1)
def fail(_):
    raise ValueError("boom")
"""


def test_debug_messages_stay_in_the_program(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine would drop them: so nobody calls it for them, and it still hears everything else."""
    heard: list[str] = []

    def log(_self: EngineLog, request: Any, _context: Any) -> Any:
        heard.append(request.message)
        return EngineLog.Log(_self, request, _context)

    monkeypatch.setattr("local_engine.operation.EngineLog", type("Ear", (EngineLog,), {"Log": log}))
    stage.program('Thing("a", label="1", size=1)\npulumi.log.debug("psst")\npulumi.log.info("hello")')
    assert stage.up().exit_code == 0
    assert heard == ["hello"]


@pytest.mark.parametrize("failing", ["a.id.apply(fail)", "a.id.apply(lambda _: a.serial.apply(fail) and 0)"])
def test_an_error_is_told_while_others_wait(stage: Stage, failing: str) -> None:
    """An output that raises ends the program, whatever is still under way, and nothing new is registered."""
    stage.behave(sleep_create={"slow": 1.5})
    stage.program(f"{SLOW}{failing}\n")
    result = stage.up()
    assert [message.splitlines()[-1] for message in stage.errors(result)] == ["ValueError: boom"]
    assert stage.resources().keys() >= {"a", "slow"}
    assert "late" not in stage.resources()
