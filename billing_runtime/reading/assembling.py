"""From the lines of a next invoice to its sums. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from billing_runtime.clock import time_of
from billing_runtime.reading.credit import paid_by
from billing_runtime.reading.forecast import Forecast
from billing_runtime.reading.reductions import taken_off

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from billing_runtime.reading.credit import Credit
    from billing_runtime.reading.entries import Entries, Entry
    from billing_runtime.reading.forecast import ForecastLine, LeftOut

Json = dict[str, Any]


def assembled(entries: Entries, at: datetime) -> Forecast | None:
    """The invoice; None if the subscription ends without one."""
    found = list(entries.all())
    if entries.is_last and not found:
        return None
    own, of_all = taken_off([one.reducible for one in found], entries.of_all(), entries.currency)
    off_line = [one.off_line + own[place] for place, one in enumerate(found)]
    off = [off_line[place] + one.off_all + of_all[place] for place, one in enumerate(found)]
    paid = _paid(found, off, entries.upcoming.credits)
    lines = tuple(replace(one.line, discount=off[place], credits=paid[place]) for place, one in enumerate(found))
    amount = sum(line.amount for line in lines)
    start, end = time_of(entries.start), time_of(entries.end)
    return Forecast(
        subscription_id=entries.upcoming.subscription["id"],
        currency=entries.currency,
        lines=lines,
        subtotal=amount - sum(off_line),
        total=amount - sum(off) - sum(paid),
        period_start=start,
        period_end=end,
        at=at,
        left_out=tuple(sorted(entries.left_out | _unknown(entries, lines))),
    )


def _paid(found: Sequence[Entry], off: Sequence[int], usable: Sequence[Credit]) -> list[int]:
    """What billing credits pay of every line: only of usage, and only what discounts have left."""
    usage = [place for place, one in enumerate(found) if one.line.kind == "usage"]
    asked = [(found[place].line.price_id, found[place].line.amount - off[place]) for place in usage]
    paid = dict(zip(usage, paid_by(usable, asked), strict=True))
    return [paid.get(place, 0) for place in range(len(found))]


def _unknown(entries: Entries, lines: Sequence[ForecastLine]) -> set[LeftOut]:
    """What will be on the invoice as well, as far as Stripe's objects tell."""
    body, items = entries.upcoming.subscription, entries.upcoming.items
    found: set[LeftOut] = set()
    taxed = body.get("default_tax_rates") or (body.get("automatic_tax") or {}).get("enabled")
    if taxed or any(item.get("tax_rates") for item in items):
        found.add("tax")
    if body.get("schedule") and not entries.is_last:
        found.add("schedule")
    if body.get("billing_thresholds") or any(item.get("billing_thresholds") for item in items):
        found.add("threshold")
    if entries.upcoming.credits_change and any(line.kind == "usage" and line.amount for line in lines):
        found.add("credits")
    return found
