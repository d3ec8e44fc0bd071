"""Seats: the quantity of per-seat items follows the members (https://docs.stripe.com/api/subscription_items)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from billing_runtime._quantity import members, seats_for
from billing_runtime.errors import NoSeats, StripeUnavailable

if TYPE_CHECKING:
    from billing_runtime._context import Context
    from billing_runtime.subscription import Subscription, SubscriptionItem
    from billing_runtime.subscriptions import Subscriptions

# Paused and unpaid subscriptions resume with their quantity; an incomplete one does not run yet.
_RUNNING = frozenset({"active", "trialing", "past_due", "unpaid", "paused"})


@dataclass(frozen=True, slots=True)
class SeatChange:
    """One per-seat item and its quantity before and after."""

    subscription_id: str
    item_id: str
    price: str | None
    before: int
    after: int

    @property
    def changed(self) -> bool:
        """Whether Stripe had to be told."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class SeatSync:
    """What a synchronization found and did; `calls` counts the requests sent to Stripe."""

    entity_id: str
    changes: tuple[SeatChange, ...]
    calls: int

    @property
    def changed(self) -> bool:
        """Whether any quantity was changed."""
        return any(change.changed for change in self.changes)

    @property
    def before(self) -> int:
        """The quantity before, of the first item if there are several."""
        return self.changes[0].before

    @property
    def after(self) -> int:
        """The quantity now, of the first item if there are several."""
        return self.changes[0].after


class SeatsOfEntities:
    """`billing.seats`."""

    def __init__(self, context: Context, subscriptions: Subscriptions) -> None:
        self._context, self._subscriptions = context, subscriptions

    def sync(self, entity_id: str, count: int, *, price: str | None = None) -> SeatSync:
        """Make every per-seat item of the entity (or the items on one price) follow its members.

        Nothing is written for an item whose quantity is right; nothing at all if any item's maximum would be passed.
        """
        wanted = members(count)
        if price is not None:
            self._context.manifest.price(price)
        with self._context.locks.of(entity_id):
            sent = self._context.api.sent
            changes = self._planned(entity_id, wanted, price)
            for change in changes:
                self._apply(change)
            return SeatSync(entity_id, changes, self._context.api.sent - sent)

    def _planned(self, entity_id: str, wanted: int, price: str | None) -> tuple[SeatChange, ...]:
        found = (
            _change(subscription, item, wanted)
            for subscription in self._subscriptions.of(entity_id)
            if subscription.status in _RUNNING
            for item in subscription.items
            if price in {None, item.price}
        )
        changes = tuple(change for change in found if change)
        if not changes:
            raise NoSeats.of(entity_id, price)
        return changes

    def _apply(self, change: SeatChange) -> None:
        if not change.changed:
            return
        try:
            self._write(change)
        except StripeUnavailable as failure:
            if not failure.replayed:
                raise
            # Stripe only repeats an error that it keeps under the key; to set a quantity twice is to set it once.
            self._write(change)

    def _write(self, change: SeatChange) -> None:
        # A random key: the same change may be right again tomorrow, after one in the other direction.
        self._context.api.write(
            "change the number of seats",
            f"billing-{uuid4().hex}",
            lambda client, options: client.v1.subscription_items.update(
                change.item_id, {"quantity": change.after}, options
            ),
        )


def _change(subscription: Subscription, item: SubscriptionItem, wanted: int) -> SeatChange | None:
    """What this item needs; None if it is no per-seat item that follows members."""
    terms = item.terms
    if terms is None or terms.type != "per_seat" or terms.seats is None or terms.seats.mode != "follow":
        return None
    after = seats_for(terms.key or terms.price_id, terms.seats, wanted)
    return SeatChange(subscription.id, item.id, terms.key, item.quantity or 0, after)
