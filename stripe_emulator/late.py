"""Search that lags behind on request: what changed a moment ago is found as it was before.

https://docs.stripe.com/search#data-freshness
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stripe_emulator.storage import Transaction
    from stripe_emulator.table import Table

Document = dict[str, Any]


class Late:
    """Remembers what changed was before, for as long as search does not know."""

    def __init__(self) -> None:
        self.seconds = 0
        self._before: dict[tuple[str, str], dict[str, list[tuple[int, Document | None]]]] = {}

    def lag(self, seconds: int) -> None:
        """Let search lag behind by so many seconds of the emulator's time from now on."""
        self.seconds = seconds
        self._before.clear()

    def note(self, store: Transaction, now: int) -> None:
        """Take over what a transaction is about to change."""
        if not self.seconds:
            return
        for kind, identifier, before, _ in store.changed():
            self._before.setdefault((store.scope, kind), {}).setdefault(identifier, []).append((now, before))

    def known(self, scope: str, kind: str, rows: Table, now: int, below: int | None) -> Iterator[tuple[int, Document]]:
        """Walk over the objects that search knows of, newest first, with their places; from below a place, if given."""
        before = self._before.get((scope, kind), {})
        for place, identifier in rows.walk_below(below):
            was = [document for moment, document in before.get(identifier, ()) if moment > now - self.seconds]
            document = was[0] if was else rows.documents[identifier]
            if document is not None:
                yield place, document
