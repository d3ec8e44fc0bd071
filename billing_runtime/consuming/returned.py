"""Giving units back to where they came from: what commit, release, expiry and refund have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.errors import UnknownName
from billing_runtime.limits.deciding import CARRIED, GRANT
from billing_runtime.limits.rolling import carry_again, put_back

if TYPE_CHECKING:
    from billing_runtime._books.books import Books
    from billing_runtime.consuming.taken import Bucket, Taken
    from billing_runtime.limits.counting import Amount, Counter, Left


def hold(books: Books, entity_id: str, taken: Taken, units: Amount, until: int | None = None) -> None:
    """So many of the used units are only reserved, until then (negative: no longer)."""
    name, member_id = taken.counter
    counter = books.counter(entity_id, name, member_id)
    counter.held += units
    if until is not None and not taken.own and (counter.sweep_at is None or until < counter.sweep_at):
        counter.sweep_at = until
    books.keep(counter)


def give_back(books: Books, entity_id: str, taken: Taken, units: Amount, receipt: str, kind: str) -> Amount:
    """Give units back to where they came from, last in first out; how many of them credits had paid.

    They go back to the window they were taken from, also if it is over by now: units that it would have carried on are
    carried on. Credits get theirs even if they have expired meanwhile, and lose them at once.
    """
    back = _undone(taken, units)
    name, member_id = taken.counter
    counter = books.counter(entity_id, name, member_id)
    carried = {int(which): number for bucket, which, number in back if bucket == CARRIED}
    credited = {str(which): number for bucket, which, number in back if bucket == GRANT}
    paid = sum(carried.values()) + sum(credited.values())
    counter.total -= units
    counter.paid_total -= paid
    if taken.epoch < counter.epoch:
        carried = _to_windows(books, counter, taken, units, paid, carried)
    if _counts(counter, taken):
        counter.take_back(units, paid, taken.epoch)
        for start, number in carried.items():
            counter.carried = put_back(counter.carried, start, number)
    books.keep(counter)
    for grant_id, number in credited.items():
        books.credits.refill(grant_id, number, kind, receipt)
    return sum(credited.values())


def _to_windows(
    books: Books, counter: Counter, taken: Taken, units: Amount, paid: Amount, carried: dict[int, Amount]
) -> dict[int, Amount]:
    """Give units back to the windows that have been left since; what is still to be given to the open one's."""
    over: Left | None = None
    gained: dict[int, Amount] = {}
    for left in books.windows(counter, (taken.per, taken.start)):
        if taken.epoch > left.epoch:
            continue
        left.total -= units
        left.paid_total -= paid
        if taken.epoch >= left.since:
            room = left.room
            left.take_back(units, paid, taken.epoch)
            if left.place == (taken.per, taken.start) and not left.moved:
                over = left
                more = (left.room or 0) - (room or 0)
                gained = {left.start: more} if more else {}
        books.keep_window(counter, left)
    if _counts(counter, taken):
        return carried
    if over is not None and over.rollover is not None:
        _carry_again(books, counter, over, carried | gained)
    return {}


def _counts(counter: Counter, taken: Taken) -> bool:
    """Whether what was taken counts in the window that is open."""
    return taken.epoch >= counter.since or counter.place == (taken.per, taken.start)


def _carry_again(books: Books, counter: Counter, over: Left, units: dict[int, Amount]) -> None:
    try:
        schedule = books.allowance(counter.entity_id, counter.name).schedule
    except UnknownName:  # nobody sells it any more
        return
    carry_again(counter, schedule, over, units)
    books.keep_window(counter, over)


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
