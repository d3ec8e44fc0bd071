"""What a journal says: its lines folded into what was planned, what was tried, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from billing_runtime.errors import JournalInvalid
from billing_runtime.migration.journal import read_lines
from billing_runtime.migration.policy import Policy
from billing_runtime.migration.steps import Line, Move, Skip

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that was announced.

    It is `unknown` what came of it until Stripe has said no; a `spent` key has its answer and is of no more use.
    """

    number: int
    key: str
    item: str
    before: Line
    after: Line
    proration_date: int | None
    at: int
    unknown: bool = True
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A subscription that is on the new price by this migration."""

    before: Line
    after: Line
    found: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """A subscription that could not be moved."""

    subscription: str
    status: int | None
    code: str | None
    request_id: str | None
    unknown: bool
    sentence: str = ""


@dataclass
class Record:
    """One migration as its journal tells it."""

    head: Json
    planned: dict[str, Move] = field(default_factory=dict)
    unplanned: list[Skip] = field(default_factory=list)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    moved: dict[str, Moved] = field(default_factory=dict)
    failed: dict[str, Failed] = field(default_factory=dict)
    skipped: dict[str, Skip] = field(default_factory=dict)
    ready: Json | None = None
    activated: bool = False

    @property
    def id(self) -> str:
        """The migration's id."""
        return str(self.head["id"])

    @property
    def policy(self) -> Policy:
        """What it may do."""
        return Policy.of(self.head["policy"])

    @property
    def todo(self) -> list[Move]:
        """What was planned and has neither been moved nor turned out to stay; what failed is tried again."""
        done = self.moved.keys() | self.skipped.keys()
        return [move for subscription, move in self.planned.items() if subscription not in done]

    def take(self, line: Json) -> None:
        """Learn from one more line."""
        getattr(self, f"_{line['type']}")(line)

    def _migration(self, line: Json) -> None:
        self.head = line

    def _planned(self, line: Json) -> None:
        self.planned[line["subscription"]] = move_of(line)

    def _skipped(self, line: Json) -> None:
        skip = Skip(line["subscription"], line["customer"], line["reason"], line.get("detail", ""))
        if self.ready is None:
            self.unplanned.append(skip)
        else:
            self.skipped[skip.subscription] = skip
            self.failed.pop(skip.subscription, None)

    def _ready(self, line: Json) -> None:
        self.ready = line

    def _started(self, line: Json) -> None:
        self.attempts[line["subscription"]] = Attempt(
            line["attempt"],
            line["key"],
            line["item"],
            Line.of(line["before"]),
            Line.of(line["after"]),
            line["proration_date"],
            line["at"],
        )

    def _moved(self, line: Json) -> None:
        self.moved[line["subscription"]] = Moved(Line.of(line["before"]), Line.of(line["after"]), line["found"])
        self.failed.pop(line["subscription"], None)

    def _failed(self, line: Json) -> None:
        subscription = line["subscription"]
        tried = self.attempts.get(subscription)
        if tried is not None and not line["unknown"]:
            self.attempts[subscription] = replace(tried, unknown=False, spent=True)
        self.failed[subscription] = Failed(
            subscription, line["status"], line["code"], line["request_id"], line["unknown"]
        )

    def spend(self, subscription: str) -> None:
        """The key of the last attempt is of no more use."""
        self.attempts[subscription] = replace(self.attempts[subscription], spent=True)

    def _price(self, line: Json) -> None:
        self.activated = line["active"]


def read_record(path: Path) -> Record:
    """The record of a journal whose plan was complete."""
    head, *lines = read_lines(path)
    record = Record(head)
    for line in lines:
        record.take(line)
    if record.ready is None:
        raise JournalInvalid.unfinished_plan(path)
    return record


def move_of(line: Json) -> Move:
    """A planned move, as the journal keeps it."""
    return Move(
        subscription=line["subscription"],
        customer=line["customer"],
        item=line["item"],
        currency=line["currency"],
        before=Line.of(line["before"]),
        after=Line.of(line["after"]),
        status=line["status"],
        period_start=line["period_start"],
        period_end=line["period_end"],
    )


def move_line(move: Move) -> Json:
    """The line of a planned move."""
    return {
        "type": "planned",
        "subscription": move.subscription,
        "customer": move.customer,
        "item": move.item,
        "currency": move.currency,
        "before": move.before.as_json(),
        "after": move.after.as_json(),
        "status": move.status,
        "period_start": move.period_start,
        "period_end": move.period_end,
    }


def skip_line(skip: Skip) -> Json:
    """The line of a subscription that stays."""
    detail = {"detail": skip.detail} if skip.detail else {}
    return {
        "type": "skipped",
        "subscription": skip.subscription,
        "customer": skip.customer,
        "reason": skip.reason,
    } | detail
