"""What a meter of last values stands at: everything that was told of the open window, less what was given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.errors import UnknownName
from billing_runtime.limits.windows import Window

if TYPE_CHECKING:
    from billing_runtime._books.books import Books
    from billing_runtime.consuming.taken import Taken
    from billing_runtime.limits.counting import Amount

Level = tuple[Window, int, "Amount"]


def level_after(books: Books, entity_id: str, taken: Taken, units: Amount) -> Level:
    """What the meter stands at when so many units more are told of what was taken: which period, when, and the level.

    Units of the window that is open change what is told now, also if they were taken in an earlier billing period:
    such as what is stored for years. Those of a window that is over change how its billing period ended.
    """
    counter = books.counter(entity_id, taken.part.name)
    period = Window(taken.period_start, taken.period_end)
    open_ = taken.epoch >= counter.since
    if open_ or _holds(period, books.now):
        counter.level += units
        books.keep(counter)
        return (_today(books, entity_id, taken) if open_ else period), books.now, counter.level
    left, level = books.window(counter, taken.per, taken.start), units
    if left is not None:
        left.level = level = left.level + units
        books.keep_window(counter, left)
    return period, books.now if period.end is None else period.end - 1, level


def _holds(period: Window, now: int) -> bool:
    return period.start <= now and (period.end is None or now < period.end)


def _today(books: Books, entity_id: str, taken: Taken) -> Window:
    try:
        return books.allowance(entity_id, taken.part.name).period.at(books.now)
    except UnknownName:  # nobody sells it any more
        return Window(taken.period_start, taken.period_end)
