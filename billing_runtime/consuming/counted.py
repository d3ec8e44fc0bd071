"""Taking units from counters: what consume, reserve and commit have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime.clock import from_unix
from billing_runtime.consuming.decision import Part
from billing_runtime.consuming.levels import level_after
from billing_runtime.consuming.taken import Taken
from billing_runtime.errors import InvalidInput
from billing_runtime.limits.counting import TOP_UP
from billing_runtime.limits.deciding import GRANT, Split, available, split, take
from billing_runtime.limits.members import member_allowance
from billing_runtime.limits.windows import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from billing_runtime._books.books import Books
    from billing_runtime._books.grants import KeptGrant
    from billing_runtime.limits.counting import Allowance, Amount, Counter

INCLUDED, OVERAGE, COUNTED = "included", "overage", "not enforced"


@dataclass(slots=True)
class Want:
    """So much of a name; `member_id` is "" for use that is nobody's in particular, `action` what it is for.

    `rate` is what one action costs, where the action was asked for and not what it costs.
    """

    name: str
    amount: Amount
    member_id: str = ""
    action: str = ""
    rate: Amount | None = None


@dataclass(slots=True)
class Judged:
    """What would become of all that is wanted of one counter; nothing is taken yet."""

    wants: list[Want]
    amount: Amount
    counter: Counter
    allowance: Allowance
    grants: list[KeptGrant]
    split: Split
    allowed: bool
    reason: str


def judge_all(books: Books, entity_id: str, wants: Sequence[Want], *, enforce: bool) -> list[Judged]:
    """Whether so much may be used, counter by counter."""
    by_name: dict[str, list[Want]] = {}
    for want in wants:
        by_name.setdefault(want.name, []).append(want)
    judged = []
    for name, mine in by_name.items():
        allowance, counter = books.allowance(entity_id, name), books.counter(entity_id, name)
        judged.append(_judge(books, allowance, counter, mine, enforce=enforce))
        if counter.members and mine[0].member_id:
            judged += _judge_member(books, allowance, counter, mine, enforce=enforce)
    return judged


def _judge_member(
    books: Books, entitys: Allowance, counter: Counter, wants: list[Want], *, enforce: bool
) -> list[Judged]:
    """The same within the limit that the member has, if he has one. A call names one member."""
    place = counter.entity_id, counter.name, wants[0].member_id
    limit = books.members.limit(*place)
    if limit is None:
        return []
    return [_judge(books, member_allowance(entitys, limit), books.counter(*place), wants, enforce=enforce)]


def _judge(books: Books, allowance: Allowance, counter: Counter, wants: list[Want], *, enforce: bool) -> Judged:
    if allowance.limit.meter is not None:
        for want in wants:
            whole(want.name, want.amount)
    books.advance(counter, allowance)
    grants = books.credits.usable(counter)
    amount = wants[0].amount if len(wants) == 1 else sum(want.amount for want in wants)
    found = split(counter, grants, amount, whole=allowance.limit.meter is not None)
    allowed, reason = True, INCLUDED
    if found.over:
        if allowance.limit.overage != "block":
            reason = OVERAGE
        elif enforce:
            allowed, reason = False, allowance.refusal
        else:
            reason = COUNTED
    return Judged(wants, amount, counter, allowance, grants, found, allowed, reason)


def whole(name: str, amount: Amount) -> None:
    """Stripe's meters count whole units."""
    if type(amount) is not int:
        message = f"{name!r} is reported to a meter, which counts whole units: declare a smaller unit for parts."
        raise InvalidInput(message)


def part_of(judged: Judged, amount: Amount) -> Part:
    """What is answered about so much, as the counter stands now."""
    counter = judged.counter
    return Part(
        counter.name,
        amount,
        judged.allowed,
        counter.usage,
        counter.granted,
        available(counter, judged.grants),
        counter.excess,
        from_unix(counter.end),
        judged.reason,
        counter.member_id or None,
    )


def book_all(books: Books, judged: Iterable[Judged], receipt: str) -> list[Taken]:
    """Take what was judged, want by want: each is told, and can be given back, for itself."""
    return [_book(books, one, want, receipt) for one in judged for want in one.wants]


def _book(books: Books, judged: Judged, want: Want, receipt: str) -> Taken:
    counter = judged.counter
    found = judged.split
    if len(judged.wants) > 1:
        found = split(counter, judged.grants, want.amount, whole=judged.allowance.limit.meter is not None)
    take(counter, judged.grants, want.amount, found)
    books.keep(counter)
    if judged.allowance.limit.thresholds:
        books.notices.consider(counter, judged.allowance.limit.thresholds)
    if found.grants:
        _draw(books, judged, found, receipt)
    period, part = judged.allowance.period.at(books.now), part_of(judged, want.amount)
    watch(books, counter, part)
    return Taken(
        part,
        want.member_id,
        want.action,
        counter.per,
        counter.start,
        counter.epoch,
        judged.allowance.limit.meter,
        period.start,
        period.end,
        want.rate,
        bool(counter.member_id),
        found.buckets(),
    )


def _draw(books: Books, judged: Judged, found: Split, receipt: str) -> None:
    """Credits have paid: each of them becomes less, and the ledger says so."""
    by_id = {grant.id: grant for grant in judged.grants}
    for grant_id, units in found.grants:
        books.credits.note(by_id[grant_id], -units, "used", receipt)


def watch(books: Books, counter: Counter, part: Part) -> None:
    """Buy credits if what is left is too little, where that is automatic."""
    if counter.credits & TOP_UP:
        books.top_ups.consider(counter.entity_id, counter.name, part.remaining)


def tell(books: Books, entity_id: str, taken: Taken, units: Amount, credited: Amount, at: int) -> None:
    """Write down, for the history and for Stripe, that so much was used (negative: given back) of a decision's part.

    What credits paid is nothing that Stripe bills. What a member's own counter counts, the entity's counts as well.
    """
    if taken.own:
        return
    books.note_use(entity_id, taken.name, taken.member_id, taken.action, units, at)
    if taken.meter is None or units == credited:
        return
    level = None
    period = Window(taken.period_start, taken.period_end)
    if books.outbox.rule(taken.meter).kind == "last":
        period, at, level = level_after(books, entity_id, taken, units - credited)
    books.outbox.add(entity_id, taken.meter, period, units - credited, at, level)


def credited(taken: Taken) -> Amount:
    """How many of the units that are taken credits have paid."""
    return sum(units for bucket, _, units in taken.buckets if bucket == GRANT)
