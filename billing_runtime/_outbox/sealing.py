"""Closing rows, so that they do not grow while Stripe is told of them: under the lock that every decision takes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from billing_runtime._outbox.rows import NO_CUSTOMER, Lane, OutboxRow, row_of, values_of
from billing_runtime._outbox.telling import given_up_at, is_early, task_of, timestamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from billing_runtime._outbox.claiming import Claim
    from billing_runtime._outbox.kinds import MeterRules, Rule
    from billing_runtime._outbox.telling import Moment
    from billing_runtime._store import Row, Scope, Store, Transaction, Value
    from billing_runtime.catalog import Meter

#: So many rows in one go.
MOST = 1000
#: Stripe knows identifiers again for a day at least; after that it is asked before anything is sent again.
KNOWN_FOR = 23 * 3600
_LATER, _EARLY = 600, 60
TOO_OLD = "Stripe takes no usage of more than 35 days ago"
NO_METER = "the manifest has no such meter, or none that is provisioned"


@dataclass(slots=True)
class Sealed:
    """What is to be told now, lane by lane, and what has just been given up."""

    lanes: dict[Lane, list[OutboxRow]] = field(default_factory=dict)
    dead: list[OutboxRow] = field(default_factory=list)
    looked_at: int = 0


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seals rows of lanes that were claimed."""

    store: Store
    scope: Scope
    rules: MeterRules
    meters: Mapping[str, Meter]
    moment: Moment

    def seal(self, claimed: Claim) -> Sealed:
        """Seal what is due."""
        found = Sealed()
        if not claimed.lanes:
            return found
        lanes = json.dumps(list(claimed.lanes))
        with self.store.transaction(self.scope) as change:
            change.lock_all({lane.entity_id for lane in claimed.lanes})
            rows = change.all("lane_rows", lanes=lanes, now=self.moment.now, most=MOST)
            changed: list[OutboxRow] = []
            for lane, of_lane in groupby(rows, key=lambda row: Lane(row["entity_id"], row["meter"])):
                changed += self._lane(change, lane, list(of_lane), found)
            if changed:
                change.run_many("keep_told", [values_of(row) for row in changed])
        return found

    def _lane(self, change: Transaction, lane: Lane, rows: list[Row], found: Sealed) -> Iterable[OutboxRow]:
        rule = self.rules.of(lane.meter)
        kept = [(row_of(row), row["owner"]) for row in rows]
        current = self._without_superseded(change, rule, [row for row, _ in kept])
        told: list[OutboxRow] = []
        held_up: int | None = None
        for row, owner in kept:
            if row.state != "open" and (row.due_at or 0) > self.moment.now:
                held_up = row.due_at  # what failed is tried again first
                continue
            found.looked_at += 1
            if held_up is not None:
                yield replace(row, due_at=held_up)
                continue
            sealed = _told(row, self.moment.now)
            if row.place in current:
                sealed = self._sealed(self._without_given_up(change, row, rule), owner, rule)
            if sealed.state == "dead":
                found.dead.append(sealed)
            elif sealed.state in {"sealed", "doubted"} and (sealed.due_at or 0) <= self.moment.now:
                told.append(sealed)
            yield sealed
        if told:
            found.lanes[lane] = told

    def _sealed(self, row: OutboxRow, owner: str | None, rule: Rule) -> OutboxRow:
        """What becomes of a row that is due."""
        if task_of(row, rule.kind).do == "nothing":
            return _told(row, self.moment.now)
        last = given_up_at(row, rule)
        if row.meter not in self.meters or self.meters[row.meter].id is None:
            return self._waiting(row, NO_METER, self.moment.now + _LATER, last)
        if row.customer_id is None and owner is None:
            return self._waiting(row, NO_CUSTOMER, last, last)
        return self._closed(row, owner, rule)

    def _closed(self, row: OutboxRow, owner: str | None, rule: Rule) -> OutboxRow:
        """A row that Stripe can be told of."""
        now = self.moment.now
        if row.state == "doubted" or (row.tried_at is not None and now - row.tried_at >= KNOWN_FOR):
            return replace(row, state="doubted")
        # What Stripe may have heard of is said again as it was.
        at = timestamp_of(row, rule, self.moment) if row.tried_at is None else row.at
        if at is None:
            return self._dead(row, TOO_OLD)
        if is_early(row, at, self.moment):
            return replace(row, due_at=now + _EARLY)
        customer, identifier = row.customer_id or owner, row.identifier or row.identifier_in(self.scope)
        fresh = replace(row, state="sealed", at=at, customer_id=customer, identifier=identifier, problem=None)
        return replace(fresh, due_at=now, tried_at=row.tried_at or now)

    def _waiting(self, row: OutboxRow, problem: str, due_at: int | None, last: int | None) -> OutboxRow:
        """Something is missing; it waits for as long as Stripe would still take it."""
        if last is not None and self.moment.now >= last:
            return self._dead(row, f"{problem}, and {TOO_OLD}")
        due = self.moment.now + _LATER if due_at is None else due_at
        return replace(row, due_at=due if last is None else min(last, due), problem=problem)

    def _dead(self, row: OutboxRow, problem: str) -> OutboxRow:
        identifier = row.identifier or row.identifier_in(self.scope)
        return replace(row, state="dead", identifier=identifier, due_at=None, problem=problem)

    def _without_given_up(self, change: Transaction, row: OutboxRow, rule: Rule) -> OutboxRow:
        """What was given back of usage that was given up is taken off that: Stripe never had it."""
        if row.state != "open" or row.amount >= 0 or rule.kind not in {"sum", "count"}:
            return row
        rest = -row.amount
        for dead in map(row_of, change.all("dead_of_period", **_period(row))):
            left = dead.amount - dead.done
            less = max(0, min(rest, left))
            rest -= less
            smaller = replace(dead, amount=dead.amount - less)
            change.run_many(
                "change_dead_usage", [values_of(smaller if less < left else _told(smaller, self.moment.now))]
            )
        return replace(row, amount=-rest)

    def _without_superseded(self, change: Transaction, rule: Rule, rows: list[OutboxRow]) -> set[tuple[int, int, int]]:
        """Places of rows that still say something: a newer value, or a newer total of the same window, says it all."""
        if rule.kind not in {"last", "total"}:
            return {row.place for row in rows}
        newest: dict[tuple[int, int], tuple[int, int, int]] = {}
        for row in rows:
            first, last = (0, 2**62) if rule.kind == "last" else (row.slice, row.slice)
            scope = (row.period_start, first)
            if scope not in newest:
                told = change.one("newest_told", **_period(row), first=first, last=last)
                newest[scope] = row.place if told is None else (row.period_start, told["slice"], told["part"])
            newest[scope] = max(newest[scope], row.place)
        return set(newest.values())


def _told(row: OutboxRow, now: int) -> OutboxRow:
    """Nothing is to be told of it, or something newer says it all."""
    return replace(row, state="sent", due_at=None, sent_at=now, problem=None)


def _period(row: OutboxRow) -> dict[str, Value]:
    return {"entity_id": row.entity_id, "meter": row.meter, "period_start": row.period_start}
