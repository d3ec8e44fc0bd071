"""The recorded scenarios, played on the Pulumi CLI that is installed: the recordings still tell the truth about it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import pytest

from local_engine import Result
from tests.local_engine import recording, stack_verbs
from tests.local_engine.differences import LIVE_RACES, NOT_LIVE, STEPS_NOT_PLAYED
from tests.local_engine.player import Player, compared, unequal
from tests.local_engine.real import NEEDED, pulumi

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = NEEDED


class LivePlayer(Player):
    """Plays the recorded commands as they stand, on the real engine, with the same program and host."""

    def play(self, step: dict[str, Any]) -> Result | None:
        """Run the recorded command."""
        stack_verbs.edit_by_hand(self.stage, f"{self.name}.{step['id']}")
        self.stage.program(step["program"])
        self.stage.behave(**step["host"])
        (self.stage.toy / "calls.jsonl").unlink(missing_ok=True)
        ran = pulumi(self.stage, *shlex.split(step["command"]))
        self.host_lines[:] = self.stage.lines()
        said = [{"severity": "error", "message": ran.stderr}]
        return Result(ran.returncode, {}, said, {}, stack_verbs.told_by(ran.stdout))


@pytest.mark.parametrize("name", sorted(set(recording.SCENARIOS) - set(NOT_LIVE)))
def test_the_real_engine_does_what_was_recorded(name: str, tmp_path: Path) -> None:
    """The same program, host and commands give the same calls, state and preview as when they were recorded."""
    player = LivePlayer(tmp_path, name)
    for step in recording.SCENARIOS[name]["steps"]:
        result = player.play(step)
        assert result is not None
        if (name, step["id"]) in STEPS_NOT_PLAYED:
            continue
        for what, (ours, theirs) in compared(player, step, result).items():
            if what not in {"monitor", "writes"} and (name, step["id"], what) not in LIVE_RACES:
                assert not (found := unequal(ours, theirs)), f"{name}.{step['id']}: {what}\n{found}"
