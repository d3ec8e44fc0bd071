"""What a test clock is, and how it is told that it moves.

https://docs.stripe.com/billing/testing/test-clocks
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind

Document = dict[str, Any]

NAME = "test_helpers.test_clock"


def _events(before: Document | None, after: Document | None) -> list[str]:
    if before is None or after is None:
        return [f"{NAME}.created" if before is None else f"{NAME}.deleted"]
    return [] if before["status"] == after["status"] else [f"{NAME}.{after['status']}"]


TEST_CLOCK = Kind(NAME, "clock", "test clock", path_param="test_clock", events=_events)


def stand_at(call: Call, clock: str | None, moment: int) -> None:
    """Move a clock on to a moment on its way, so that what is done there happens at that time."""
    found = call.store.get(NAME, clock) if clock else None
    if found is not None and found["frozen_time"] < moment:
        call.save(TEST_CLOCK, {**found, "frozen_time": moment})
