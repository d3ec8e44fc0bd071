"""The fewest seats that are billed: a small team's bill follows from it, not from the amount."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.fields import part, whole
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.sound_prices import priced
from billing_review.judgement.successions import Succession
from billing_review.judgement.wording import people, per
from billing_review.money import money
from billing_review.phrases import counted
from billing_review.report import Severity
from billing_review.steps import Args

_ADVICE = "Compare the bill of the smallest team before and after, and tell those who are below the minimum."


def seat_minimum_changed(case: Case) -> Iterator[Said]:
    """A higher minimum raises the smallest bill; a lower one is only worth knowing."""
    for one in case.successions:
        old, new = _minimum(one.old), _minimum(one.new)
        if old is not None and new is not None and old != new:
            severity: Severity | None = None if new > old else "info"
            what = f"at least {counted(new, 'seat')} {'is' if new == 1 else 'are'} billed instead of {old:,}"
            yield said(
                one.step,
                f"{case.name(one.step)}: {what}{_smallest(one, old, new)}{_now(case, one)}.",
                _ADVICE,
                severity,
            )


def _minimum(args: Args) -> int | None:
    seats = part(args, "seats")
    return (whole(seats.get("minimum")) or 1) if seats else None


def _smallest(one: Succession, old: int, new: int) -> str:
    before, after = priced(one.old), priced(one.new)
    if before is None or after is None or max(old, new) < 1:
        return ""
    amounts = money(after.cost(new), after.currency), money(before.cost(old), before.currency)
    return f", so the smallest bill is {amounts[0]}{per(after)}, before {amounts[1]}"


def _now(case: Case, one: Succession) -> str:
    if not one.is_in_place:
        return ""
    found = people(case.on(one.step))
    return f"; also for who has it{f' ({found})' if found else ''}, with the next change of their seats"
