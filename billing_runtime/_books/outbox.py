"""Usage that Stripe has to be told of, added up as long as its row is open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from billing_runtime.limits.counting import Amount, amount_of, amount_text

if TYPE_CHECKING:
    from billing_runtime._store import Transaction
    from billing_runtime.limits.windows import Window

#: Usage of so many seconds is one meter event, unless a billing period ends between.
SLICE = 60


class Place(NamedTuple):
    """Usage of one entity, meter, billing period and slice of time."""

    entity_id: str
    meter: str
    period_start: int
    slice: int


@dataclass(slots=True)
class Open:
    """What was added in this transaction."""

    period_end: int | None
    at: int
    amount: Amount


class OutboxRows:
    """Rows of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._added: dict[Place, Open] = {}

    def add(self, entity_id: str, meter: str, period: Window, amount: Amount, at: int) -> None:
        """So much was used at that time, or so much less."""
        place = Place(entity_id, meter, period.start, at - at % SLICE)
        found = self._added.get(place)
        if found is None:
            self._added[place] = Open(period.end, at, amount)
        else:
            found.amount += amount
            found.at = max(found.at, at)

    def flush(self) -> None:
        """Write what was added: to the open row of its place, or to the next part if that was sealed."""
        if not self._added:
            return
        rows = self._transaction.all("load_outbox", keys=json.dumps(list(self._added)))
        known = {Place(row["entity_id"], row["meter"], row["period_start"], row["slice"]): row for row in rows}
        values = []
        for place, added in self._added.items():
            row = known.get(place)
            part, amount, at = 0, added.amount, added.at
            if row is not None and row["state"] == "open":
                part, amount, at = row["part"], amount + amount_of(row["amount"]), max(at, row["at"])
            elif row is not None:
                part = row["part"] + 1
            values.append(
                {
                    **place._asdict(),
                    "period_end": added.period_end,
                    "part": part,
                    "at": at,
                    "amount": amount_text(amount),
                    "due_at": place.slice + SLICE,
                }
            )
        self._transaction.run_many("keep_outbox", values)
