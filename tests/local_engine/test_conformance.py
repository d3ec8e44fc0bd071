"""The recorded scenarios, replayed: what our engine asks, keeps and shows equals what the real one did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.billing_cli import console_parity
from tests.local_engine import recording
from tests.local_engine.differences import DIFFERENCES, NOT_PLAYED, ONE_BY_ONE
from tests.local_engine.player import Player, compared, unequal
from tests.local_engine.recorder import record

if TYPE_CHECKING:
    from pathlib import Path

    from local_engine import Result


@pytest.fixture
def player(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Player:
    """Return a player that notes every call of the program and every write of the state."""
    player = Player(tmp_path, request.param)
    record(player.notes.take, monkeypatch.setattr)
    return player


def _compare(player: Player, step: dict[str, Any], result: Result) -> None:
    stem = f"{player.name}.{step['id']}"
    for what, (ours, theirs) in compared(player, step, result).items():
        if (player.name, step["id"], what) in DIFFERENCES or (what == "writes" and stem not in ONE_BY_ONE):
            continue
        found = unequal(ours, theirs)
        assert not found, f"{stem}: {what}\n{found}"
    shown = console_parity.problems(player.name, step, player.stage.events)
    assert not shown, "\n\n".join(shown)


@pytest.mark.parametrize("player", sorted(set(recording.SCENARIOS) - set(NOT_PLAYED)), indirect=True)
def test_scenario_is_equal(player: Player) -> None:
    """What the host is asked, what the program is told, the state, the preview and the page are the real engine's."""
    for step in recording.SCENARIOS[player.name]["steps"]:
        result = player.play(step)
        if result is not None:
            _compare(player, step, result)
    assert player.notes.problems == [], "every single write of the state must hold together"
