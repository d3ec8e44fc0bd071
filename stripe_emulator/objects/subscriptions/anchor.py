"""When a new subscription's periods begin: its trial, its anchor, and the time before it that is billed too.

https://docs.stripe.com/billing/subscriptions/billing-cycle
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import parameters
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.subscriptions.period import DAY, boundary

Document = dict[str, Any]

_CLOCK = ("hour", "minute", "second")
_LONGEST_TRIAL = 730  # days


def moments_of(call: Call, prices: list[Document]) -> Document:
    """Return the fields that say when a subscription began, and from when its periods are counted."""
    trial_end = _trial_end(call, prices)
    start = _backdated(call)
    anchor = _anchor(call, prices, trial_end)
    return {
        "billing_cycle_anchor": anchor,
        "billing_cycle_anchor_config": _config(call),
        "created": call.now,
        "start_date": start,
        "trial_end": trial_end,
        "trial_start": call.now if trial_end else None,
    }


def _backdated(call: Call) -> int:
    start = int(call.params.get("backdate_start_date", call.now))
    if start > call.now:
        raise errors.start_ahead(start)
    return start


def _anchor(call: Call, prices: list[Document], trial_end: int | None) -> int:
    params = call.params
    if "billing_cycle_anchor" in params and "billing_cycle_anchor_config" in params:
        raise parameters.exclusive(["billing_cycle_anchor", "billing_cycle_anchor_config"], "billing_cycle_anchor")
    if "billing_cycle_anchor_config" in params:
        return next_of_config(params["billing_cycle_anchor_config"], trial_end or call.now)
    given = params.get("billing_cycle_anchor")
    if given is None:
        return trial_end or call.now
    if given < call.now:
        raise errors.time_in_past("billing_cycle_anchor", given)
    first = min(boundary(trial_end or call.now, price["recurring"], 1) for price in prices)
    if given > first:
        raise errors.anchor_too_late()
    return int(given)


def next_of_config(config: Document, after: int) -> int:
    """Return the first moment of a month day, clock time and perhaps month, that is not before another one."""
    now = datetime.fromtimestamp(after, UTC)
    clock = {name: config.get(name, 0 if _has_clock(config) else getattr(now, name)) for name in _CLOCK}
    months = [config["month"]] if "month" in config else range(1, 13)
    years = range(now.year, now.year + 2)
    candidates = [_on(year, month, config["day_of_month"], clock) for year in years for month in months]
    return next(moment for moment in sorted(candidates) if moment >= after)


def _has_clock(config: Document) -> bool:
    return any(name in config for name in _CLOCK)


def _on(year: int, month: int, day: int, clock: Document) -> int:
    last = calendar.monthrange(year, month)[1]
    return int(datetime(year, month, min(day, last), tzinfo=UTC, **clock).timestamp())


def _config(call: Call) -> Document | None:
    given = call.params.get("billing_cycle_anchor_config")
    return given and {**dict.fromkeys(("hour", "minute", "month", "second")), **given}


def _trial_end(call: Call, prices: list[Document]) -> int | None:
    params = call.params
    if "trial_end" in params:
        if params["trial_end"] == "now":
            return None
        if params["trial_end"] <= call.now:
            raise errors.time_in_past("trial_end", params["trial_end"])
        return int(params["trial_end"])
    days = params.get("trial_period_days", 0)
    if not days and params.get("trial_from_plan"):
        days = max(price["recurring"]["trial_period_days"] or 0 for price in prices)
    if days < 0:
        raise parameters.invalid_non_negative("trial_period_days")
    if days > _LONGEST_TRIAL:
        raise errors.trial_too_long(_LONGEST_TRIAL)
    return call.now + days * DAY if days else None
