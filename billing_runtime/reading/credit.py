"""Which of Stripe's billing credits pay for which lines of an invoice. Pure.

Credits pay for metered lines only, after discounts, in the order of
https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Credit:
    """What is left of a grant in minor units; `prices` None pays for every metered price. Sorts in order of use."""

    priority: int
    ends: float
    paid_for: bool
    begins: int
    created: int
    left: int
    prices: frozenset[str] | None = None


def read_credit(grant: Json, left: int) -> Credit:
    """A grant of Stripe's of which so much is left."""
    scope = grant["applicability_config"]["scope"]
    prices = scope.get("prices")
    return Credit(
        priority=50 if grant.get("priority") is None else int(grant["priority"]),
        ends=float("inf") if grant["expires_at"] is None else float(grant["expires_at"]),
        paid_for=grant["category"] != "promotional",
        begins=int(grant["effective_at"] or grant["created"]),
        created=int(grant["created"]),
        left=left,
        prices=frozenset(one["id"] for one in prices) if prices else None,
    )


def paid_by(usable: Iterable[Credit], lines: Sequence[tuple[str | None, int]]) -> tuple[int, ...]:
    """What credits pay of every line, which is its price and what discounts left of its amount."""
    paid = [0] * len(lines)
    for credit in sorted(usable, key=lambda one: (one.priority, one.ends, one.paid_for, one.begins, one.created)):
        left = credit.left
        for place, (price, amount) in enumerate(lines):
            if credit.prices is None or price in credit.prices:
                part = max(0, min(left, amount - paid[place]))
                paid[place] += part
                left -= part
    return tuple(paid)
