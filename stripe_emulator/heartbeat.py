"""While the clock runs with the real time, what comes due is done also when nobody asks for anything."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stripe_emulator.desk import Desk

_SECONDS = 1.0


async def beat(desk: Desk) -> None:
    """Look at the clock once in a while, until cancelled."""
    while True:
        await asyncio.sleep(_SECONDS)
        if desk.emulator.clock.frozen is None:
            desk.emulator.catch_up()
