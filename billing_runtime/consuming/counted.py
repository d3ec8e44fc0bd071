"""Taking units from counters, and giving them back: what consume, reserve, commit and refund have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime.clock import from_unix
from billing_runtime.consuming.decision import Bucket, Part, Taken
from billing_runtime.consuming.levels import level_after
from billing_runtime.errors import InvalidInput
from billing_runtime.limits.counting import TOP_UP, Amount, Carried
from billing_runtime.limits.deciding import CARRIED, GRANT, Split, available, split, take
from billing_runtime.limits.windows import Window

if TYPE_CHECKING:
    from billing_runtime._books.books import Books
    from billing_runtime._books.grants import KeptGrant
    from billing_runtime.limits.counting import Allowance, Counter

INCLUDED, OVERAGE, COUNTED = "included", "overage", "not enforced"


@dataclass(slots=True)
class Want:
    """So much of a name; `member_id` is "" for use that is nobody's in particular, `action` what it is for."""

    name: str
    amount: Amount
    member_id: str = ""
    action: str = ""


@dataclass(slots=True)
class Judged:
    """What would become of a want; nothing is taken yet."""

    want: Want
    counter: Counter
    allowance: Allowance
    grants: list[KeptGrant]
    split: Split
    allowed: bool
    reason: str


def judge(books: Books, entity_id: str, want: Want, *, enforce: bool) -> Judged:
    """Whether so much may be used."""
    allowance = books.allowance(entity_id, want.name)
    if allowance.limit.meter is not None:
        whole(want)
    counter = books.counter(entity_id, want.name)
    books.advance(counter, allowance)
    grants = books.credits.usable(counter)
    found = split(counter, grants, want.amount, whole=allowance.limit.meter is not None)
    allowed, reason = True, INCLUDED
    if found.over:
        if allowance.limit.overage != "block":
            reason = OVERAGE
        elif enforce:
            allowed, reason = False, allowance.refusal
        else:
            reason = COUNTED
    return Judged(want, counter, allowance, grants, found, allowed, reason)


def whole(want: Want) -> None:
    """Stripe's meters count whole units."""
    if type(want.amount) is not int:
        message = f"{want.name!r} is reported to a meter, which counts whole units: declare a smaller unit for parts."
        raise InvalidInput(message)


def part_of(judged: Judged) -> Part:
    """What is answered, as the counter stands now."""
    counter = judged.counter
    return Part(
        judged.want.name,
        judged.want.amount,
        judged.allowed,
        counter.usage,
        counter.granted,
        available(counter, judged.grants),
        counter.excess,
        from_unix(counter.end),
        judged.reason,
    )


def book(books: Books, judged: Judged, receipt: str) -> Taken:
    """Take what was judged."""
    counter, want = judged.counter, judged.want
    take(counter, judged.grants, want.amount, judged.split)
    books.keep(counter)
    if judged.split.grants:
        _draw(books, judged, receipt)
    period, part = judged.allowance.period.at(books.now), part_of(judged)
    watch(books, counter, part)
    return Taken(
        part,
        want.member_id,
        want.action,
        counter.per,
        counter.start,
        judged.allowance.limit.meter,
        period.start,
        period.end,
        "",
        0,
        judged.split.buckets(),
    )


def watch(books: Books, counter: Counter, part: Part) -> None:
    """Buy credits if what is left is too little, where that is automatic."""
    if counter.credits & TOP_UP:
        books.top_ups.consider(counter.entity_id, counter.name, part.remaining)


def tell(books: Books, entity_id: str, taken: Taken, units: Amount, credited: Amount, at: int) -> None:
    """Write down, for the history and for Stripe, that so much was used (negative: given back) of a decision's part.

    What credits paid is nothing that Stripe bills.
    """
    books.note_use(entity_id, taken.part.name, taken.member_id, taken.action, units, at)
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


def hold(books: Books, entity_id: str, taken: Taken, units: Amount) -> None:
    """So many of the used units are only reserved (negative: no longer)."""
    counter = books.counter(entity_id, taken.part.name)
    window = taken.per, taken.start
    if window == (counter.per, counter.start) or window in counter.linked:
        counter.held += units
        books.keep(counter)


def give_back(books: Books, entity_id: str, taken: Taken, units: Amount, receipt: str, kind: str) -> Amount:
    """Give units back to where they came from, last in first out; how many of them credits had paid.

    They go back to the window they were taken from, also if it is over by now. Credits get theirs even if they have
    expired meanwhile, and lose them at once; never more than was taken.
    """
    back = _undone(taken, units)
    counter = books.counter(entity_id, taken.part.name)
    carried = {int(which): number for bucket, which, number in back if bucket == CARRIED}
    credited = {str(which): number for bucket, which, number in back if bucket == GRANT}
    paid = sum(carried.values()) + sum(credited.values())
    window = taken.per, taken.start
    counter.total -= units
    if window == (counter.per, counter.start) or window in counter.linked:
        counter.used, counter.paid = counter.used - units, counter.paid - paid
        _carry_again(counter, carried)
    if window != (counter.per, counter.start):
        left = books.window(counter, *window)
        if left is not None:
            left.used, left.paid, left.total = left.used - units, left.paid - paid, left.total - units
            books.keep_window(counter, left)
    books.keep(counter)
    for grant_id, number in credited.items():
        books.credits.refill(grant_id, number, kind, receipt)
    return sum(credited.values())


def _undone(taken: Taken, units: Amount) -> list[Bucket]:
    """What goes back where; the buckets keep the rest."""
    found: list[Bucket] = []
    rest = units
    for number in range(len(taken.buckets) - 1, -1, -1):
        bucket, which, has = taken.buckets[number]
        back = min(has, rest)
        if back:
            found.append((bucket, which, back))
            taken.buckets[number] = (bucket, which, has - back)
            rest -= back
    return found


def _carry_again(counter: Counter, units: dict[int, Amount]) -> None:
    for start, number in units.items():
        known = next((one for one in counter.carried if one.start == start), None)
        if known is None:
            counter.carried = sorted([*counter.carried, Carried(start, number)], key=lambda one: one.start)
        else:
            known.left += number


def _draw(books: Books, judged: Judged, receipt: str) -> None:
    """Credits have paid: each of them becomes less, and the ledger says so."""
    by_id = {grant.id: grant for grant in judged.grants}
    for grant_id, units in judged.split.grants:
        books.credits.note(by_id[grant_id], -units, "used", receipt)
