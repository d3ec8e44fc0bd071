"""What a migration would do: a value, made before anything is changed, with every amount in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, Literal

from billing_runtime.migration.facts import PriceFacts
from billing_runtime.migration.policy import Policy
from billing_runtime.migration.steps import REASONS, Move, Skip

Json = dict[str, Any]
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Totals:
    """Moves in one currency: revenue each month in minor units, before and after; None where it is not known."""

    currency: str
    subscriptions: int
    seats: int
    before: int | None
    after: int | None

    def as_json(self) -> Json:
        """Money as decimal strings in minor units."""
        return {
            "subscriptions": self.subscriptions,
            "seats": self.seats,
            "monthly_before": None if self.before is None else str(self.before),
            "monthly_after": None if self.after is None else str(self.after),
        }


@dataclass(frozen=True)
class Plan:
    """Who moves, who stays, and what it comes to."""

    source: PriceFacts
    target: PriceFacts
    policy: Policy
    moves: tuple[Move, ...]
    skips: tuple[Skip, ...]
    planned_at: int
    beyond_limit: int = 0
    kind: Literal["move", "undo"] = "move"
    undoes: str | None = None

    @cached_property
    def totals(self) -> tuple[Totals, ...]:
        """By currency."""
        return totals_of(self.moves, self.source, self.target)

    @property
    def restarts_period(self) -> bool:
        """Whether another interval begins a new period at the move."""
        return self.source.every != self.target.every

    @property
    def seats(self) -> int:
        """How many seats move."""
        return sum(move.before.quantity or 0 for move in self.moves)

    @property
    def customers(self) -> int:
        """How many customers are concerned."""
        return len({move.customer for move in self.moves})

    @property
    def trialing(self) -> int:
        """How many are in a trial, which goes on."""
        return sum(move.trialing for move in self.moves)

    @property
    def raised(self) -> int:
        """How many get more seats than they had."""
        return sum(move.raised for move in self.moves)

    def as_json(self) -> Json:
        """For programs; money as decimal strings in minor units, no customer data but ids."""
        return {
            "subscriptions": len(self.moves),
            "customers": self.customers,
            "seats": self.seats,
            "trialing": self.trialing,
            "raised_to_minimum": self.raised,
            "beyond_limit": self.beyond_limit,
            "currencies": {one.currency: one.as_json() for one in self.totals},
            "due_now": {currency: str(amount) for currency, amount in self.estimate().items()},
            "examples": [self._example(move) for move in self.moves[:_SHOWN]],
            "skipped": skipped_json(self.skips),
        }

    def estimate(self) -> dict[str, int]:
        """What the move itself would bill or credit, by currency in minor units, counted as of the plan's moment.

        An estimate, without tax, discounts and balances: Stripe counts by the second at which each one moves.
        """
        found: Counter[str] = Counter()
        for move in self.moves:
            found[move.currency] += self._due_for(move)
        return dict(found)

    def _due_for(self, move: Move) -> int:
        old = self.source.due(move.currency, move.before.quantity)
        new = self.target.due(move.currency, move.after.quantity)
        if old is None or new is None or move.trialing:
            return 0
        rest = self._rest(move)
        prorated = self.policy.proration != "none"
        credit = _rounded(old * rest) if prorated else 0
        if self.restarts_period:
            return new - credit
        return _rounded(new * rest) - credit if prorated else 0

    def _rest(self, move: Move) -> Decimal:
        """How much of the running period is left, from 0 to 1."""
        length = move.period_end - move.period_start
        left = min(max(move.period_end - self.planned_at, 0), length)
        return Decimal(left) / Decimal(length) if length > 0 else Decimal(0)

    def _example(self, move: Move) -> Json:
        due = (
            self.source.due(move.currency, move.before.quantity),
            self.target.due(move.currency, move.after.quantity),
        )
        before, after = (None if amount is None else str(amount) for amount in due)
        return {
            "subscription": move.subscription,
            "customer": move.customer,
            "currency": move.currency,
            "quantity_before": move.before.quantity,
            "quantity_after": move.after.quantity,
            "period_before": before,
            "period_after": after,
            "trialing": move.trialing,
        }


def totals_of(moves: Iterable[Move], source: PriceFacts, target: PriceFacts) -> tuple[Totals, ...]:
    """What each period bills, as Stripe rounds it, added up; brought to a month and rounded once, at the end."""
    by_currency: dict[str, list[Move]] = {}
    for move in moves:
        by_currency.setdefault(move.currency, []).append(move)
    return tuple(_total(currency, found, source, target) for currency, found in sorted(by_currency.items()))


def skipped_json(skips: Sequence[Skip]) -> Json:
    """By reason, in the order in which reasons are explained."""
    return {
        reason: {
            "count": len(found),
            "why": REASONS[reason],
            "subscriptions": [skip.subscription for skip in found[:_SHOWN]],
        }
        for reason in REASONS
        if (found := [skip for skip in skips if skip.reason == reason])
    }


def _total(currency: str, moves: list[Move], source: PriceFacts, target: PriceFacts) -> Totals:
    seats = sum(move.before.quantity or 0 for move in moves)
    before = _sum(source.due(currency, move.before.quantity) for move in moves)
    after = _sum(target.due(currency, move.after.quantity) for move in moves)
    return Totals(
        currency,
        len(moves),
        seats,
        None if before is None else source.monthly(before),
        None if after is None else target.monthly(after),
    )


def _sum(amounts: Iterable[int | None]) -> int | None:
    total = 0
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _rounded(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
