"""One loop makes the quantities at Stripe equal to what is wanted, whatever changes, processes and failures there are.

It reads what is wanted, looks at Stripe, writes what differs, and begins anew if something else is wanted by then. Who
writes is on disk before he writes: of a process that dies, or whose answer is lost, the next sweep looks at the entity
again. So the last writer is always followed by a look.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from billing_runtime._quantity import seats_for
from billing_runtime.errors import InvalidInput, NoSeats, SeatsOutOfRange, StripeRefused, StripeUnavailable
from billing_runtime.seats.policy import Paid, after, steps
from billing_runtime.seats.rows import Target
from billing_runtime.seats.views import SeatChange, SeatSync

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime._locks import KeyedLocks
    from billing_runtime.seats.policy import SeatPolicy, Step
    from billing_runtime.seats.provider import SeatItem, SeatProvider
    from billing_runtime.seats.rows import SeatRows

_DAY = 86400
_FIRST_RETRY, _LONGEST_RETRY = 30, 3600  # seconds
_ROUNDS = 50  # whoever is overtaken so often lets the next one go on


class Reconciler:
    """Makes the seats of entities equal to what is wanted."""

    def __init__(
        self,
        rows: SeatRows,
        provider: SeatProvider,
        locks: KeyedLocks,
        policy: SeatPolicy,
        count: Callable[[str], int] | None = None,
    ) -> None:
        self._rows, self._provider, self._locks, self._policy, self._count = rows, provider, locks, policy, count

    def reconcile(self, entity_id: str, *, version: int = 0, price: str | None = None, look: bool = False) -> SeatSync:
        """Set the entity's seats right; with `version`, nothing is asked if Stripe has that one already.

        `look`: ask Stripe even if it had everything when it was last asked. Raises what Stripe or the bounds refuse,
        and the reason is kept.
        """
        calls, token = self._provider.calls, uuid4().hex
        with self._locks.of(f"seats/{entity_id}"):
            changes: dict[str, SeatChange] = {}
            for _ in range(_ROUNDS):
                target = self._rows.target(entity_id)
                if target is None or (target.done and not look and version <= target.done_version):
                    break
                look = False
                self._round(entity_id, target, token, changes, price)
                if self._rows.done(entity_id, target.version):
                    break
            self._rows.end_write(entity_id, token)
        return SeatSync(entity_id, tuple(changes.values()), self._provider.calls - calls)

    def set_now(self, entity_id: str, count: int, price: str) -> SeatSync:
        """Set the items on one price, now and once: nothing is remembered, and other items are left alone."""
        calls, token = self._provider.calls, uuid4().hex
        once = Target(0, 0, count, None, None, None, 0, None)
        changes: dict[str, SeatChange] = {}
        with self._locks.of(f"seats/{entity_id}"):
            self._round(entity_id, once, token, changes, price)
            self._rows.end_write(entity_id, token)
        return SeatSync(entity_id, tuple(changes.values()), self._provider.calls - calls)

    def wanted(self, entity_id: str, target: Target | None) -> int | None:
        """How many members there are: asked of the application, else as it was told; None if nobody has said."""
        if target is not None and target.version == 0:
            return target.counted
        if self._count is not None:
            return self._count(entity_id)
        if target is None:
            return None
        return self._rows.members(entity_id) if target.counted is None else target.counted

    def _round(
        self, entity_id: str, target: Target, token: str, changes: dict[str, SeatChange], price: str | None
    ) -> None:
        try:
            planned = self._planned(entity_id, target, price)
            for item, quantity in planned:
                self._apply(entity_id, item, quantity, token)
                before = changes[item.id].before if item.id in changes else item.quantity
                changes[item.id] = SeatChange(item.subscription_id, item.id, item.price, before, quantity)
            if any(item.quantity != quantity for item, quantity in planned):
                self._provider.refresh(entity_id)
        except StripeUnavailable as failure:
            self._failed(entity_id, target, f"Stripe gave no answer ({failure.status or 'no connection'})", again=True)
            raise
        except StripeRefused as refusal:
            self._failed(entity_id, target, f"Stripe refused ({refusal.code or refusal.status})", again=True)
            if target.bought is not None:
                self._rows.forget_purchase(entity_id, target.version)
            raise
        except (SeatsOutOfRange, NoSeats, InvalidInput) as refusal:
            self._failed(entity_id, target, str(refusal), again=False)
            raise

    def _failed(self, entity_id: str, target: Target, why: str, *, again: bool) -> None:
        pause = min(_LONGEST_RETRY, _FIRST_RETRY * 2**target.attempts)
        self._rows.failed(entity_id, target.version, why, self._rows.now() + pause if again else None)

    def _planned(self, entity_id: str, target: Target, price: str | None) -> list[tuple[SeatItem, int]]:
        """Every item and the quantity it should have; all bounds hold before anything is written."""
        items = [item for item in self._provider.items(entity_id) if price in {None, item.price}]
        members = self.wanted(entity_id, target)
        following = [] if members is None else [item for item in items if item.mode == "follow"]
        planned = [(item, seats_for(item.name, item.seats, members or 0)) for item in following]
        if target.bought is not None:
            planned.append((bought_item(entity_id, items, target.bought_price), target.bought))
        return planned

    def _apply(self, entity_id: str, item: SeatItem, wanted: int, token: str) -> None:
        day = self._rows.now() // _DAY
        paid = (self._rows.paid(item.id) or Paid(item.period_start, item.quantity)).within(
            item.period_start, item.quantity
        )
        before = item.quantity
        for step in steps(
            before, wanted, paid=paid, interval=item.interval, trialing=item.trialing, day=day, policy=self._policy
        ):
            if step.quantity < before:  # what there is now was billed, whatever becomes of the write
                self._rows.keep_paid(item.id, replace(paid, quantity=max(paid.quantity, before)))
            self._write(entity_id, replace(item, quantity=before), step, token)
            paid = after(paid, before, step, day=day, policy=self._policy)
            self._rows.keep_paid(item.id, paid)  # not sooner: what was refused was not billed
            before = step.quantity

    def _write(self, entity_id: str, item: SeatItem, step: Step, token: str) -> None:
        number = self._rows.begin_write(entity_id, token)
        try:
            self._provider.set_quantity(item, step, key=_key(item, number))
        except StripeUnavailable as failure:
            if not failure.replayed:
                raise
            # Stripe only repeats an error that it keeps under the key; to set a quantity twice is to set it once.
            number = self._rows.begin_write(entity_id, token)
            self._provider.set_quantity(item, step, key=_key(item, number))


def bought_item(entity_id: str, items: list[SeatItem], price: str | None) -> SeatItem:
    """The one item whose seats are bought, or the error that says what to name."""
    bought = [item for item in items if item.mode == "purchased" and price in {None, item.price}]
    if not bought:
        raise NoSeats.bought(entity_id, price)
    if len(bought) > 1:
        names = ", ".join(sorted(item.name for item in bought))
        message = f"Entity {entity_id!r} buys seats of several prices ({names}): name one with price=."
        raise InvalidInput(message)
    return bought[0]


def unchanged(item: SeatItem) -> SeatChange:
    """An item that is right as it is."""
    return SeatChange(item.subscription_id, item.id, item.price, item.quantity, item.quantity)


def _key(item: SeatItem, number: int) -> str:
    """A key for one write: the number is another one for every write, also of the same quantity on the same day."""
    return f"billing-seats-{hashlib.sha256(item.id.encode()).hexdigest()[:24]}-{number}"
