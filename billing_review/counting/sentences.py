"""What the report says about the counting itself."""

from __future__ import annotations

from collections.abc import Iterable

from billing_review.counting.failures import Stopped

NOBODY = "Nobody was counted: nothing changes that a customer could be on."


def refused(why: Stopped) -> str:
    """Not one number is known."""
    return f"Nobody was counted: {why.sentence}."


def counted(prices: int, calls: int, age: float | None) -> str:
    """Every number is known."""
    told = f"Customers of {_number(prices, 'price')} were counted at Stripe in {_number(calls, 'call')}"
    return f"{told}{_age(age)}."


def partly(prices: int, calls: int, age: float | None, reasons: Iterable[str]) -> str:
    """Some numbers are known, others are a least."""
    told = f"Customers of {_number(prices, 'price')} were counted at Stripe in {_number(calls, 'call')}{_age(age)}"
    return f"{told}, but not to the end, so there are at least as many as it says: {'; '.join(reasons)}."


def unfinished(what: str, why: Stopped) -> str:
    """A reason of `partly`."""
    return f"{what}: {why.sentence}"


def unknown(keys: Iterable[str]) -> str:
    """Prices that nobody can be asked about."""
    return f"the change does not say which ids {', '.join(keys)} have at Stripe"


def no_amount(prices: Iterable[str]) -> str:
    """Revenue that is not in the sums."""
    return f"without the revenue in currencies for which {', '.join(sorted(prices))} shows no amount"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _age(age: float | None) -> str:
    if age is None:
        return ""
    minutes = int(age // 60)
    return f" (some up to {_number(minutes, 'minute')} ago)" if minutes else " (some within the last minute)"
