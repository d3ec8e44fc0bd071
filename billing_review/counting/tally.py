"""Counts what pages say; an object that is seen twice counts once, as it was seen first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Object = Mapping[str, Any]

ON_IT = ("active", "trialing", "past_due")
"""Who is served. Incomplete, unpaid, paused and ended subscriptions are not."""
PAYING = ("active", "past_due")
"""Whose revenue recurs: a trial pays nothing yet, as in Stripe's own monthly recurring revenue."""


@dataclass(slots=True)
class PriceTally:
    """What is known about one price."""

    statuses: dict[str, str] = field(default_factory=dict)
    """Of its subscriptions, by id."""
    customers: set[str] = field(default_factory=set)
    seats: int = 0
    paying: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Licensed items of who pays, by the subscription's currency and the item's quantity."""
    sessions: set[str] = field(default_factory=set)
    """Open checkout sessions that use it."""
    shown: Object | None = None
    """The price as Stripe shows it inside an item."""


class Tally:
    """What is known about the prices that count."""

    def __init__(self, prices: Iterable[str]) -> None:
        self.of = {price: PriceTally() for price in prices}
        self.subscriptions = 0
        """How many were looked at, whatever their prices are."""
        self.uses = 0
        """How many items of them are on prices that count."""
        self._seen: set[str] = set()

    def add_subscriptions(self, objects: Iterable[Object]) -> None:
        """Count a page of subscriptions."""
        for subscription in objects:
            if subscription["id"] not in self._seen:
                self._seen.add(subscription["id"])
                self._add_subscription(subscription)

    def add_sessions(self, objects: Iterable[Object]) -> None:
        """Count a page of open checkout sessions."""
        for session in objects:
            for line in (session.get("line_items") or {"data": []})["data"]:
                tally = self.of.get((line.get("price") or {}).get("id", ""))
                if tally is not None:
                    tally.sessions.add(session["id"])

    def _add_subscription(self, subscription: Object) -> None:
        self.subscriptions += 1
        status = subscription["status"]
        for item in subscription["items"]["data"]:
            tally = self.of.get(item["price"]["id"])
            if tally is not None:
                self.uses += 1
                if status in ON_IT:
                    _add_item(tally, subscription, item)


def _add_item(tally: PriceTally, subscription: Object, item: Object) -> None:
    quantity = item.get("quantity")
    tally.statuses[subscription["id"]] = subscription["status"]
    tally.customers.add(_id_of(subscription["customer"]))
    tally.shown = tally.shown or item["price"]
    if quantity is None:
        return
    tally.seats += quantity
    if subscription["status"] in PAYING:
        tally.paying[subscription["currency"], quantity] += 1


def _id_of(customer: str | Object) -> str:
    return customer if isinstance(customer, str) else str(customer["id"])
