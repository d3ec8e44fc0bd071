"""How far a test clock may be advanced at once, and how much may live on it.

https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage#limitations
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import clocks as errors
from stripe_emulator.objects.subscriptions.period import boundary
from stripe_emulator.objects.subscriptions.record import ENDED, peek_items, price_of

Document = dict[str, Any]

_CUSTOMERS = 3
_SUBSCRIPTIONS = 3  # of each customer
_INTERVALS = 2
_YEARS = 2  # where there is no subscription


def require_reachable(call: Call, clock: Document, moment: int) -> None:
    """Refuse to turn a clock back, or to advance it further than Stripe does at once."""
    if clock["status"] != "ready":
        raise errors.still_advancing()
    if moment <= clock["frozen_time"]:
        raise errors.only_forward(clock["frozen_time"])
    latest = _latest(call, clock)
    if moment > latest:
        raise errors.too_far(latest)


def require_place_for_customer(call: Call, clock: str) -> None:
    """Refuse a fourth customer."""
    if len(customers_on(call, clock)) >= _CUSTOMERS:
        raise errors.too_many_customers(_CUSTOMERS)


def require_place_for_subscription(call: Call, customer: Document) -> None:
    """Refuse a customer's fourth subscription on a test clock."""
    if customer["test_clock"] is None:
        return
    mine = call.store.where("subscription", "customer", customer["id"])
    if sum(one["status"] not in ENDED for one in mine) >= _SUBSCRIPTIONS:
        raise errors.too_many_subscriptions(_SUBSCRIPTIONS)


def customers_on(call: Call, clock: str) -> list[Document]:
    """Return the customers who live on a clock, for reading only."""
    return call.store.where("customer", "test_clock", clock)


def _latest(call: Call, clock: Document) -> int:
    now = clock["frozen_time"]
    mine = [one for one in call.store.where("subscription", "test_clock", clock["id"]) if one["status"] not in ENDED]
    intervals = [price_of(call, item)["recurring"] for one in mine for item in peek_items(call, one)]
    ends = [boundary(now, recurring, _INTERVALS) for recurring in intervals if recurring]
    return min(ends, default=_years_after(now))


def _years_after(moment: int) -> int:
    yearly = {"interval": "year", "interval_count": _YEARS}
    return boundary(moment, yearly, 1)
