"""Amounts, periods and limits in the words of a pricing page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billing_review.pricing import Pricing

Args = Mapping[str, Any]
_WITHOUT_WORDS = {"", "1", "true", "yes", "included", "on"}
_WINDOWS = {"period": "in a billing period", "lifetime": "in total"}
_BEYOND = {
    "bill": "; what is beyond it is billed",
    "allow": "; more is allowed",
    "block": "",
}


def spoken(name: str) -> str:
    """A name of the catalog as words: standard-credits is standard credits."""
    return name.replace("-", " ").replace("_", " ")


def period(pricing: Pricing) -> str:
    """How often it is billed: month, 3 months; nothing for what is paid once."""
    if pricing.interval is None:
        return ""
    return pricing.interval if pricing.interval_count == 1 else f"{pricing.interval_count} {pricing.interval}s"


def amount_of(pricing: Pricing, unit: str, counted: str) -> str:
    """What it costs, in one line; tiers have a table, and a line that says so."""
    from billing_review.money import money

    each = f" per {unit}" if pricing.per_seat else ""
    often = f"{' and' if each else ' per'} {period(pricing)}" if pricing.interval else " once"
    if pricing.tiers:
        return f"{counted}: by tier" if pricing.metered else f"by tier{each}{often}"
    said = money(pricing.unit or Decimal(0), pricing.currency)
    if not pricing.metered:
        return f"{said}{each}{often}"
    if pricing.package is None:
        return f"{counted}: {said} each"
    started = "started" if pricing.package.round == "up" else "full"
    return f"{counted}: {said} per {started} {pricing.package.divide_by:,}"


def tiers_heading(pricing: Pricing) -> str:
    """How a quantity goes through the tiers."""
    if not pricing.tiers:
        return ""
    if pricing.mode == "volume":
        return "all units at the price of the tier that their number reaches"
    return "each unit at the price of its own tier"


def saving(monthly: Pricing, other: Pricing) -> str:
    """What paying for longer saves beside the monthly price of the same thing; nothing where it saves nothing."""
    from billing_review.money import money

    months = _months(other)
    if months is None or monthly.unit is None or other.unit is None or not monthly.unit:
        return ""
    full = monthly.unit * months
    if other.unit >= full:
        return ""
    share = ((full - other.unit) * 100 / full).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP).normalize()
    if not share:
        return ""
    a_month = (other.unit / months).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    exact = "" if a_month * months == other.unit else "about "
    return f"saves {share:f} %: {exact}{money(a_month, other.currency)} a month"


def _months(pricing: Pricing) -> int | None:
    count = {"month": 1, "year": 12}.get(pricing.interval or "")
    return None if count is None or pricing.metered or pricing.tiers else count * pricing.interval_count


def is_monthly(pricing: Pricing) -> bool:
    """Whether it is what longer periods are compared with."""
    return _months(pricing) == 1


def limit(name: str, said: Any, display: Mapping[str, str]) -> str:
    """An included amount in words, whichever form it is written in."""
    whole = said if isinstance(said, Mapping) else {"included": said}
    what = display.get(str(whole.get("meter")), spoken(name))
    included = whole.get("included")
    if included == "unlimited":
        return f"unlimited {what}"
    if not included:
        beyond = {"bill": f"{what}: each is billed", "allow": f"{what}: as many as you use"}
        return beyond.get(str(whole.get("overage")), f"no {what}")
    window = str(whole.get("per", "period"))
    then = _left_over(whole, window) + _BEYOND[str(whole.get("overage", "block"))]
    return f"{included:,} {what} {_WINDOWS.get(window, f'a {window}')}{then}"


def _left_over(whole: Args, window: str) -> str:
    """What stays beyond its window, if anything does."""
    rollover = whole.get("rollover") or {}
    most, periods = rollover.get("max"), rollover.get("periods")
    if not most or not periods:
        return ""
    name = "billing period" if window == "period" else window
    unused = "what is unused stays" if most == "unlimited" else f"up to {most:,} unused stay"
    return f"; {unused} for {periods:,} more {name}{'' if periods == 1 else 's'}"


def feature(name: str, value: str) -> str:
    """A feature in words; one that is simply there is its name."""
    return spoken(name) if value.lower() in _WITHOUT_WORDS else f"{spoken(name)}: {value}"


def tax(behavior: str | None) -> str:
    """Whether tax comes on top, where the price says so."""
    return {"inclusive": "tax included", "exclusive": "plus tax"}.get(str(behavior), "")


def seats(terms: Args, unit: str) -> str:
    """The fewest and the most seats, where they are limited."""
    written = terms.get("seats") or {}
    least, most = written.get("minimum", 1), written.get("maximum")
    if least > 1 and most is not None:
        return f"{least:,} to {most:,} {unit}s"
    if most is not None:
        return f"up to {most:,} {unit}s"
    return f"at least {least:,} {unit}s" if least > 1 else ""
