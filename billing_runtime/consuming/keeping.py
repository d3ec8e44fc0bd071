"""How long decisions are kept: as long as a call may be repeated with its key, and something be given back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from billing_runtime._books.receipts import first_receipt
from billing_runtime.clock import to_unix

if TYPE_CHECKING:
    from billing_runtime._context import Context

#: How often old ones are looked for; so many of them are removed in one transaction, so that nobody waits for long.
KEEP_EVERY, _AT_ONCE = timedelta(hours=6), 1000


def drop_old(context: Context) -> int:
    """Remove decisions that are older; how many. Open reservations stay, and so do counters, history and credits."""
    before = first_receipt(to_unix("clock()", context.clock() - context.limits.keep_decisions))
    dropped = 0
    while True:
        with context.store.transaction(context.scope) as change:
            number = change.run("drop_old_decisions", before=before, most=_AT_ONCE)
        dropped += number
        if number < _AT_ONCE:
            return dropped
