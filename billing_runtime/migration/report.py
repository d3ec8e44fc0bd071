"""What came of a migration, or what a dry run would do: one value, for people and programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from billing_runtime.migration.facts import PriceFacts
from billing_runtime.migration.plan import Plan, Totals, skipped_json, totals_of
from billing_runtime.migration.record import Failed, Record
from billing_runtime.migration.statement import statement
from billing_runtime.migration.steps import Move, Skip

Json = dict[str, Any]
VERSION = 1


def report_schema() -> Json:
    """The published JSON Schema of a report."""
    text = resources.files("billing_runtime.migration").joinpath("report.schema.json").read_text(encoding="utf-8")
    schema: Json = json.loads(text)
    return schema


@dataclass(frozen=True)
class Result:
    """What has become of the planned moves so far."""

    moved: tuple[Move, ...]
    found: int
    failed: tuple[Failed, ...]
    skipped: tuple[Skip, ...]
    remaining: int
    totals: tuple[Totals, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return not self.failed and not self.remaining

    def as_json(self) -> Json:
        """For programs."""
        return {
            "moved": len(self.moved),
            "found": self.found,
            "failed": [_failed(one) for one in self.failed],
            "skipped": skipped_json(self.skipped),
            "remaining": self.remaining,
            "currencies": {one.currency: one.as_json() for one in self.totals},
        }


@dataclass(frozen=True)
class Report:
    """A plan, and its result if there is one; `id` and `journal` are those of a migration that has begun."""

    plan: Plan
    stack: str
    account: str
    livemode: bool
    id: str | None = None
    journal: str | None = None
    result: Result | None = None

    def as_json(self) -> Json:
        """The published form."""
        plan = self.plan
        return {
            "version": VERSION,
            "migration": {
                "id": self.id,
                "kind": plan.kind,
                "undoes": plan.undoes,
                "stack": self.stack,
                "account": self.account,
                "livemode": self.livemode,
                "from": _price(plan.source),
                "to": _price(plan.target),
                "policy": plan.policy.as_json(),
                "journal": self.journal,
            },
            "plan": plan.as_json(),
            "billing": list(statement(plan)),
            "result": None if self.result is None else self.result.as_json(),
        }


def result_of(record: Record, plan: Plan, sentences: Mapping[str, str]) -> Result:
    """What the journal says, with the sentences of this run's failures."""
    moved = tuple(
        replace(move, before=record.moved[name].before, after=record.moved[name].after)
        for name, move in record.planned.items()
        if name in record.moved
    )
    failed = tuple(replace(one, sentence=sentences.get(one.subscription, "")) for one in record.failed.values())
    return Result(
        moved=moved,
        found=sum(one.found for one in record.moved.values()),
        failed=failed,
        skipped=tuple(record.skipped.values()),
        remaining=len(record.todo) - len(failed),
        totals=totals_of(moved, plan.source, plan.target),
    )


def _price(price: PriceFacts) -> Json:
    return {
        "id": price.id,
        "key": price.key,
        "lookup_key": price.lookup_key,
        "active": price.active,
        "interval": price.interval,
        "interval_count": price.interval_count,
    }


def _failed(one: Failed) -> Json:
    return {
        "subscription": one.subscription,
        "status": one.status,
        "code": one.code,
        "request_id": one.request_id,
        "unknown": one.unknown,
        "message": one.sentence,
    }
