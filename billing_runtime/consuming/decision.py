"""What a decision says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from billing_runtime.limits.counting import Amount

if TYPE_CHECKING:
    from collections.abc import Iterable


class Part(NamedTuple):  # like Decision: it is made for every use, and takes a third of a frozen dataclass's time
    """What a decision says of one name: amounts in its unit, times aware and in UTC.

    `usage` is what counts in the open window after the decision, `limit` what the window includes (None: no end),
    `remaining` what may still be used (with carried units and credits; never less than 0; None: no end), `overage` what
    was used beyond all that. `reason` is a word or two for logs and pages. `member` is None for what the whole entity
    may use; else it is about this member, who has a limit of his own.
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
    member: str | None = None


class Decision(NamedTuple):
    """Whether something may be used; truthy if so. What it says of one name stands at its top.

    Where several names were asked for together, or the member has a limit of his own, that is what was refused first,
    else what comes first; `parts` has all. `receipt` names the decision for a refund; None if nothing was taken.
    `replayed` says that the call was made before under its idempotency key, and this is what was answered then.
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

    def of(self, name: str, *, member: str | None = None) -> Part:
        """What was decided about one of the names, for the entity or for its member. Raises KeyError."""
        for part in self.parts:
            if part.name == name and part.member == member:
                return part
        raise KeyError(name if member is None else (name, member))


def decision_from(found: Iterable[Part], receipt: str | None, *, replayed: bool = False) -> Decision:
    """The decision about these parts; several of one name are one, as it stands after the last of them."""
    parts = tuple(found)
    first = parts[0]
    if len(parts) > 1:
        parts = _together(parts)
        first = next((part for part in parts if not part.allowed), parts[0])
    return Decision(
        first.allowed, first.usage, first.limit, first.remaining, first.overage, first.resets_at, first.reason,
        receipt, parts, replayed,
    )  # fmt: skip


def _together(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    by_name: dict[tuple[str, str | None], Part] = {}
    for part in parts:
        before = by_name.get((part.name, part.member))
        by_name[part.name, part.member] = part if before is None else part._replace(amount=before.amount + part.amount)
    return tuple(by_name.values())
