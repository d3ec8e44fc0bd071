"""Rules over several fields of a price, each named for what it states. https://docs.stripe.com/api/prices/create"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from billing_resources._engine.currencies import CURRENCIES
from billing_resources._engine.facts import is_deferred, is_known
from billing_resources._engine.limit_rules import limits_make_sense
from billing_resources._engine.metadata_rules import limits_and_features_fit

Problems = list[tuple[str, str]]
_AMOUNTS = ("unit_amount", "unit_amount_decimal", "tiers")
_MOST_PERIODS = {"day": 1095, "week": 156, "month": 36, "year": 3}


def one_amount_is_given(args: dict[str, Any]) -> Problems:
    """Exactly one of unit_amount, unit_amount_decimal and tiers."""
    given = [name for name in _AMOUNTS if args.get(name) is not None]
    if not given:
        return [("", "needs an amount: one of unit_amount, unit_amount_decimal and tiers")]
    if len(given) > 1:
        return [(given[1], f"cannot be given together with {given[0]}: choose one of {', '.join(_AMOUNTS)}")]
    return []


def tiers_go_with_their_mode(args: dict[str, Any]) -> Problems:
    """Tiers need a mode, a recurring price and no packages; a mode needs tiers."""
    tiers, found = args.get("tiers"), list[tuple[str, str]]()
    if tiers is None and args.get("tiers_mode") is not None:
        found.append(("tiers_mode", "needs tiers"))
    if tiers is None:
        return found
    if args.get("tiers_mode") is None:
        found.append(("tiers_mode", "is required with tiers: graduated or volume"))
    if args.get("recurring") is None:
        found.append(("tiers", "need a recurring price: a one-time price has one amount"))
    if args.get("transform_quantity") is not None:
        found.append(("transform_quantity", "cannot be given together with tiers"))
    return found


def billing_scheme_follows_tiers(args: dict[str, Any]) -> Problems:
    """A written billing_scheme must say what tiers say anyway."""
    scheme = args.get("billing_scheme")
    if not is_known(scheme):
        return []
    meant = "per_unit" if args.get("tiers") is None else "tiered"
    return [] if scheme == meant else [("billing_scheme", f"must be {meant} here, or be left out")]


def tiers_reach_infinity(args: dict[str, Any]) -> Problems:
    """Tiers rise, each has an amount, and the last one ends at "inf"; so in every currency."""
    found = list(_tier_problems("tiers", args.get("tiers")))
    for currency, option in _options(args):
        found.extend(_tier_problems(f"currency_options.{currency}.tiers", option.get("tiers")))
    return found


def _tier_problems(path: str, tiers: Any) -> Iterator[tuple[str, str]]:
    if not is_known(tiers) or any(is_deferred(tier) for tier in tiers):
        return
    bounds = [tier.get("up_to") for tier in tiers]
    if is_known(bounds[-1]) and bounds[-1] != "inf":
        yield f"{path}[{len(tiers) - 1}].up_to", 'must be "inf": the last tier has no end'
    lower: Any = 0
    for index, bound in enumerate(bounds[:-1]):
        if bound == "inf":
            yield f"{path}[{index}].up_to", 'is "inf", which belongs to the last tier only'
        elif isinstance(bound, int) and isinstance(lower, int) and bound <= lower:
            yield f"{path}[{index}].up_to", "must be above the tier before it"
        lower = bound
    for index, tier in enumerate(tiers):
        yield from _tier_amounts(f"{path}[{index}]", tier)


def _tier_amounts(path: str, tier: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    names = ("unit_amount", "unit_amount_decimal", "flat_amount", "flat_amount_decimal")
    if all(tier.get(name) is None for name in names):
        yield path, f"needs an amount: one of {', '.join(names)}"
    for name in ("unit_amount", "flat_amount"):
        if tier.get(name) is not None and tier.get(f"{name}_decimal") is not None:
            yield f"{path}.{name}_decimal", f"cannot be given together with {name}"


def metered_price_names_its_meter(args: dict[str, Any]) -> Problems:
    """Metered and meter go together, and neither has seats or a quantity."""
    recurring = args.get("recurring")
    if not is_known(recurring):
        return []
    usage, meter = recurring.get("usage_type"), recurring.get("meter")
    if usage == "metered" and meter is None:
        return [("recurring.meter", "is required for a metered price: the id of the meter whose usage is billed")]
    if meter is not None and usage in {None, "licensed"}:
        return [("recurring.meter", 'belongs to a metered price: add "usage_type": "metered", or remove the meter')]
    if meter is not None and args.get("seats") is not None:
        return [("seats", "belong to a licensed price, not to a metered one")]
    return []


def period_is_at_most_three_years(args: dict[str, Any]) -> Problems:
    """Stripe bills at least every three years."""
    recurring = args.get("recurring")
    if not is_known(recurring):
        return []
    most, count = _MOST_PERIODS.get(recurring.get("interval")), recurring.get("interval_count")
    if most is None or not isinstance(count, int) or count <= most:
        return []
    return [("recurring.interval_count", f"is at most {most} {recurring['interval']}s: three years")]


def one_time_price_has_no_subscription_fields(args: dict[str, Any]) -> Problems:
    """Seats and trials belong to subscriptions."""
    if args.get("recurring") is not None:
        return []
    return [(name, "needs a recurring price") for name in ("seats", "trial_days") if args.get(name) is not None]


def currency_options_are_other_currencies(args: dict[str, Any]) -> Problems:
    """Keys are known currencies in lower case, not the price's own, each with one amount of the price's form."""
    found = []
    for currency, option in _options(args):
        path = f"currency_options.{currency}"
        if currency not in CURRENCIES:
            found.append((path, "is not a currency that Stripe knows; write its code in lower case, such as eur"))
        if currency == args.get("currency"):
            found.append((path, "is the price's own currency, which has its amount already"))
        found.extend(_option_amount(path, option, tiered=args.get("tiers") is not None))
    return found


def _option_amount(path: str, option: Mapping[str, Any], *, tiered: bool) -> Iterator[tuple[str, str]]:
    given = [name for name in _AMOUNTS if option.get(name) is not None]
    if len(given) != 1:
        yield path, f"needs exactly one of {', '.join(_AMOUNTS)}"
    elif (given[0] == "tiers") != tiered:
        yield f"{path}.{given[0]}", "must have the form of the price itself: tiers there and here, or neither"


def seats_have_room(args: dict[str, Any]) -> Problems:
    """The most seats are not below the fewest."""
    seats = args.get("seats")
    if not is_known(seats) or seats.get("maximum") is None or seats["maximum"] >= seats.get("minimum", 1):
        return []
    return [("seats.maximum", "must not be below the minimum")]


def _options(args: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    options = args.get("currency_options")
    if not is_known(options) or not isinstance(options, Mapping):
        return []
    return [(currency, option) for currency, option in options.items() if is_known(option)]


def follows(args: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters that follow from others: tiers are a billing scheme, a lookup key moves to its new price."""
    scheme = {"billing_scheme": "tiered"} if args.get("tiers") is not None else {}
    return scheme | ({"transfer_lookup_key": True} if args.get("lookup_key") is not None else {})


def seen(price: Mapping[str, Any]) -> dict[str, Any]:
    """A price as a declaration writes it: the last tier ends at "inf", its own currency is no option."""
    options = {code: _open_end(option) for code, option in (price.get("currency_options") or {}).items()}
    options.pop(price.get("currency"), None)
    scheme = None  # it follows from tiers
    return {**_open_end(price), "currency_options": options, "billing_scheme": scheme}


def _open_end(price: Mapping[str, Any]) -> dict[str, Any]:
    tiers = price.get("tiers")
    if not tiers:
        return {**price, "tiers": None}
    closed = [{**tier, "up_to": "inf" if tier.get("up_to") is None else tier["up_to"]} for tier in tiers]
    return {**price, "tiers": closed}


ALL = (
    one_amount_is_given,
    billing_scheme_follows_tiers,
    tiers_go_with_their_mode,
    tiers_reach_infinity,
    metered_price_names_its_meter,
    period_is_at_most_three_years,
    one_time_price_has_no_subscription_fields,
    currency_options_are_other_currencies,
    seats_have_room,
    limits_and_features_fit,
    limits_make_sense,
)
