"""What was used day by day, of whom and for what; given back units are taken off the day they were used on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

from billing_runtime.clock import time_of, to_unix
from billing_runtime.errors import InvalidInput
from billing_runtime.limits.counting import Amount, amount_of

if TYPE_CHECKING:
    from billing_runtime._context import Context

By = Literal["day", "member", "action"]
_BY: tuple[By, ...] = ("day", "member", "action")
_DAY = 86_400
_PAGE = 1000
_LAST = 2**62


@dataclass(frozen=True, slots=True)
class UsageRow:
    """So much was used: of a name on a day (UTC), by a member, for an action.

    What the rows were not asked for by is None; so are the member and the action of a use that named none.
    """

    name: str
    amount: Amount
    day: date | None = None
    member: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days, both ends among it; None is no end."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        for name, day in (("start", self.start), ("end", self.end)):
            if day is not None and not isinstance(day, date):
                message = f"{name} must be a date, not {type(day).__name__}."
                raise InvalidInput(message)
        if self.start and self.end and _seconds("end", self.end) < _seconds("start", self.start):
            message = "end must not be before start."
            raise InvalidInput(message)

    @property
    def first(self) -> int:
        """The first second of the first day."""
        return 0 if self.start is None else _seconds("start", self.start)

    @property
    def last(self) -> int:
        """The first second of the last day."""
        return _LAST if self.end is None else _seconds("end", self.end)


class Histories:
    """Reads them, page by page. Safe to share between threads."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of(self, entity_id: str, name: str, days: Days, by: tuple[By, ...]) -> tuple[UsageRow, ...]:
        """Sums by day, member or action, or by several of them, in that order."""
        for one in by:
            if one not in _BY:
                message = f"by is {', '.join(map(repr, _BY))} or several of them, not {one!r}."
                raise InvalidInput(message)
        sums: dict[tuple[Any, ...], Amount] = {}
        for row in self.rows(entity_id, name, days):
            place = tuple(getattr(row, one) for one in by)
            sums[place] = sums.get(place, 0) + row.amount
        found = [
            UsageRow(name, amount, **dict(zip(by, place, strict=True))) for place, amount in sums.items() if amount
        ]
        return tuple(sorted(found, key=lambda row: _order(row, by)))

    def rows(self, entity_id: str, name: str, days: Days) -> Iterator[UsageRow]:
        """Every row of a name, in the order of days; no page is held longer than it takes to hand it out."""
        place: dict[str, Any] = {"day": days.first - 1, "member_id": "", "action": ""}
        last = days.last
        while True:
            with self._context.store.reading(self._context.scope) as reading:
                page = reading.all("usage_days_of_name", entity_id=entity_id, name=name, last=last, most=_PAGE, **place)
            for row in page:
                amount = amount_of(row["amount"])
                if amount:
                    day = time_of(row["day"]).date()
                    yield UsageRow(name, amount, day, row["member_id"] or None, row["action"] or None)
            if len(page) < _PAGE:
                return
            place = {key: page[-1][key] for key in place}

    def names(self, entity_id: str) -> list[str]:
        """The names of which the entity ever used something."""
        with self._context.store.reading(self._context.scope) as reading:
            return [row["name"] for row in reading.all("usage_names_of_entity", entity_id=entity_id)]


def _order(row: UsageRow, by: tuple[By, ...]) -> tuple[str, ...]:
    return tuple(str(getattr(row, one) or "") for one in by)


def _seconds(name: str, day: date) -> int:
    """The first second of a day; of a moment, of the day that it falls on in UTC."""
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day, tzinfo=UTC)
    seconds = to_unix(name, moment)
    return seconds - seconds % _DAY
