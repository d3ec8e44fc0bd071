"""Who is on a price, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billing_review.money import money
from billing_review.report import Affected
from billing_review.steps import Operation
from billing_review.telling.words import capital, counted, joined, number, plural

_STAYING: Mapping[Operation, tuple[str, str, str]] = {
    "replace": ("stays on the old price", "stay on the old price", "nobody is on the old price"),
    "delete": ("stays on it", "stay on it", "nobody is on it"),
}
_ON_IT = ("is on it", "are on it", "nobody is on it")
"""For one, for several, for none."""


def subscriptions(affected: Affected) -> int:
    """Everybody who is on it."""
    return affected.active + affected.trialing + affected.past_due


def staying(operation: Operation, affected: Affected, noun: str | None) -> str:
    """``37 active subscriptions (412 seats) stay on the old price``; noun is None where quantities mean nothing."""
    one, several, nobody = _STAYING.get(operation, _ON_IT)
    total = subscriptions(affected)
    if not total:
        return nobody if affected.complete else "nobody was found on it before counting stopped"
    seats = f" ({counted(affected.seats, noun)})" if noun and affected.seats else ""
    least = "" if affected.complete else "at least "
    return f"{least}{_people(affected, total)}{seats} {one if total == 1 else several}"


def money_of(affected: Affected) -> Iterator[str]:
    """What they pay, and what is being sold at this moment."""
    if affected.monthly_revenue:
        amounts = joined(money(amount, currency) for currency, amount in sorted(affected.monthly_revenue.items()))
        least = "" if affected.complete else "at least "
        who = (
            f"{counted(affected.customers, 'customer')} {'pays' if affected.customers == 1 else 'pay'} {least}{amounts}"
        )
        said = f"{least}{who} a month on it" if affected.customers else f"it brings in {least}{amounts} a month"
        yield f"{capital(said)} today, at list price and without usage."
    if affected.open_checkouts:
        offers = "offers" if affected.open_checkouts == 1 else "offer"
        yield f"{counted(affected.open_checkouts, 'open checkout session')} {offers} it at this moment."


def _people(affected: Affected, total: int) -> str:
    states = (("active", affected.active), ("trialing", affected.trialing), ("past-due", affected.past_due))
    parts = [f"{number(count)} {state}" for state, count in states if count]
    return f"{joined(parts)} {'subscription' if total == 1 else plural('subscription')}"
