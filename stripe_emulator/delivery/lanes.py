"""Whose turn it is: each endpoint gets its deliveries one after the other, in order unless a rule shuffles them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stripe_emulator.delivery.disturbances import Disturbance
    from stripe_emulator.delivery.outbox import Lane, Outbox


class Turns:
    """Chooses the next delivery of a lane."""

    def __init__(self) -> None:
        self._orders: dict[Lane, tuple[str, random.Random]] = {}
        self._drawn: dict[Lane, list[str]] = {}  # those of the window that is being sent, the next one last

    def next(self, outbox: Outbox, lane: Lane, shuffle: Disturbance | None, *, all_are_here: bool) -> str | None:
        """Return the next one, or None: nothing is ready, or a window is not yet full and more may come."""
        ready = outbox.lanes.get(lane, {})
        if shuffle is None:
            return next(iter(ready), None)
        drawn = [one for one in self._drawn.get(lane, []) if one in ready]
        if not drawn and (all_are_here or len(ready) >= shuffle.window):
            drawn = list(ready)[: shuffle.window]
            self._order(lane, shuffle).shuffle(drawn)
        self._drawn[lane] = drawn
        return drawn[-1] if drawn else None

    def clear(self) -> None:
        """Begin anew."""
        self._orders.clear()
        self._drawn.clear()

    def _order(self, lane: Lane, shuffle: Disturbance) -> random.Random:
        rule, order = self._orders.get(lane, ("", None))
        if rule != shuffle.id or order is None:
            order = shuffle.order()
            self._orders[lane] = shuffle.id, order
        return order
