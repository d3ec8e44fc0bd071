"""The numbers of several prices together: whoever is on more than one of them counts once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from billing_review.counting.tally import PriceTally, Tally
from billing_review.report import Affected


def together(
    prices: Iterable[str], tally: Tally, revenue: Mapping[str, Mapping[str, int]], *, complete: bool
) -> Affected:
    """Who is on any of these prices, and what they pay, each price and currency rounded by itself."""
    ids = sorted(prices)
    parts = [tally.of[price] for price in ids]
    statuses = Counter(_statuses(parts).values())
    return Affected(
        active=statuses["active"],
        trialing=statuses["trialing"],
        past_due=statuses["past_due"],
        seats=sum(one.seats for one in parts),
        customers=len(set[str]().union(*(one.customers for one in parts))),
        open_checkouts=len(set[str]().union(*(one.sessions for one in parts))),
        monthly_revenue=_sums(revenue[price] for price in ids),
        complete=complete,
    )


def _statuses(parts: Iterable[PriceTally]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in parts:
        found |= one.statuses
    return found


def _sums(amounts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in amounts:
        total.update(one)
    return {currency: total[currency] for currency in sorted(total)}
