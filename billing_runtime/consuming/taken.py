"""What a decision took, as it is kept: short, since there is one for every use. A public format of ours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from billing_runtime.clock import from_unix
from billing_runtime.consuming.decision import Decision, Part, decision_from
from billing_runtime.limits.counting import Amount, amount_of, amount_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing_runtime._books.rows import KeptDecision

Bucket = tuple[str, int | str, Amount]


@dataclass(slots=True)
class Taken:
    """What a decision took of one counter, and where the units came from; `meter` is None where nobody is told.

    `own` is the counter of the member himself, who has a limit. `rate` is what one `action` costs, if the action was
    asked for and not its cost. `epoch` is the counter's, when it was taken.
    """

    part: Part
    member_id: str
    action: str
    per: str
    start: int
    epoch: int
    meter: str | None
    period_start: int
    period_end: int | None
    rate: Amount | None
    own: bool
    buckets: list[Bucket]

    @property
    def name(self) -> str:
        """The counter's name."""
        return self.part.name

    @property
    def counter(self) -> tuple[str, str]:
        """The counter's name and member."""
        return self.part.name, self.member_id if self.own else ""

    @property
    def units(self) -> Amount:
        """What it still has: what was taken without what was given back."""
        return sum(units for _, _, units in self.buckets)


def written(taken: Sequence[Taken]) -> str:
    """As it is kept: JSON, short, since there is one for every use; put together by hand, for the same reason."""
    return f"[{','.join([_written(one) for one in taken])}]"


def taken_of(text: str) -> list[Taken]:
    """The reverse."""
    return [_taken(*fields) for fields in json.loads(text)]


def replayed(kept: KeptDecision) -> Decision:
    """What was answered when the decision was made."""
    return decision_from([one.part for one in taken_of(kept.parts)], kept.receipt, replayed=True)


def _written(one: Taken) -> str:
    part = one.part
    resets = None if part.resets_at is None else int(part.resets_at.timestamp())
    frame = _frame(
        part.name, part.limit,
        (
            resets, part.reason, one.member_id, one.action, one.per, one.start, one.epoch, one.meter, one.period_start,
            one.period_end, None if one.rate is None else amount_text(one.rate), int(one.own),
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
    member_id, action, per, start, epoch, meter, period_start, period_end, rate, own, buckets = rest
    part = Part(
        name, amount_of(amount), True, amount_of(usage), limit, _amount(remaining), amount_of(overage),
        from_unix(resets), reason, member_id if own else None,
    )  # fmt: skip
    return Taken(
        part, member_id, action, per, start, epoch, meter, period_start, period_end, _amount(rate), bool(own),
        [(kind, which, amount_of(units)) for kind, which, units in buckets],
    )  # fmt: skip


def _amount(text: str | None) -> Amount | None:
    return None if text is None else amount_of(text)
