"""What is written down about an event that failed: why, and when it is tried again."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from billing_runtime._inbox.rows import Fate
from billing_runtime.errors import BillingError

if TYPE_CHECKING:
    from billing_runtime._inbox.backoff import Backoff
    from billing_runtime._inbox.rows import InboxEvent

_LONGEST = 500


def put_off(event: InboxEvent, error: Exception, backoff: Backoff, now: int) -> Fate:
    """The event in the state it was in, due again later; or put aside, if it failed too often."""
    attempts = event.attempts + 1
    pause = backoff.seconds(attempts)
    if pause is None:
        return Fate(event.event_id, "dead", attempts, problem=problem(error))
    return Fate(event.event_id, event.state, attempts, due_at=now + pause, problem=problem(error))


def problem(error: Exception) -> str:
    """Why, in a sentence. The words of errors that are not ours are left out: they may hold anything."""
    if isinstance(error, BillingError):
        return str(error)[:_LONGEST]
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {frames[-1].name} ({frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{where}"[:_LONGEST]
