"""Forecasts of entities' next invoices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from billing_runtime.clock import to_unix
from billing_runtime.errors import NoSubscription
from billing_runtime.reading.assembling import assembled
from billing_runtime.reading.entries import Entries
from billing_runtime.reading.metering import counted_here, told_by_others, usage_at_stripe
from billing_runtime.reading.upcoming import Upcomings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from billing_runtime._cache import CachedSubscription
    from billing_runtime._context import Context
    from billing_runtime.limits.allowances import Allowances
    from billing_runtime.reading.forecast import Forecast
    from billing_runtime.reading.upcoming import Upcoming

Json = dict[str, Any]

# Statuses in which Stripe makes a next invoice.
_RENEWS = frozenset({"active", "past_due", "trialing", "unpaid"})
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class _Answer:
    """What Stripe said about a subscription's next invoice, and when; `usage` by item and start."""

    at: datetime
    fetched_seq: int
    upcoming: Upcoming
    usage: dict[tuple[str, int], tuple[int, bool]] = field(default_factory=dict)


class Forecasts:
    """Safe to share between threads."""

    def __init__(self, context: Context, allowances: Allowances) -> None:
        self._context, self._allowances = context, allowances
        self._upcomings = Upcomings(context.api)
        self._answers: dict[str, _Answer] = {}

    def of(self, entity_id: str, subscription_id: str | None, stale: timedelta) -> Forecast | None:
        """See `Billing.forecast`."""
        cached = self._chosen(entity_id, subscription_id)
        if cached is None:
            return None
        now = self._context.clock()
        answer = self._answer(cached, now, stale)
        if answer.upcoming.subscription["status"] not in _RENEWS or not answer.upcoming.items:
            return None
        usage = _Usage(self._context, cached, answer, self._allowances.meters(entity_id))
        return assembled(Entries(self._context.manifest, answer.upcoming, usage.of), now)

    def _chosen(self, entity_id: str, subscription_id: str | None) -> CachedSubscription | None:
        """The subscription that is meant: the one named, else the only one that renews."""
        found = [one for one in self._context.cache.of(entity_id) if one.status in _RENEWS]
        if subscription_id is not None:
            named = [one for one in found if one.id == subscription_id]
            if not named:
                raise NoSubscription.of(entity_id, f"{subscription_id!r} that runs")
            return named[0]
        if len(found) > 1:
            raise NoSubscription.several(entity_id, [one.id for one in found])
        return found[0] if found else None

    def _answer(self, cached: CachedSubscription, now: datetime, stale: timedelta) -> _Answer:
        known = self._answers.get(cached.id)
        if known is not None and known.fetched_seq == cached.fetched_seq and known.at <= now < known.at + stale:
            return known
        answer = _Answer(now, cached.fetched_seq, self._upcomings.read(cached.id, to_unix("clock()", now)))
        if len(self._answers) > _REMEMBERED:
            self._answers = {}
        self._answers[cached.id] = answer
        return answer


@dataclass(frozen=True, slots=True)
class _Usage:
    """Usage of one customer's metered items."""

    context: Context
    cached: CachedSubscription
    answer: _Answer
    limits: Collection[str | None]
    """The meters that the entity's limits are counted for."""

    def of(self, item: Json, start: int, end: int) -> tuple[int, bool]:
        """What was counted here and what others told Stripe; where nothing is counted here, what Stripe has."""
        meter_id: str = item["price"]["recurring"]["meter"]
        api, who = self.context.api, self.cached.customer_id
        meter = next((one for one in self.context.manifest.meters.values() if one.id == meter_id), None)
        counted = None if meter is None else counted_here(self.context, self.cached.entity_id, meter, start, end)
        if counted is None and (meter is None or meter.key not in self.limits):
            return self._known(item, start, lambda: usage_at_stripe(api, meter_id, who, start, end))
        total, told = (0, 0) if counted is None else (counted.total, counted.told)
        if told is None:
            return total, True
        others, _ = self._known(item, start, lambda: (told_by_others(api, meter_id, who, (start, end), told), True))
        return total + others, True

    def _known(self, item: Json, start: int, ask: Callable[[], tuple[int, bool]]) -> tuple[int, bool]:
        """Stripe is asked once for every answer."""
        place = item["id"], start
        if place not in self.answer.usage:
            self.answer.usage[place] = ask()
        return self.answer.usage[place]
