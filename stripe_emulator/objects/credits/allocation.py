"""Which credits pay for which lines of an invoice. Pure.

https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Rank = tuple[int, tuple[bool, int], bool, int, int]
"""Priority (0 first), end (soonest first, none last), paid for (promotional first), beginning, creation."""


@dataclass(frozen=True)
class Credit:
    """What is left of a grant, and what it pays for."""

    grant: str
    left: int
    prices: frozenset[str] | None  # None: every metered price
    rank: Rank


@dataclass(frozen=True)
class Charge:
    """A line of an invoice: what it costs in minor units, after discounts and before tax."""

    line: str
    price: str
    amount: int


@dataclass(frozen=True)
class Use:
    """So much of a grant pays for a line."""

    grant: str
    line: str
    amount: int


def allocate(grants: Sequence[Credit], charges: Sequence[Charge]) -> list[Use]:
    """Let each grant in turn pay for the lines it is for, in their order, as far as it reaches."""
    unpaid = [max(0, charge.amount) for charge in charges]
    uses = []
    for credit in sorted(grants, key=lambda one: one.rank):
        left = credit.left
        for place, charge in enumerate(charges):
            amount = min(left, unpaid[place]) if _pays_for(credit, charge) else 0
            if amount > 0:
                left -= amount
                unpaid[place] -= amount
                uses.append(Use(credit.grant, charge.line, amount))
    return uses


def _pays_for(credit: Credit, charge: Charge) -> bool:
    return credit.prices is None or charge.price in credit.prices
