"""Seats at Stripe: the quantity of a subscription item (https://docs.stripe.com/api/subscription_items/update).

A subscription that a schedule manages is changed in its schedule's later phases as well, or the next phase would bring
the old quantity back (https://docs.stripe.com/billing/subscriptions/subscription-schedules).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from billing_runtime.marks import terms_of
from billing_runtime.seats.provider import SeatItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stripe.params import SubscriptionItemUpdateParams, SubscriptionScheduleUpdateParams

    from billing_runtime._cache import CachedSubscription
    from billing_runtime._context import Context
    from billing_runtime.seats.policy import Step

Json = dict[str, Any]

# Paused and unpaid subscriptions resume with their quantity; an incomplete one does not run yet.
_RUNNING = frozenset({"active", "trialing", "past_due", "unpaid", "paused"})
_KEPT_IN_PHASES = ("start_date", "end_date", "trial_end", "proration_behavior", "metadata")


class StripeSeats:
    """The SeatProvider protocol on Stripe."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def calls(self) -> int:
        """How many requests this thread has sent so far."""
        return self._context.api.sent

    def items(self, entity_id: str) -> tuple[SeatItem, ...]:
        """Every per-seat item, as Stripe has it now."""
        customer = self._context.entities.customer_id(entity_id)
        return () if customer is None else tuple(self._read(self._context.cache.refresh(customer)))

    def known(self, entity_id: str) -> tuple[SeatItem, ...]:
        """Every per-seat item, as the cache has it."""
        return tuple(self._read(self._context.cache.of(entity_id)))

    def refresh(self, entity_id: str) -> None:
        """Fill the cache anew."""
        self.items(entity_id)

    def set_quantity(self, item: SeatItem, step: Step, *, key: str) -> None:
        """Set an item's quantity."""
        params: SubscriptionItemUpdateParams = {
            "quantity": step.quantity,
            "proration_behavior": step.proration,
            "payment_behavior": step.payment_behavior,
        }
        self._context.api.write(
            "change the number of seats",
            key,
            lambda client, options: client.v1.subscription_items.update(item.id, params, options),
        )
        if item.schedule is not None:
            self._set_in_schedule(item.schedule, item, step.quantity, f"{key}-schedule")

    def _read(self, subscriptions: Iterable[CachedSubscription]) -> Iterator[SeatItem]:
        for subscription in subscriptions:
            if subscription.status in _RUNNING:
                yield from self._seats(subscription)

    def _seats(self, subscription: CachedSubscription) -> Iterator[SeatItem]:
        for item in subscription.body["items"]:
            price = item["price"]
            terms = terms_of(self._context.manifest, price)
            if terms is None or terms.type != "per_seat" or terms.seats is None:
                continue
            yield SeatItem(
                id=item["id"],
                subscription_id=subscription.id,
                price=terms.key,
                price_id=price["id"],
                quantity=item["quantity"] or 0,
                seats=terms.seats,
                interval=(price.get("recurring") or {}).get("interval", "month"),
                period_start=item["current_period_start"] or 0,
                trialing=subscription.status == "trialing",
                schedule=subscription.body.get("schedule"),
            )

    def _set_in_schedule(self, schedule: str, item: SeatItem, quantity: int, key: str) -> None:
        found = self._context.api.read(
            "read a subscription schedule", lambda client: client.v1.subscription_schedules.retrieve(schedule)
        )
        phases = [_phase(phase, item.price_id, quantity) for phase in _current_and_later(found)]
        params = cast("SubscriptionScheduleUpdateParams", {"phases": phases, "proration_behavior": "none"})
        self._context.api.write(
            "change the number of seats in a subscription schedule",
            key,
            lambda client, options: client.v1.subscription_schedules.update(schedule, params, options),
        )


def _current_and_later(schedule: Json) -> list[Json]:
    """Phases that are over cannot be sent again."""
    current = schedule.get("current_phase") or {}
    return [phase for phase in schedule["phases"] if phase["end_date"] > current.get("start_date", 0)]


def _phase(phase: Json, price: str, quantity: int) -> Json:
    """The phase as it is sent back, with the new quantity of this price."""
    items = []
    for item in phase["items"]:
        kept = {"price": _id(item["price"])}
        if item.get("quantity") is not None:
            kept["quantity"] = quantity if kept["price"] == price else item["quantity"]
        items.append(kept)
    return {name: phase[name] for name in _KEPT_IN_PHASES if phase.get(name) is not None} | {"items": items}


def _id(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) else value
