"""What a coupon takes off, in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from billing_review.money import money
from billing_review.steps import Args
from billing_review.telling.fields import Scene
from billing_review.telling.words import counted, number


def worth(args: Args) -> str:
    """``25 % off for 3 months``, ``5.00 USD or 4.50 EUR off once``."""
    return f"{_off(args)} off {_duration(args)}"


def shown_worth(value: Any, _: Scene) -> str:
    """The same of a whole coupon."""
    return worth(value)


def _off(args: Args) -> str:
    if args.get("percent_off") is not None:
        return f"{number(Decimal(str(args['percent_off'])))} %"
    return " or ".join(_amounts(args)) or "nothing"


def _amounts(args: Args) -> Iterator[str]:
    if args.get("amount_off") is not None:
        yield money(Decimal(str(args["amount_off"])), str(args.get("currency")))
    for currency, option in sorted((args.get("currency_options") or {}).items()):
        if currency != args.get("currency"):
            yield money(Decimal(str(option["amount_off"])), currency)


def _duration(args: Args) -> str:
    duration = args.get("duration") or "once"
    if duration == "repeating":
        return f"for {counted(args.get('duration_in_months') or 1, 'month')}"
    return {"once": "the first bill", "forever": "for ever"}.get(duration, str(duration))
