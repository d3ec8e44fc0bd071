"""Differences as somebody says them who knows the business: Team monthly: 12.00 USD in staging, 14.00 in production."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from billing_review.money import figure, money
from billing_review.parity.compare import Gap
from billing_review.parity.environment import Environment
from billing_review.parity.sections import spaced
from billing_review.steps import Args

_LABELS = {
    "unit_amount": "amount",
    "trial_days": "trial",
    "up_to": "end of the tier",
    "gte": "threshold",
    "url": "address",
    "enabled_events": "events",
    "recurring.interval": "interval",
    "recurring.interval_count": "intervals at a time",
    "recurring.meter": "meter",
    "recurring.usage_type": "kind of usage",
    "transform_quantity": "package",
    "transform_quantity.divide_by": "package size",
    "usage_threshold.gte": "threshold",
    "usage_threshold.meter": "meter",
    "default_aggregation.formula": "formula",
}
NOTHING = "none"


def title(kind: str, key: str, *sides: Environment) -> str:
    """What people call an object: Team monthly, plan Team, webhook endpoint app."""
    owner, _, own = key.partition(".")
    name = next((found for side in sides if (found := side.name_of(owner))), None)
    if kind == "Price" and own:
        return f"{name or owner} {own}"
    if kind in {"Plan", "Product"}:
        return f"{spaced(kind)} {name or key}"
    return f"{spaced(kind)} {key}"


def sentence(gap: Gap, first: Environment, second: Environment) -> str:
    """A difference in one sentence, with both sides."""
    what = title(gap.kind, gap.key, first, second)
    if not gap.within:
        there, lacking = (first, second) if gap.second is None else (second, first)
        return f"{_capital(what)}{_in_short(gap)}: in {there.stack}, missing in {lacking.stack}"
    said = label(gap)
    one, other = words(gap, gap.first, first), words(gap, gap.second, second)
    return f"{_capital(what)}{f', {said}' if said else ''}: {one} in {first.stack}, {other} in {second.stack}"


def label(gap: Gap) -> str:
    """What differs, in words; nothing for the amount of a price, which is what a price is about."""
    if gap.within == "unit_amount":
        return ""
    if gap.within in _LABELS:
        return _LABELS[gap.within]
    field, _, rest = gap.within.partition(".")
    if field == "currency_options":
        return _of_currency(rest)
    if field in {"limits", "features", "metadata"}:
        part = next((part for part in _LIMIT_PARTS if rest.endswith(part)), "") if field == "limits" else ""
        name = rest.removesuffix(part)
        return f"{_SINGULAR[field]} {name}" + ("" if part in {"", ".included"} else f" ({_plain(part[1:])})")
    tier = re.fullmatch(r"tiers\[(\d+)\]\.(\w+)", gap.within)
    return f"tier {int(tier[1]) + 1}{_of_tier(tier[2])}" if tier else _plain(gap.within)


_SINGULAR = {"limits": "limit", "features": "feature", "metadata": "metadata"}
_LIMIT_PARTS = (
    ".included",
    ".per",
    ".overage",
    ".meter",
    ".rollover.max",
    ".rollover.periods",
    ".rollover",
    ".carry",
    ".thresholds",
)


def _of_currency(rest: str) -> str:
    code, _, part = rest.partition(".")
    tier = re.fullmatch(r"tiers\[(\d+)\]\.(\w+)", part)
    tail = f", tier {int(tier[1]) + 1}{_of_tier(tier[2])}" if tier else ""
    return f"in {code.upper()}{tail}" if tier or part in {"", "unit_amount"} else f"in {code.upper()}, {_plain(part)}"


def _of_tier(field: str) -> str:
    return {"unit_amount": "", "flat_amount": ", flat fee"}.get(field, f", {_plain(field)}")


def words(gap: Gap, value: Any, side: Environment) -> str:
    """One side of a difference."""
    currency = currency_of(gap, side)
    if isinstance(value, Mapping) and re.fullmatch(r"currency_options\.\w+", gap.within):
        field = "tiers" if value.get("tiers") else "unit_amount"
        return value_words(field, value.get(field), currency)
    return value_words(gap.within, value, currency)


def value_words(within: str, value: Any, currency: str) -> str:
    """A value as people write it: amounts in their currency, days, limits, lists."""
    if value is None:
        return NOTHING
    name = within.rpartition(".")[2].partition("[")[0]
    said = _WORDS.get(name)
    return said(value, currency) if said is not None else _plain_value(value)


def currency_of(gap: Gap, side: Environment) -> str:
    """The currency of the amounts at this place."""
    option = re.match(r"currency_options\.(\w+)", gap.within)
    args = side.objects.get((gap.kind, gap.key), {})
    return option[1] if option else str(args.get("currency") or "")


def _in_short(gap: Gap) -> str:
    """What a price that one side lacks costs, if it costs one amount."""
    args: Args = gap.first if gap.second is None else gap.second
    amount = args.get("unit_amount", args.get("unit_amount_decimal"))
    if gap.kind != "Price" or amount is None or isinstance(amount, Mapping):
        return ""
    return f" ({money(Decimal(str(amount)), args['currency'])})"


def _amount(value: Any, currency: str) -> str:
    return money(Decimal(value), currency) if currency else str(value)


def _tiers(value: Any, currency: str) -> str:
    rows, start = [], 1
    for tier in value:
        last = tier["up_to"]
        units = f"{start:,} and more" if last == "inf" else f"{start:,} to {int(last):,}"
        fee = f" and {figure(Decimal(tier['flat_amount']), currency)}" if tier.get("flat_amount") else ""
        rows.append(f"{units}: {figure(Decimal(tier.get('unit_amount', 0)), currency)}{fee}")
        start = start if last == "inf" else int(last) + 1
    return f"{', '.join(rows)} {currency.upper()}"


def _days(value: Any, _: str) -> str:
    return "1 day" if value == 1 else f"{value} days"


def _count(value: Any, _: str) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


_WORDS: Mapping[str, Callable[[Any, str], str]] = {
    "unit_amount": _amount,
    "flat_amount": _amount,
    "tiers": _tiers,
    "trial_days": _days,
    "included": _count,
    "gte": _count,
    "amount_off": _amount,
}


def _plain_value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{_plain(str(name))} {_plain_value(part)}" for name, part in value.items()) or NOTHING
    if isinstance(value, list):
        return ", ".join(_plain_value(part) for part in value) or NOTHING
    return json.dumps(value, ensure_ascii=False) if value == "" else str(value)


def _plain(path: str) -> str:
    return path.replace("_", " ").replace(".", ", ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
