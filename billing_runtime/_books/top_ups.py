"""Automatic top-ups, as a decision sees them: whether what is left is too little, and whether one is on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._books.receipts import new_receipt
from billing_runtime.clock import time_of
from billing_runtime.limits.counting import Amount, amount_of

if TYPE_CHECKING:
    from billing_runtime._store import Row, Transaction


class TopUpRows:
    """Of one transaction. Of one entity and name there is one top-up at a time, however many decisions want one."""

    def __init__(self, transaction: Transaction, now: int) -> None:
        self._transaction, self._now = transaction, now
        self._settings: dict[tuple[str, str], Row | None] = {}
        self._decided: set[tuple[str, str]] = set()

    def consider(self, entity_id: str, name: str, remaining: Amount | None) -> None:
        """So much may still be used: buy more if that is too little, and nothing is being bought yet."""
        place = entity_id, name
        if remaining is None or place in self._decided:
            return
        if place not in self._settings:
            self._settings[place] = self._transaction.one("find_auto_top_up", entity_id=entity_id, name=name)
        row = self._settings[place]
        if row is None or row["stopped"] is not None or remaining >= amount_of(row["below"]):
            return
        self._decided.add(place)
        pending = self._transaction.one("pending_top_up", entity_id=entity_id, name=name)
        if pending is None and not self._is_enough(row):
            self._transaction.run(
                "add_top_up",
                top_up_id=new_receipt(self._now, "ctu_"),
                entity_id=entity_id,
                name=name,
                price=row["price"],
                quantity=row["quantity"],
                cost=row["cost"],
                now=self._now,
            )

    def forget(self, entity_id: str, name: str) -> None:
        """Something else is settled from now on."""
        self._settings.pop((entity_id, name), None)
        self._decided.discard((entity_id, name))

    def was_paid(self, entity_id: str, top_up_id: str, invoice: str, cost: int) -> None:
        """The invoice of a top-up was paid: it is over, and another one may follow."""
        self._transaction.run(
            "top_up_was_paid", entity_id=entity_id, top_up_id=top_up_id, invoice_id=invoice, cost=cost
        )
        self._decided.clear()

    def _is_enough(self, row: Row) -> bool:
        """Whether one more would be too much for this month."""
        if row["most"] is None and row["most_cost"] is None:
            return False
        bought = self._transaction.one(
            "top_ups_since", entity_id=row["entity_id"], name=row["name"], since=month_of(self._now)
        )
        number, cost = (bought["number"], bought["cost"]) if bought else (0, 0)
        most, most_cost = row["most"], row["most_cost"]
        return (most is not None and number >= most) or (most_cost is not None and cost + row["cost"] > most_cost)


def month_of(now: int) -> int:
    """When the month of a moment began, in UTC."""
    moment = time_of(now)
    return int(moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp())
