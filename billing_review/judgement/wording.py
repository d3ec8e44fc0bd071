"""How sentences name objects, periods, amounts and the people on a price."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from billing_review.judgement.fields import text
from billing_review.money import figure, money
from billing_review.phrases import counted, listed
from billing_review.pricing import Pricing
from billing_review.report import Affected
from billing_review.steps import Args, Step

_NAMES = ("nickname", "display_name", "title", "name", "code")
_PARTS = (("active", "active"), ("trialing", "trialing"), ("past_due", "past-due"))


def name_of(step: Step, args: Args | None = None) -> str:
    """What people call the object: its name at Stripe where it has one, else its name in the program."""
    shown = args or step.args
    return next((found for name in _NAMES if (found := text(shown, name))), step.key)


def period(pricing: Pricing) -> str:
    """Month, 3 months; nothing for what is paid once."""
    if pricing.interval is None:
        return ""
    return pricing.interval if pricing.interval_count == 1 else f"{pricing.interval_count} {pricing.interval}s"


def per(pricing: Pricing) -> str:
    """The period behind an amount: `` per month``, `` every 3 months``, `` once``."""
    if pricing.interval is None:
        return " once"
    return f" per {pricing.interval}" if pricing.interval_count == 1 else f" every {period(pricing)}"


def quantity_of(pricing: Pricing, quantity: int) -> str:
    """A quantity in what the price counts: 5 seats, 1,000 units."""
    return counted(quantity, "seat" if pricing.per_seat else "unit")


def charge(pricing: Pricing) -> str:
    """What a price asks for, in a few words: 12.00 USD per seat and month."""
    if pricing.tiers:
        return f"{pricing.mode} tiers{_counted(pricing)}, {_span(pricing)}"
    amount = money(pricing.unit or 0, pricing.currency)
    each = _each(pricing)
    if pricing.interval is None or pricing.metered:
        return f"{amount} per {each}" if each else f"{amount} once"
    return f"{amount} per {each} and {period(pricing)}" if each else f"{amount}{per(pricing)}"


def _each(pricing: Pricing) -> str:
    if pricing.package is not None:
        started = "started " if pricing.package.round == "up" else "full "
        return f"{started}{pricing.package.divide_by:,} {'seats' if pricing.per_seat else 'units'}"
    return "seat" if pricing.per_seat else "unit" if pricing.metered else ""


def _counted(pricing: Pricing) -> str:
    return " over seats" if pricing.per_seat else " over metered usage" if pricing.metered else ""


def _span(pricing: Pricing) -> str:
    units = sorted({tier.unit for tier in pricing.tiers})
    if len(units) == 1:
        return f"{money(units[0], pricing.currency)} each"
    return f"{figure(units[0], pricing.currency)} to {money(units[-1], pricing.currency)} each"


def rounded(amount: Fraction, currency: str) -> str:
    """An amount in minor units that need not end: ``about 1.23 USD`` where it does not."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    whole = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    short = exact == exact.quantize(Decimal("1e-12"))
    return money(exact.normalize() if short else whole, currency) if short else f"about {money(whole, currency)}"


def share(percentage: Decimal) -> str:
    """A percentage without idle zeros: 10 %, 12.5 %."""
    return f"{format(percentage.normalize(), 'f')} %"


def people(affected: Affected | None) -> str | None:
    """Who is on it: 37 active and 2 trialing subscriptions (412 seats); None where nobody is, or nobody counted."""
    if affected is None or not subscriptions(affected):
        return None
    parts = [f"{getattr(affected, name):,} {word}" for name, word in _PARTS if getattr(affected, name)]
    least = "" if affected.complete else "at least "
    noun = "subscription" if subscriptions(affected) == 1 else "subscriptions"
    seats = f" ({counted(affected.seats, 'seat')})" if affected.seats else ""
    return f"{least}{listed(parts)} {noun}{seats}"


def subscriptions(affected: Affected) -> int:
    """How many subscriptions there are, whatever their state."""
    return affected.active + affected.trialing + affected.past_due
