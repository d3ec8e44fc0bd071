"""What a decision says, and how it is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from billing_runtime.clock import from_unix
from billing_runtime.limits.counting import Amount, amount_of, amount_text

if TYPE_CHECKING:
    from billing_runtime._books.rows import KeptDecision

Json = dict[str, Any]
Bucket = tuple[str, int | str, Amount]


class Part(NamedTuple):  # like Decision: it is made for every use, and takes a third of a frozen dataclass's time
    """What a decision says of one name: amounts in its unit, times aware and in UTC.

    `usage` is what counts in the open window after the decision, `limit` what the window includes (None: no end),
    `remaining` what may still be used (with carried units and credits; never less than 0; None: no end), `overage` what
    was used beyond all that. `reason` is a word or two for logs and pages.
    """

    name: str
    amount: Amount
    allowed: bool
    usage: Amount
    limit: int | None
    remaining: Amount | None
    overage: Amount
    resets_at: datetime | None
    reason: str


class Decision(NamedTuple):
    """Whether something may be used; truthy if so. What it says of one name stands at its top.

    Where several names were asked for together, that is the name that was refused first, else the first one; `parts`
    has each. `receipt` names the decision for a refund; None if nothing was taken. `replayed` says that the call was
    made before under its idempotency key, and this is what was answered then.
    """

    allowed: bool
    usage: Amount
    limit: int | None
    remaining: Amount | None
    overage: Amount
    resets_at: datetime | None
    reason: str
    receipt: str | None
    parts: tuple[Part, ...] = ()
    replayed: bool = False

    def __bool__(self) -> bool:
        return self.allowed

    def of(self, name: str) -> Part:
        """What was decided about one of the names. Raises KeyError."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(name)


def decision_from(parts: tuple[Part, ...], receipt: str | None, *, replayed: bool = False) -> Decision:
    """The decision about these parts."""
    first = parts[0]
    if len(parts) > 1:
        first = next((part for part in parts if not part.allowed), first)
    return Decision(
        first.allowed, first.usage, first.limit, first.remaining, first.overage, first.resets_at, first.reason,
        receipt, parts, replayed,
    )  # fmt: skip


@dataclass(slots=True)
class Taken:
    """What a decision took of one counter, and where the units came from; `meter` is None where nobody is told."""

    part: Part
    member_id: str
    action: str
    per: str
    start: int
    meter: str | None
    period_start: int
    period_end: int | None
    member_per: str
    member_start: int
    buckets: list[Bucket]

    @property
    def units(self) -> Amount:
        """What it still has: what was taken without what was given back."""
        return sum(units for _, _, units in self.buckets)


def written(taken: list[Taken]) -> str:
    """As it is kept: JSON, short, since there is one for every use; put together by hand, for the same reason."""
    return f"[{','.join([_text(one) for one in taken])}]"


def taken_of(text: str) -> list[Taken]:
    """The reverse."""
    return [_taken(*fields) for fields in json.loads(text)]


def replayed(kept: KeptDecision) -> Decision:
    """What was answered when the decision was made."""
    return decision_from(tuple(one.part for one in taken_of(kept.parts)), kept.receipt, replayed=True)


def _text(one: Taken) -> str:
    part = one.part
    resets = None if part.resets_at is None else int(part.resets_at.timestamp())
    frame = _frame(
        part.name, part.limit,
        (
            resets, part.reason, one.member_id, one.action, one.per, one.start, one.meter, one.period_start,
            one.period_end, one.member_per, one.member_start,
        ),
    )  # fmt: skip
    remaining = "null" if part.remaining is None else f'"{amount_text(part.remaining)}"'
    buckets = ",".join([f'["{kind}",{_quoted(which)},"{amount_text(units)}"]' for kind, which, units in one.buckets])
    return frame % (amount_text(part.amount), amount_text(part.usage), remaining, amount_text(part.overage), buckets)


@lru_cache(16_384)
def _frame(name: str, limit: int | None, rest: tuple[str | int | None, ...]) -> str:
    """What is the same for many uses, with places for the amounts and the buckets."""
    name_, limit_, *rest_ = [json.dumps(value).replace("%", "%%") for value in (name, limit, *rest)]
    return f'[{name_},"%s","%s",{limit_},%s,"%s",{",".join(rest_)},[%s]]'


@lru_cache(4096, typed=True)
def _quoted(value: str | int | None) -> str:
    return json.dumps(value)


def _taken(
    name: str, amount: str, usage: str, limit: int | None, remaining: str | None, overage: str, resets: int | None,
    reason: str, *rest: Any,
) -> Taken:  # fmt: skip
    left = None if remaining is None else amount_of(remaining)
    part = Part(
        name, amount_of(amount), True, amount_of(usage), limit, left, amount_of(overage), from_unix(resets), reason
    )
    member_id, action, per, start, meter, period_start, period_end, member_per, member_start, buckets = rest
    return Taken(
        part, member_id, action, per, start, meter, period_start, period_end, member_per, member_start,
        [(kind, which, amount_of(units)) for kind, which, units in buckets],
    )  # fmt: skip
