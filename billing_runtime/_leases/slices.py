"""Some units of a lease, counted down in the memory of one process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from billing_runtime.clock import from_unix
from billing_runtime.consuming.decision import Decision, Part, decision_from

if TYPE_CHECKING:
    from billing_runtime._leases.pool import Lease

LEASED = "leased"


class Slice:
    """As many units as a process may use without asking; shared by its threads."""

    __slots__ = ("_before", "_lock", "_resets_at", "entity_id", "key", "lease", "left", "name", "open", "units", "used")

    def __init__(self, entity_id: str, name: str, lease: Lease, units: int, left: int, key: str) -> None:
        """`left` is what the lease had left before these units were taken from it."""
        self.entity_id, self.name, self.lease, self.units, self.key = entity_id, name, lease, units, key
        self.left, self.used, self.open = units, 0, True
        # As if everything that was lent out before had been used.
        self._before = lease.usage + lease.units - left
        self._resets_at = from_unix(lease.resets_at)
        self._lock = threading.Lock()

    def use(self, amount: int, now: float) -> Decision | None:
        """Decide here; None if it cannot be decided here."""
        with self._lock:
            if not self.open or amount > self.left or now >= self.lease.until:
                return None
            self.left -= amount
            self.used += amount
            usage = self._before + self.used
        limit = self.lease.limit
        remaining = None if limit is None else max(0, limit - usage)
        part = Part(self.name, amount, True, usage, limit, remaining, 0, self._resets_at, LEASED)
        return decision_from((part,), None)

    def close(self) -> None:
        """Nothing more is used of it."""
        with self._lock:
            self.open = False
