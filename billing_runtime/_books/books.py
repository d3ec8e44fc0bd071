"""Rows of one transaction, in memory: operations read and change them here; `flush` writes what was changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from billing_runtime._books.grants import GrantRows
from billing_runtime._books.kept import Kept
from billing_runtime._books.members import MemberRows
from billing_runtime._books.notices import NoticeRows
from billing_runtime._books.outbox import OutboxRows
from billing_runtime._books.rows import (
    ALTERED,
    COUNTER,
    DECISION,
    altered_row,
    counter_of,
    counter_row,
    decision_of,
    decision_row,
    left_of,
    left_values,
)
from billing_runtime._books.top_ups import TopUpRows
from billing_runtime._outbox.kinds import SUMS, MeterRules
from billing_runtime.limits.advancing import advance
from billing_runtime.limits.counting import Amount, Counter, amount_of, amount_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from billing_runtime._books.kept import Day
    from billing_runtime._books.needs import CounterKey, Needs
    from billing_runtime._books.outbox import Place
    from billing_runtime._books.rows import KeptDecision
    from billing_runtime._store import Row, Transaction
    from billing_runtime.limits.allowances import Allowances
    from billing_runtime.limits.counting import Allowance, Left
    from billing_runtime.limits.counting import Place as Window

_DAY = 86_400
_USE = ("entity_id", "name", "day", "member_id", "action", "amount")


class Books:
    """What one transaction knows. Operations must check everything before they change anything."""

    def __init__(
        self,
        transaction: Transaction,
        now: int,
        allowances: Allowances,
        rules: MeterRules = SUMS,
        kept: Kept | None = None,
    ) -> None:
        """`kept` is what the last transaction left, if it is still so."""
        self.transaction, self.now = transaction, now
        self._kept = kept or Kept()
        self._allowances, self._moment = allowances, allowances.moment(now)
        self.outbox, self.credits = OutboxRows(transaction, self._kept, rules), GrantRows(transaction, now)
        self.top_ups, self.members = TopUpRows(transaction, now), MemberRows(transaction)
        self.notices = NoticeRows(transaction, now)
        self._counters = self._kept.counters
        self._changed: dict[CounterKey, Counter] = {}
        self._by_key: dict[tuple[str, str], KeptDecision] = {}
        self._decisions: dict[str, KeptDecision] = {}
        self._added: dict[str, KeptDecision] = {}
        self._altered: dict[str, KeptDecision] = {}
        self._days: dict[tuple[str, str, int, str, str], Amount] = {}

    def load(self, needs: Needs) -> None:
        """Read what is needed; nobody else changes anything of these entities before the transaction has ended."""
        self.transaction.lock_all(needs.entities)
        kept = self._kept
        reads: list[tuple[str, Collection[Any], Callable[[Any, list[Row]], None]]] = [
            ("load_counters", needs.counters.difference(kept.counters), self._took_counters),
            ("load_decisions", needs.decisions, self._took_decisions),
            ("standings", needs.entities.difference(kept.standings), self._took_standings),
        ]
        if not kept.lasting:  # else what is missing is read when it is written
            reads += [
                ("load_usage_days", self._expected_days(needs).difference(kept.days), self._took_days),
                ("load_outbox", self._expected_outbox(needs).difference(kept.outbox), self.outbox.took),
            ]
        self._read([one for one in reads if one[1]])

    def _read(self, reads: list[tuple[str, Collection[Any], Callable[[Any, list[Row]], None]]]) -> None:
        """Several queries together, each for some keys."""
        if reads:
            answers = self.transaction.all_of([(query, {"keys": _keys(places)}) for query, places, _ in reads])
            for (_, places, took), rows in zip(reads, answers, strict=True):
                took(places, rows)

    def _expected_days(self, needs: Needs) -> set[Day]:
        day = self.now - self.now % _DAY
        return {(entity_id, name, day, member_id, action) for entity_id, name, member_id, action in needs.uses}

    def _expected_outbox(self, needs: Needs) -> set[Place]:
        """Where use will be added, as far as that can be told before anything was read."""
        places = set()
        for entity_id, name, _, _ in needs.uses:
            allowance = self._allowances.last(entity_id, name)
            if allowance is not None and allowance.limit.meter is not None:
                start = allowance.period.at(self.now).start
                places.add(self.outbox.place(entity_id, allowance.limit.meter, start, self.now))
        return places

    def allowance(self, entity_id: str, name: str) -> Allowance:
        """The limit of this plain name that holds for an entity. Raises UnknownName."""
        known = self._kept.standings
        if entity_id not in known:
            self._read([("standings", [entity_id], self._took_standings)])
        return self._allowances.at(entity_id, name, known[entity_id], self._moment)

    def _took_standings(self, _: object, rows: list[Row]) -> None:
        for row in rows:
            self._kept.standings[row["entity_id"]] = row["writes"], row["kind"]

    def _took_decisions(self, _: object, rows: list[Row]) -> None:
        for row in rows:
            self._remember(decision_of(row))

    def counter(self, entity_id: str, name: str, member_id: str = "") -> Counter:
        """A counter; a new one if there is none."""
        place = entity_id, name, member_id
        if place not in self._counters:
            self._read([("load_counters", [place], self._took_counters)])
        return self._counters[place]

    def _took_counters(self, places: Collection[CounterKey], rows: list[Row]) -> None:
        for row in rows:
            counter = counter_of(row)
            self._counters[counter.entity_id, counter.name, counter.member_id] = counter
        for place in places:
            if place not in self._counters:
                self._counters[place] = Counter(entity_id=place[0], name=place[1], member_id=place[2])

    def counters(self, entity_id: str) -> list[Counter]:
        """Every counter of an entity that there is."""
        rows = self.transaction.all("counters_of_entity", entity_id=entity_id)
        return [self.counter(entity_id, row["name"], row["member_id"]) for row in rows]

    def advance(self, counter: Counter, allowance: Allowance, changed_at: int | None = None) -> None:
        """Bring a counter up to date with the clock and the plan, which was changed then, if it was."""
        if advance(counter, allowance, self.now, lambda per, start: self.window(counter, per, start), changed_at):
            self.keep(counter)
            if allowance.limit.thresholds:  # a smaller plan passes some
                self.notices.consider(counter, allowance.limit.thresholds)

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

    def windows(self, counter: Counter, window: Window) -> list[Left]:
        """A window of a counter that is no longer open, and all those that somebody may come back to."""
        rows = self.transaction.all(
            "windows_of_counter",
            entity_id=counter.entity_id,
            name=counter.name,
            member_id=counter.member_id,
            per=window[0],
            window_start=window[1],
            now=self.now,
        )
        found = {left.place: left for left in [*map(left_of, rows), *counter.left]}
        return [left for left in found.values() if left.place != counter.place]

    def keep_window(self, counter: Counter, left: Left) -> None:
        """A window that is no longer open is changed: write it."""
        if not any(one is left for one in counter.left):
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

    def next_expiry(self, entity_id: str) -> int | None:
        """When the next open reservation of an entity ends."""
        row = self.transaction.one("next_expiry", entity_id=entity_id, now=self.now)
        found = [one.expires_at for one in self._added.values() if one.entity_id == entity_id and one.state == "held"]
        found.append(None if row is None else row["expires_at"])
        return min([at for at in found if at is not None], default=None)

    def note_use(self, entity_id: str, name: str, member_id: str, action: str, amount: Amount, at: int) -> None:
        """What was used on a day; a negative amount takes it off."""
        place = entity_id, name, at - at % _DAY, member_id, action
        self._days[place] = self._days.get(place, 0) + amount

    def flush(self) -> None:
        """Write everything that was changed."""
        write, write_rows = self.transaction.run_many, self.transaction.run_rows
        left = [left_values(counter, one) for counter in self._changed.values() for one in counter.left]
        if left:
            write("keep_counter_window", left)
        if self._changed:
            write_rows("keep_counter", COUNTER, [counter_row(counter) for counter in self._changed.values()])
        if self._added:
            write_rows("add_decision", DECISION, [decision_row(one) for one in self._added.values()])
        if self._altered:
            write_rows("change_decision", ALTERED, [altered_row(one) for one in self._altered.values()])
        if self._days:
            self._flush_days()
        self.credits.flush()
        self.outbox.flush()
        self.notices.flush()
        for counter in self._changed.values():
            counter.left.clear()

    def _flush_days(self) -> None:
        known = self._kept.days
        unknown = [place for place in self._days if place not in known]
        if unknown:
            self._read([("load_usage_days", unknown, self._took_days)])
        for place, amount in self._days.items():
            known[place] += amount
        rows = [(*place, amount_text(known[place])) for place in self._days]
        self.transaction.run_rows("keep_usage_day", _USE, rows)

    def _took_days(self, places: Collection[Day], rows: list[Row]) -> None:
        self._kept.days.update(dict.fromkeys(places, 0))
        for row in rows:
            place = row["entity_id"], row["name"], row["day"], row["member_id"], row["action"]
            self._kept.days[place] = amount_of(row["amount"])

    def _remember(self, decision: KeptDecision) -> KeptDecision:
        self._decisions[decision.receipt] = decision
        if decision.idempotency_key is not None:
            self._by_key[decision.entity_id, decision.idempotency_key] = decision
        return decision


def _keys(wanted: object) -> str:
    return json.dumps(list(wanted))  # type: ignore[call-overload]
