"""What prices and plans include, before and after: limits as quantities in a window, with what happens beyond them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from billing_review.judgement.fields import part, whole
from billing_review.steps import Args

_DAYS = {
    "hour": Fraction(1, 24),
    "day": Fraction(1),
    "week": Fraction(7),
    "month": Fraction(365, 12),
    "year": Fraction(365),
}
_KEPT = "carry"
_CHANGES = {
    "prorate": ("gives a share of the window", "gave one"),
    _KEPT: ("gives the whole less what was used", "gave the whole less what was used"),
    "reset": ("gives the whole anew", "gave the whole anew"),
}
"""What a change of plan does, now and before; the least generous first."""
_BEYOND = {"block": "refused", "allow": "let through", "bill": "billed"}


@dataclass(frozen=True, slots=True)
class Included:
    """How much of something is included."""

    quantity: int | None
    """None for unlimited."""
    per: str
    """period, month, day, hour or lifetime."""
    overage: str
    days: Fraction | None
    """How long the window is; None for a lifetime, and for a billing period that nobody knows."""
    period: str = ""
    """The billing period, where it is known: month, 3 months."""
    stays: tuple[int | None, int] = (0, 0)
    """The most units that stay beyond their window (None: all), and for how many further windows."""
    carry: str = "carry"
    """What a change of plan makes of what is used."""

    @property
    def window(self) -> str:
        """The window behind a quantity: per billing period, in all, per day."""
        return {"period": "per billing period", "lifetime": "in all"}.get(self.per, f"per {self.per}")

    @property
    def text(self) -> str:
        """As a person says it: 1,000 per billing period."""
        if self.quantity is None:
            return "unlimited"
        return f"{self.quantity:,} {self.window}"

    @property
    def beyond(self) -> str:
        """What happens beyond it."""
        return _BEYOND.get(self.overage, self.overage)


def included_in(args: Args | None) -> dict[str, Included]:
    """The limits of a price or plan by name; those that cannot be read are left out."""
    recurring = part(args, "recurring")
    interval, count = str(recurring.get("interval") or ""), whole(recurring.get("interval_count")) or 1
    period = interval if count == 1 else f"{count} {interval}s"
    days = _DAYS[interval] * count if interval in _DAYS else None
    found = {name: _included(limit, period, days) for name, limit in part(args, "limits").items()}
    return {name: limit for name, limit in found.items() if limit is not None}


def _included(limit: Any, period: str, days: Fraction | None) -> Included | None:
    terms = limit if isinstance(limit, Mapping) else {"included": limit}
    quantity = whole(terms.get("included"))
    if quantity is None and terms.get("included") != "unlimited":
        return None
    per, overage = str(terms.get("per") or "period"), str(terms.get("overage") or "block")
    days = days if per == "period" else _DAYS.get(per)
    return Included(
        quantity, per, overage, days, period, _stays(terms.get("rollover")), str(terms.get("carry") or _KEPT)
    )


def _stays(rollover: Any) -> tuple[int | None, int]:
    """What cannot be read is as good as nothing: something else is said of it."""
    if not isinstance(rollover, Mapping):
        return 0, 0
    most, periods = whole(rollover.get("max")), whole(rollover.get("periods"))
    is_readable = periods is not None and (most is not None or rollover.get("max") == "unlimited")
    return (most, periods) if is_readable and periods is not None else (0, 0)


def lowered(old: Included, new: Included | None) -> str | None:
    """How a limit gives less than before, in words; None where it does not."""
    if new is None:
        return f"no longer stated, before {old.text}"
    if new.quantity is None:
        return None
    if old.quantity is None:
        return f"{new.text} instead of unlimited"
    less = _less(old, new, old.quantity, new.quantity)
    if less is not None:
        return less
    if old.overage != "block" and new.overage == "block":
        return f"what is beyond {new.text} is refused, before it was {old.beyond}"
    return _stays_less(old, new) or _shares(old, new)


def _stays_less(old: Included, new: Included) -> str | None:
    """How less of what is left over may be used later."""
    (before, windows_before), (after, windows) = old.stays, new.stays
    if not windows_before or before == 0:
        return None
    if not windows or after == 0:
        return "what is left over of a window is gone, before it stayed for further ones"
    if after is not None and (before is None or after < before):
        return f"at most {after:,} stay for further windows, before {'all' if before is None else f'{before:,}'} did"
    return (
        f"what is left over stays for {windows:,} windows, before {windows_before:,}"
        if windows < windows_before
        else None
    )


def _shares(old: Included, new: Included) -> str | None:
    """How somebody who changes plans in the middle of a window has less than before."""
    order = list(_CHANGES)
    if old.carry not in order or new.carry not in order or order.index(new.carry) >= order.index(old.carry):
        return None
    return f"a change of plan {_CHANGES[new.carry][0]}, before it {_CHANGES[old.carry][1]}"


def _less(old: Included, new: Included, before: int, after: int) -> str | None:
    """How it is less, by the figures where the windows are equal, else by what fits into the new window."""
    if old.per == new.per and old.days == new.days:
        return f"{after:,} instead of {old.text}" if after < before else None
    if new.per == "lifetime" or old.days is None or new.days is None:
        lasting = new.per == "lifetime" and before > 0
        return f"{new.text} instead of {old.text}" if lasting or after < before else None
    fair = before * new.days / old.days
    if after < fair:
        return f"{_told(new)} instead of {_told(old)}, which would be {_about(fair)} in that time"
    if after < before:  # within a shorter window, since a longer one would be less in all
        as_much = "as much" if after == fair else "more"
        return f"{_told(new)} instead of {_told(old)}, {as_much} in all but less at a time"
    return None


def _told(limit: Included) -> str:
    return f"{limit.text} ({limit.period})" if limit.per == "period" and limit.period else limit.text


def _about(quantity: Fraction) -> str:
    return f"{'' if quantity.denominator == 1 else 'about '}{round(quantity):,}"
