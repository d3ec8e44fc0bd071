"""`billing.seats`: who has a seat, and the quantity at Stripe that follows from it or bounds it.

https://docs.stripe.com/billing/subscriptions/quantities
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime import _inputs
from billing_runtime._quantity import members as checked_count
from billing_runtime._quantity import seats_for
from billing_runtime.clock import to_unix
from billing_runtime.errors import BillingError, InvalidInput, NoSeats
from billing_runtime.seats import occupancy
from billing_runtime.seats.policy import SeatPolicy
from billing_runtime.seats.reconciler import Reconciler, bought_item, unchanged
from billing_runtime.seats.rows import SeatRows
from billing_runtime.seats.stripe_seats import StripeSeats
from billing_runtime.seats.views import SeatSweep, SeatSync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from billing_runtime._context import Context
    from billing_runtime.customers import Customers
    from billing_runtime.seats.provider import SeatItem, SeatProvider
    from billing_runtime.seats.rows import Change
    from billing_runtime.seats.views import SeatEvent, SeatHolder, SeatStatus

_ABANDONED = 900  # seconds after which a writer is given up: longer than all tries of all his requests take


class SeatsOfEntities:
    """`billing.seats`. Safe to share between threads; any number of processes may work on one entity."""

    def __init__(
        self,
        context: Context,
        customers: Customers,
        *,
        policy: SeatPolicy | None = None,
        count: Callable[[str], int] | None = None,
        provider: SeatProvider | None = None,
    ) -> None:
        """`count(entity_id)` is asked for the number of members when it matters; without it, what was told counts."""
        self._context, self._customers = context, customers
        self._policy = policy or SeatPolicy()
        self._rows = SeatRows(context.store, context.scope, context.clock)
        self._provider = provider or StripeSeats(context)
        self._reconciler = Reconciler(self._rows, self._provider, context.locks, self._policy, count)
        self._counts = count is not None

    def sync(self, entity_id: str, members: int | Iterable[str] | None = None, *, price: str | None = None) -> SeatSync:
        """Make every per-seat item that follows the members follow them, now.

        `members`: how many there are, or who they are (all others leave); None asks the application's `count`. What is
        wanted is kept first: if Stripe gives no answer (StripeUnavailable), a later call or sweep goes on from there.
        Nothing is written for an item whose quantity is right; nothing at all if any item's maximum would be passed
        (SeatsOutOfRange). With `price`, only its items are set, now and once, to a count. NoSeats: nothing follows.
        """
        _inputs.entity(entity_id)
        if price is not None:
            return self._set_one_price(entity_id, members, price)
        wanted = self._wanted(members)
        self._customers.require(entity_id)
        if isinstance(wanted, int):
            self._refuse_beyond(entity_id, wanted)
        with self._rows.change(entity_id) as change:
            if isinstance(wanted, frozenset):
                seats, name = self._bounds(change)
                occupancy.replace_members(change, wanted, seats, name)
            change.want(wanted if isinstance(wanted, int) else None, change.now)
            version = change.target().version
        done = self._reconciler.reconcile(entity_id, version=version)
        if done.changes:
            return done
        following = self._following(entity_id)
        if not following:
            raise NoSeats.of(entity_id)
        # Another call has told Stripe of this change together with its own.
        return SeatSync(entity_id, tuple(unchanged(item) for item in following), done.calls)

    def add(self, entity_id: str, member: str) -> SeatStatus:
        """Record that somebody joined. Nothing is sent: a burst of joins becomes one update, by `sweep` or `sync`.

        The same member twice is one. NoFreeSeat if every seat is taken or kept for an invitation.
        """
        with self._changing(entity_id) as change:
            if occupancy.join(change, _member(member), self._bounds(change)[0]):
                self._want(change)
        return self.status(entity_id)

    def remove(self, entity_id: str, member: str) -> SeatStatus:
        """Record that somebody left; nothing is sent. Nobody by that name is no error."""
        with self._changing(entity_id) as change:
            if occupancy.leave(change, _member(member)):
                self._want(change)
        return self.status(entity_id)

    def invite(self, entity_id: str, invitation: str, *, expires_at: datetime | None = None) -> SeatStatus:
        """Keep a seat free for an invitation, until it is accepted, revoked or has ended.

        The same invitation twice keeps one seat, until the end given last. NoFreeSeat if none is left.
        """
        end = None if expires_at is None else to_unix("expires_at", expires_at)
        with self._changing(entity_id) as change:
            occupancy.invite(change, _member(invitation), self._bounds(change)[0], end)
        return self.status(entity_id)

    def accept(self, entity_id: str, invitation: str, *, member: str | None = None) -> SeatStatus:
        """Turn an invitation into a member, on the seat it kept; `member` if he is known by another id.

        NoInvitation if it was revoked or has expired; a second time is no error.
        """
        with self._changing(entity_id) as change:
            if occupancy.accept(change, _member(invitation), _member(member or invitation)):
                self._want(change)
        return self.status(entity_id)

    def revoke(self, entity_id: str, invitation: str) -> SeatStatus:
        """Give the seat of an invitation free."""
        with self._changing(entity_id) as change:
            occupancy.revoke(change, _member(invitation))
        return self.status(entity_id)

    def buy(self, entity_id: str, quantity: int, *, price: str | None = None) -> SeatSync:
        """Set the number of purchased seats, now.

        SeatsInUse, with the list, if it is less than members and invitations; SeatsOutOfRange above the maximum. From
        then on nobody gets a seat that is about to go. A refused payment (StripeRefused) leaves the number as it was.
        """
        wanted = checked_count(quantity)
        self._customers.require(_inputs.entity(entity_id))
        item = bought_item(entity_id, list(self._provider.items(entity_id)), price)
        if wanted < item.seats.minimum:
            message = f"Price {item.name!r} needs at least {item.seats.minimum} seats."
            raise InvalidInput(message)
        seats_for(item.name, item.seats, wanted)
        with self._rows.change(entity_id) as change:
            others = [one for one in self._provider.known(entity_id) if one.mode == "purchased" and one.id != item.id]
            occupancy.require_in_use(change, wanted + sum(one.quantity for one in others))
            change.buy(wanted, item.price)
            change.want(change.target().counted, change.now)
            version = change.target().version
        return self._reconciler.reconcile(entity_id, version=version)

    def status(self, entity_id: str) -> SeatStatus:
        """Seats, and how many are held; from the store alone."""
        known, target = self._provider.known(_inputs.entity(entity_id)), self._rows.target(entity_id)
        seats = occupancy.capacity(known, target, self._policy)
        return occupancy.status(entity_id, seats, self._rows.holders(entity_id), target)

    def members(self, entity_id: str) -> tuple[SeatHolder, ...]:
        """Members and open invitations, oldest first."""
        return self._rows.holders(_inputs.entity(entity_id))

    def history(self, entity_id: str) -> tuple[SeatEvent, ...]:
        """Everything that happened to the entity's seats, in order."""
        return self._rows.history(_inputs.entity(entity_id))

    def count(self, entity_id: str) -> int | None:
        """How many members there are, as a checkout needs it; None if nobody has said."""
        return self._reconciler.wanted(entity_id, self._rows.target(_inputs.entity(entity_id)))

    def sweep(self, *, most: int = 500, everyone: bool = False) -> SeatSweep:
        """Tell Stripe of what was recorded and has waited long enough; a worker calls it again and again.

        Also looked at: entities whose last writer died. `everyone` compares all quantities with the cache, and mends
        what somebody changed elsewhere. One entity's failure does not keep the others; it is tried again later.
        """
        before = self._rows.now() - _ABANDONED
        abandoned = set(self._rows.abandoned(before, most))
        drifted = self._drifted() if everyone else set()
        synced, failed = [], {}
        for entity_id in dict.fromkeys([*self._rows.due(most), *sorted(abandoned | drifted)]):
            try:
                synced.append(self._reconciler.reconcile(entity_id, look=entity_id in abandoned | drifted))
                self._rows.drop_abandoned(entity_id, before)
            except BillingError as failure:
                failed[entity_id] = str(failure)
        return SeatSweep(tuple(synced), failed)

    def _set_one_price(self, entity_id: str, members: int | Iterable[str] | None, price: str) -> SeatSync:
        if not isinstance(members, int):
            message = "With price= give the number of seats as an int."
            raise InvalidInput(message)
        wanted = checked_count(members)
        self._context.manifest.price(price)
        self._customers.require(entity_id)
        done = self._reconciler.set_now(entity_id, wanted, price)
        if not done.changes:
            raise NoSeats.of(entity_id, price)
        return done

    def _wanted(self, members: int | Iterable[str] | None) -> int | frozenset[str] | None:
        if members is None and self._counts:
            return None
        if members is None or isinstance(members, (int, str, float)):
            return checked_count(members)  # type: ignore[arg-type] # which says what it should have been
        return frozenset(_member(one) for one in members)

    def _refuse_beyond(self, entity_id: str, wanted: int) -> None:
        """As far as it is known without asking; the reconciler asks."""
        for item in self._following(entity_id):
            seats_for(item.name, item.seats, wanted)

    def _bounds(self, change: Change) -> tuple[int | None, str]:
        """How many seats may be filled, and the price that says so."""
        known = self._provider.known(change.entity_id)
        seats = occupancy.capacity(known, change.target(), self._policy)
        names = [item.name for item in known if item.mode == "purchased" or item.seats.maximum == seats]
        return seats, next(iter(names), "no subscription")

    def _changing(self, entity_id: str) -> AbstractContextManager[Change]:
        return self._rows.change(_inputs.entity(entity_id))

    def _want(self, change: Change) -> None:
        change.want(None, change.now + int(self._policy.delay.total_seconds()))

    def _following(self, entity_id: str) -> list[SeatItem]:
        return [item for item in self._provider.known(entity_id) if item.mode == "follow"]

    def _drifted(self) -> set[str]:
        return {entity_id for entity_id in self._rows.every() if self._differs(entity_id)}

    def _differs(self, entity_id: str) -> bool:
        target = self._rows.target(entity_id)
        wanted = self._reconciler.wanted(entity_id, target)
        if wanted is None or target is None or target.failure is not None:
            return False
        return any(item.quantity != max(wanted, item.seats.minimum) for item in self._following(entity_id))


def _member(identifier: str) -> str:
    """The application's id of a member or an invitation."""
    return _inputs.holder(identifier)
