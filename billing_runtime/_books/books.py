"""Rows of one transaction, in memory: operations read and change them here; `flush` writes what was changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from billing_runtime._books.grants import GrantRows
from billing_runtime._books.outbox import OutboxRows
from billing_runtime._books.rows import (
    counter_of,
    counter_values,
    decision_of,
    decision_values,
    left_of,
    left_values,
)
from billing_runtime._outbox.kinds import SUMS, MeterRules
from billing_runtime.limits.counting import Amount, Counter, advance, amount_of, amount_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from billing_runtime._books.needs import CounterKey, Needs
    from billing_runtime._books.rows import KeptDecision, Values
    from billing_runtime._store import Transaction
    from billing_runtime.limits.counting import Allowance, Left

_DAY = 86_400


class Books:
    """What one transaction knows. Operations must check everything before they change anything."""

    def __init__(
        self,
        transaction: Transaction,
        now: int,
        allowance: Callable[[str, str], Allowance],
        rules: MeterRules = SUMS,
    ) -> None:
        """`allowance(entity_id, name)` is the limit that holds for an entity; it raises UnknownName."""
        self.transaction, self.now, self.allowance = transaction, now, allowance
        self.outbox, self.credits = OutboxRows(transaction, rules), GrantRows(transaction, now)
        self._counters: dict[CounterKey, Counter] = {}
        self._changed: dict[CounterKey, Counter] = {}
        self._by_key: dict[tuple[str, str], KeptDecision] = {}
        self._decisions: dict[str, KeptDecision] = {}
        self._added: dict[str, KeptDecision] = {}
        self._altered: dict[str, KeptDecision] = {}
        self._days: dict[tuple[str, str, int, str, str], Amount] = {}

    def load(self, needs: Needs) -> None:
        """Read what is needed; nobody else changes anything of these entities before the transaction has ended."""
        self.transaction.lock_all(needs.entities)
        if needs.counters:
            self._load_counters(needs.counters)
        if needs.decisions:
            for row in self.transaction.all("load_decisions", keys=_keys(needs.decisions)):
                self._remember(decision_of(row))

    def counter(self, entity_id: str, name: str, member_id: str = "") -> Counter:
        """A counter; a new one if there is none."""
        place = entity_id, name, member_id
        if place not in self._counters:
            self._load_counters([place])
        return self._counters[place]

    def _load_counters(self, places: Collection[CounterKey]) -> None:
        for row in self.transaction.all("load_counters", keys=_keys(places)):
            counter = counter_of(row)
            self._counters[counter.entity_id, counter.name, counter.member_id] = counter
        for place in places:
            if place not in self._counters:
                self._counters[place] = Counter(*place)

    def advance(self, counter: Counter, allowance: Allowance) -> None:
        """Bring a counter up to date with the clock and the plan."""
        if advance(counter, allowance, self.now, lambda per, start: self.window(counter, per, start)):
            self.keep(counter)

    def keep(self, counter: Counter) -> None:
        """The counter is changed: write it."""
        self._changed[counter.entity_id, counter.name, counter.member_id] = counter

    def window(self, counter: Counter, per: str, start: int) -> Left | None:
        """A window of a counter that is no longer open."""
        for left in reversed(counter.left):
            if (left.per, left.start) == (per, start):
                return left
        row = self.transaction.one(
            "find_counter_window",
            entity_id=counter.entity_id,
            name=counter.name,
            member_id=counter.member_id,
            per=per,
            window_start=start,
        )
        return None if row is None else left_of(row)

    def keep_window(self, counter: Counter, left: Left) -> None:
        """A window that is no longer open is changed: write it."""
        if left not in counter.left:
            counter.left.append(left)
        self.keep(counter)

    def decision_by_key(self, entity_id: str, key: str) -> KeptDecision | None:
        """The decision that was made under an idempotency key that was needed."""
        return self._by_key.get((entity_id, key))

    def decision(self, receipt: str) -> KeptDecision | None:
        """The decision of this receipt."""
        known = self._decisions.get(receipt)
        if known is None:
            row = self.transaction.one("find_decision", receipt=receipt)
            return None if row is None else self._remember(decision_of(row))
        return known

    def add_decision(self, decision: KeptDecision) -> None:
        """Keep a new decision."""
        self._added[decision.receipt] = self._remember(decision)

    def alter_decision(self, decision: KeptDecision) -> None:
        """The decision is changed: write it."""
        self._altered[decision.receipt] = decision

    def expired(self, entity_id: str) -> list[KeptDecision]:
        """Reservations of an entity whose time is up."""
        rows = self.transaction.all("expired_reservations", entity_id=entity_id, now=self.now)
        found = [self._decisions.get(row["receipt"]) or self._remember(decision_of(row)) for row in rows]
        return [one for one in found if one.state == "held"]

    def note_use(self, entity_id: str, name: str, member_id: str, action: str, amount: Amount, at: int) -> None:
        """What was used on a day; a negative amount takes it off."""
        place = entity_id, name, at - at % _DAY, member_id, action
        self._days[place] = self._days.get(place, 0) + amount

    def flush(self) -> None:
        """Write everything that was changed."""
        write = self.transaction.run_many
        left = [left_values(counter, one) for counter in self._changed.values() for one in counter.left]
        if left:
            write("keep_counter_window", left)
        if self._changed:
            write("keep_counter", [counter_values(counter) for counter in self._changed.values()])
        if self._added:
            write("add_decision", [decision_values(one) for one in self._added.values()])
        if self._altered:
            write("change_decision", [decision_values(one) for one in self._altered.values()])
        if self._days:
            write("keep_usage_day", self._day_values())
        self.credits.flush()
        self.outbox.flush()

    def _day_values(self) -> list[Values]:
        rows = self.transaction.all("load_usage_days", keys=_keys(self._days))
        known = {
            (row["entity_id"], row["name"], row["day"], row["member_id"], row["action"]): amount_of(row["amount"])
            for row in rows
        }
        return [
            {
                "entity_id": place[0],
                "name": place[1],
                "day": place[2],
                "member_id": place[3],
                "action": place[4],
                "amount": amount_text(known.get(place, 0) + amount),
            }
            for place, amount in self._days.items()
        ]

    def _remember(self, decision: KeptDecision) -> KeptDecision:
        self._decisions[decision.receipt] = decision
        if decision.idempotency_key is not None:
            self._by_key[decision.entity_id, decision.idempotency_key] = decision
        return decision


def _keys(wanted: object) -> str:
    return json.dumps(list(wanted))  # type: ignore[call-overload]
