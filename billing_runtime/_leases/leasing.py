"""Leases of one opened Billing: who gets slices, and when they are settled."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING
from uuid import uuid4

from billing_runtime._forks import in_children
from billing_runtime._leases.pool import Pool, Rest
from billing_runtime._leases.settling import Lend, Settle, SettleAll
from billing_runtime._leases.slices import Slice
from billing_runtime._locks import KeyedLocks
from billing_runtime.errors import BillingError, StoreError

if TYPE_CHECKING:
    from billing_runtime._books.commit import Ledger
    from billing_runtime._leases.pool import Lease
    from billing_runtime._store import Scope
    from billing_runtime.clock import Clock
    from billing_runtime.consuming.decision import Decision
    from billing_runtime.leases import LeaseSettings

    Key = tuple[str, str]

_log = logging.getLogger("billing_runtime.leases")

# A key that is seldom used is not worth a lease: so many decisions between two looks.
_WARM = 4
# Where there is no lease to be had, nobody need ask again for a while.
_COLD, _WARMER = -1000, 250
_BACKLOG = 256
_TOGETHER = 128
_GUESS = 1000  # the units of a lease that another process has made


class Leasing:
    """Safe to share between threads; a forked child begins with nothing."""

    def __init__(self, ledger: Ledger, scope: Scope, clock: Clock, url: str, settings: LeaseSettings) -> None:
        self._ledger, self._clock, self._settings = ledger, clock, settings
        self._pool = Pool(url, scope)
        self._begin()
        in_children(self)

    def _begin(self) -> None:
        self._slices: dict[Key, Slice] = {}
        self._heat: dict[Key, int] = {}
        self._made: dict[Key, Lease] = {}
        self._ended: list[Slice] = []
        self._settling, self._locks = threading.Lock(), KeyedLocks()
        self._wake, self._stopped = threading.Event(), False
        self._thread: threading.Thread | None = None

    def after_fork(self) -> None:
        """Everything is the parent's."""
        self._begin()

    def consume(self, entity_id: str, name: str, amount: int) -> Decision | None:
        """Decide without the store, if there is a lease; None: ask the store."""
        found = self._slices.get((entity_id, name))
        return None if found is None else found.use(amount, self._clock().timestamp())

    def next(self, entity_id: str, name: str, amount: int) -> Decision | None:
        """The same for whoever has found no slice, or an empty one: take the next, if the key is worth it."""
        key = entity_id, name
        self._start()
        heat = self._heat[key] = self._heat.get(key, 0) + 1
        cold = heat < _WARM and key not in self._slices
        if cold or self._pool.away or len(self._ended) > _BACKLOG or self._stopped:
            return None
        with self._locks.of(f"{entity_id}\n{name}"):
            made = self.consume(entity_id, name, amount)
            if made is not None:
                return made  # another thread has taken one meanwhile
            old = self._slices.pop(key, None)
            if old is not None:
                self._end(old)
            new = self._taken(entity_id, name, amount) or self._lent(entity_id, name, amount)
            if new is None:
                self._heat[key] = _COLD
                return None
            self._slices[key] = new
            return new.use(amount, self._clock().timestamp())

    def recall(self, entity_id: str, name: str) -> bool:
        """Somebody was refused: give back what is lent out and not used, where it can be reached; if there is any."""
        key = entity_id, name
        self._heat[key] = _COLD
        found = self._slices.pop(key, None)
        if found is not None:
            self._end(found)
        returned = self._drain(key) or found is not None
        if returned:
            self.settle_ended()
        return returned

    def settle(self) -> None:
        """Tell everything, and give everything back."""
        for key in list(self._slices):
            found = self._slices.pop(key, None)
            if found is not None:
                self._end(found)
        for key in list(self._made):
            self._drain(key)
        self.settle_ended()

    def tick(self) -> None:
        """What is to be done from time to time: slices and leases whose time is up."""
        self._heat = {key: heat + _WARMER for key, heat in list(self._heat.items()) if heat < -_WARMER}
        now = self._clock().timestamp()
        for key, found in list(self._slices.items()):
            if now >= found.lease.until or not found.left:
                self._slices.pop(key, None)
                self._heat[key] = _WARM
                self._end(found)
        for key, lease in list(self._made.items()):
            if now >= lease.until:
                self._drain(key, lease.receipt)
        self.settle_ended()

    def close(self) -> None:
        """End the thread, and settle everything; what cannot be settled runs out."""
        self._stopped = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self.settle()
        except StoreError as error:
            _log.warning("Leases could not be settled, what was used of them is lost: %s", error)
        self._pool.close()

    def _taken(self, entity_id: str, name: str, amount: int) -> Slice | None:
        """From the lease that is lent out."""
        known = self._made.get((entity_id, name))
        size = (known.units if known else self._settings.units or _GUESS) // self._settings.slices
        found = self._pool.take(entity_id, name, max(amount, size), amount)
        return None if found is None else _slice(entity_id, name, found)

    def _lent(self, entity_id: str, name: str, amount: int) -> Slice | None:
        """From a new lease."""
        try:
            lease = self._ledger.do(Lend(entity_id, name, self._settings))
        except BillingError:
            return None  # the store will say so itself
        if lease is None:
            return None
        units = min(lease.units, max(amount, lease.units // self._settings.slices))
        before = self._pool.put(entity_id, name, lease, lease.units - units, self._settings.seconds)
        if before is None:
            units = lease.units  # nobody else will get any
        else:
            self._made[entity_id, name] = lease
            self._return(entity_id, name, before)
        return _slice(entity_id, name, Rest(lease, units, lease.units))

    def _drain(self, key: Key, receipt: str = "") -> bool:
        """Take what is left of the lease of a key, to be given back to the store; if there is any."""
        self._made.pop(key, None)
        return self._return(*key, self._pool.drain(*key, receipt))

    def _return(self, entity_id: str, name: str, rests: list[Rest]) -> bool:
        for rest in rests:
            self._end(_slice(entity_id, name, rest))
        return bool(rests)

    def _end(self, found: Slice) -> None:
        found.close()
        self._ended.append(found)
        self._wake.set()

    def settle_ended(self) -> None:
        """Tell the store what was used of slices that have ended. Raises StoreError: they are told again later."""
        with self._settling:
            while self._ended:
                some = self._ended[:_TOGETHER]
                lost = self._ledger.do(SettleAll([_settlement(one) for one in some]))
                del self._ended[: len(some)]
                for one, units in zip(some, lost, strict=True):
                    if units:
                        _log.warning("%s used units of %s were told too late, and are lost.", units, one.name)

    def _start(self) -> None:
        if self._thread is None and not self._stopped:
            self._thread = threading.Thread(target=self._run, name="billing-leases", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        pause = self._settings.seconds / 4
        while not self._stopped:
            woken = self._wake.wait(pause)
            self._wake.clear()
            try:
                self.settle_ended() if woken else self.tick()
            except BillingError as error:
                _log.warning("Leases could not be settled yet: %s", error)
                threading.Event().wait(min(1.0, pause))


def _slice(entity_id: str, name: str, rest: Rest) -> Slice:
    return Slice(entity_id, name, rest.lease, rest.units, rest.left, f"lease:{uuid4().hex}")


def _settlement(one: Slice) -> Settle:
    return Settle(one.entity_id, one.name, one.lease.receipt, one.used, one.left, one.key)
