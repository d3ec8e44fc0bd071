"""What a limit includes must be free on the price that bills what is beyond it: else customers pay for it.

https://docs.stripe.com/products-prices/pricing-models#graduated-pricing
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from billing_resources._engine.facts import is_deferred, is_known

_AMOUNTS = ("unit_amount", "unit_amount_decimal", "flat_amount", "flat_amount_decimal")
Problems = Iterator[tuple[str, str]]


def billed_limits(args: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The limits whose overage is billed, by name, with a meter and something that is included."""
    limits = args.get("limits")
    for name, limit in limits.items() if isinstance(limits, Mapping) else ():
        if not isinstance(limit, Mapping) or limit.get("overage") != "bill" or limit.get("meter") is None:
            continue
        if limit.get("included") not in (None, 0):
            yield name, limit


def included_is_free(args: Mapping[str, Any], name: str, limit: Mapping[str, Any]) -> Problems:
    """Problems of a price that bills the limit's meter: as ``(path, sentence)``, in each of its currencies."""
    included = limit.get("included")
    if included == "unlimited":
        yield (
            f"limits.{name}",
            "is unlimited, but this price bills its meter: nothing is beyond unlimited, so remove one",
        )
        return
    if limit.get("per", "period") != "period":
        yield f'limits["{name}"]', "is billed beyond it, so it counts per period: Stripe's tiers begin anew with each"
    if not isinstance(included, int) or isinstance(included, bool):
        return
    for path, tiers in _all_tiers(args):
        if not _is_free_up_to(tiers, included) or args.get("tiers_mode") == "volume":
            yield path, _sentence(name, included, args)


def _sentence(name: str, included: int, args: Mapping[str, Any]) -> str:
    tier = f"begin with the tier {{up_to: {included}, unit_amount: 0}}"
    mode = "" if args.get("tiers_mode") == "graduated" else " under tiers_mode: graduated"
    said = f"bills what limits.{name} includes, {included}: {tier}{mode}"
    return f"{said}, or let this price include 0"


def _all_tiers(args: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The tiers in each currency with their paths; None where a price has one amount for every unit."""
    if is_deferred(args.get("tiers")):
        return
    yield "tiers" if args.get("tiers") is not None else "", args.get("tiers")
    options = args.get("currency_options")
    for currency, option in options.items() if isinstance(options, Mapping) else ():
        if isinstance(option, Mapping) and option.get("tiers") is not None:
            yield f"currency_options.{currency}.tiers", option["tiers"]


def _is_free_up_to(tiers: Any, included: int) -> bool:
    """Whether the free tiers at the beginning end exactly there; unreadable tiers are refused elsewhere."""
    if is_deferred(tiers) or (tiers is not None and not isinstance(tiers, list)):
        return True
    end: Any = 0
    for tier in tiers or ():
        if not isinstance(tier, Mapping) or is_deferred(tier.get("up_to")):
            return True
        if not all(_is_nothing(tier.get(name)) for name in _AMOUNTS):
            break
        end = tier.get("up_to")
    return bool(end == included)


def _is_nothing(amount: Any) -> bool:
    if not is_known(amount):
        return True
    try:
        return Decimal(str(amount)) == 0
    except InvalidOperation:
        return False
