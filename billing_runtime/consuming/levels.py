"""What a meter of last values stands at: everything that was told of the open window, less what was given back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from billing_runtime.errors import UnknownName
from billing_runtime.limits.counting import amount_of, amount_text
from billing_runtime.limits.windows import Window

if TYPE_CHECKING:
    from billing_runtime._books.books import Books
    from billing_runtime.consuming.decision import Taken
    from billing_runtime.limits.counting import Amount, Left

Level = tuple[Window, int, "Amount"]


def level_after(books: Books, entity_id: str, taken: Taken, units: Amount) -> Level:
    """What the meter stands at when so many units more are told of what was taken: which period, when, and the level.

    Units of the window that is open change what is told now, also if they were taken in an earlier billing period:
    such as what is stored for years. Those of a window that is over change how its billing period ended.
    """
    counter = books.counter(entity_id, taken.part.name)
    period = Window(taken.period_start, taken.period_end)
    window = taken.per, taken.start
    open_ = window == (counter.per, counter.start) or window in counter.linked
    if open_ or _holds(period, books.now):
        counter.told += units
        books.keep(counter)
        return (_today(books, entity_id, taken) if open_ else period), books.now, counter.told
    left = books.window(counter, *window)
    level = units if left is None else _told(left, units)
    if left is not None:
        books.keep_window(counter, left)
    return period, books.now if period.end is None else period.end - 1, level


def _holds(period: Window, now: int) -> bool:
    return period.start <= now and (period.end is None or now < period.end)


def _today(books: Books, entity_id: str, taken: Taken) -> Window:
    try:
        return books.allowance(entity_id, taken.part.name).period.at(books.now)
    except UnknownName:  # nobody sells it any more
        return Window(taken.period_start, taken.period_end)


def _told(left: Left, units: Amount) -> Amount:
    """Change what was told of a window that is no longer open."""
    kept = json.loads(left.details) if left.details else {}
    level = amount_of(kept.get("told", "0")) + units
    kept["told"] = amount_text(level)
    left.details = json.dumps(kept, separators=(",", ":"))
    return level
