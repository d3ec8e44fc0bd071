"""What comes due while nobody asks for anything."""

from __future__ import annotations

import asyncio

import pytest

from stripe_emulator import heartbeat
from stripe_emulator.accounts import Scope
from stripe_emulator.delivery.record import DELIVERY, WAITING, change
from stripe_emulator.desk import Desk, Settings

SCOPE = Scope("acct_emulator", livemode=False)


def waiting(desk: Desk, at: int) -> None:
    """Let a delivery wait until a moment."""
    call = desk.emulator.begin(SCOPE)
    change(call, {"id": "dlv_1", "endpoint": "we_1"}, state=WAITING, next_attempt=at)
    desk.emulator.commit(call)


@pytest.mark.parametrize("frozen", [None, 1_700_000_000])
def test_retry_comes_without_a_request(monkeypatch: pytest.MonkeyPatch, frozen: int | None) -> None:
    """While the clock runs with the real time; one that stands still is moved by nobody."""
    monkeypatch.setattr(heartbeat, "_SECONDS", 0)
    desk = Desk(Settings(clock=frozen))
    waiting(desk, desk.emulator.clock.now())

    async def watch() -> None:
        beating = asyncio.create_task(heartbeat.beat(desk))
        for _ in range(5):
            await asyncio.sleep(0)
        beating.cancel()

    asyncio.run(watch())
    state = desk.snapshot()
    (delivery,) = [document for _, kind, _, document in state if kind == DELIVERY]
    assert delivery["state"] == ("ready" if frozen is None else "waiting")
