"""How many seats can be had, and whether they follow the members or are bought."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from billing_review.judgement.fields import part, whole
from billing_review.judgement.rule import Case, Said, said

_FULL = "Look whether any team has more members than that: the next one to join is refused."
_MODE = (
    "Check who counts them now: with follow the quantity follows the members, with purchased members need a free seat."
)


def seat_terms_changed(case: Case) -> Iterator[Said]:
    """The most seats fall, or another mode decides about the quantity."""
    for one in case.successions:
        old, new = part(one.old, "seats"), part(one.new, "seats")
        if not old or not new:
            continue
        before, after = whole(old.get("maximum")), whole(new.get("maximum"))
        if after is not None and (before is None or after < before):
            limit = "any number" if before is None else f"{before:,}"
            yield said(one.step, f"{case.name(one.step)}: {after:,} seats can be had at most, before {limit}.", _FULL)
        if _mode(old) != _mode(new):
            yield said(one.step, f"{case.name(one.step)}: seats are {_mode(new)}, before {_mode(old)}.", _MODE)


def _mode(seats: Any) -> str:
    return "bought (purchased)" if seats.get("mode") == "purchased" else "those of the members (follow)"
