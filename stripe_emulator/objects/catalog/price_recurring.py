"""The recurring part of a price: how often, and whether quantity or usage is billed."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import catalog as errors
from stripe_emulator.errors import parameters
from stripe_emulator.objects.metering.meter import METER

Document = dict[str, Any]

_LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}  # three years


def recurring_of(call: Call, recurring: Document | None) -> Document | None:
    """Return `recurring` as Stripe echoes it, or None for a one-time price."""
    if not recurring:
        return None
    count = recurring.get("interval_count", 1)
    if count < 1:
        raise parameters.invalid_integer("recurring[interval_count]", str(count))
    if count > _LONGEST[recurring["interval"]]:
        raise errors.interval_too_long()
    if recurring.get("trial_period_days", 0) < 0:
        raise parameters.invalid_non_negative("recurring[trial_period_days]")
    return {
        "interval": recurring["interval"],
        "interval_count": count,
        "meter": _meter(call, recurring),
        "trial_period_days": recurring.get("trial_period_days"),
        "usage_type": recurring.get("usage_type", "licensed"),
    }


def _meter(call: Call, recurring: Document) -> str | None:
    identifier = recurring.get("meter")
    metered = recurring.get("usage_type", "licensed") == "metered"
    if identifier is None:
        if metered:
            raise errors.metered_without_meter()
        return None
    if not metered:
        raise errors.meter_on_licensed()
    meter = call.named(METER, identifier, "recurring[meter]")
    if meter["status"] != "active":
        raise errors.inactive_meter(identifier)
    return str(identifier)
