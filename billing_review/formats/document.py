"""The review as JSON for programs: ``report.schema.json`` beside this package says what every field means.

Money is a currency and a string of minor units, never a number; where people read the same amount, its text is beside.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from billing_review.curves import is_comparable, stretches
from billing_review.formats import words
from billing_review.formats.clean import for_programs
from billing_review.money import money
from billing_review.pricing import Pricing
from billing_review.report import SEVERITIES, Affected, Costs, Entry, Finding, Report

VERSION = 1

_UNSEEN = re.compile(r"[^\x20-\x7e\n]")


def render(report: Report) -> str:
    """The document, indented; characters that a terminal or a reader could trip over are written as escapes."""
    text = json.dumps(document(report), indent=2, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: _escaped(found[0]), text) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain JSON values, without secrets."""
    report = for_programs(report)
    source = report.source
    return {
        "version": VERSION,
        "source": {
            "kind": source.kind,
            "project": source.project,
            "stack": source.stack,
            "livemode": source.livemode,
            "account": source.account,
            "base": source.base,
            "head": source.head,
        },
        "counts": {operation: report.counts.get(operation, 0) for operation in words.OPERATIONS},
        "severities": _severities(report),
        "findings": [_finding(finding) for finding in words.by_weight(report.findings)],
        "entries": [_entry(entry) for entry in report.entries],
        "counting": {
            "status": report.counting.status,
            "sentence": report.counting.sentence,
            "calls": report.counting.calls,
            "seconds": report.counting.seconds,
        },
        "revenue_touched": _amounts(report.revenue_touched),
        "trouble": list(report.trouble),
        "others": {operation: report.others.get(operation, 0) for operation in words.OPERATIONS},
    }


def _escaped(char: str) -> str:
    if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return char
    return json.dumps(char)[1:-1] if char != "\x7f" else "\\u007f"


def _severities(report: Report) -> dict[str, int]:
    alive = [finding.severity for finding in report.findings if finding.suppressed is None]
    counted = {str(severity): alive.count(severity) for severity in SEVERITIES}
    return {**counted, "suppressed": len(report.findings) - len(alive)}


def _finding(finding: Finding) -> dict[str, Any]:
    held = finding.suppressed
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "sentence": finding.sentence,
        "kind": finding.kind,
        "key": finding.key,
        "advice": finding.advice,
        "place": finding.place,
        "suppressed": None if held is None else {"reason": held.reason, "until": held.until},
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "key": entry.key,
        "operation": entry.operation,
        "title": entry.title,
        "headline": entry.headline,
        "sentences": list(entry.sentences),
        "facts": [{"label": one.label, "old": one.old, "new": one.new, "note": one.note} for one in entry.facts],
        "costs": [_costs(costs) for costs in entry.costs],
        "affected": None if entry.affected is None else _affected(entry.affected),
        "plan": entry.plan,
        "object_id": entry.object_id,
        "place": entry.place,
    }


def _costs(costs: Costs) -> dict[str, Any]:
    return {
        "currency": costs.currency,
        "old": _pricing(costs.old),
        "new": _pricing(costs.new),
        "text": {"old": words.amount(costs.old), "new": words.amount(costs.new), "change": words.change(costs)},
        "stretches": _stretches(costs),
        "tiers": [{"units": row.units, "old": row.old, "new": row.new} for row in costs.tiers],
        "examples": [
            {
                "quantity": one.quantity,
                "unit": one.unit,
                "old": one.old,
                "new": one.new,
                "change": one.change,
                "sum": one.sum,
            }
            for one in costs.examples
        ],
        "explanation": costs.explanation,
    }


def _stretches(costs: Costs) -> list[dict[str, Any]] | None:
    old, new = costs.old, costs.new
    if old is None or new is None or not is_comparable(old, new):
        return None
    return [{"from": one.first, "trend": one.trend} for one in stretches(old, new)]


def _pricing(pricing: Pricing | None) -> dict[str, Any] | None:
    if pricing is None:
        return None
    package = pricing.package
    return {
        "unit": None if pricing.unit is None else _money(pricing.unit, pricing.currency),
        "tiers": [
            {
                "up_to": "inf" if tier.up_to is None else tier.up_to,
                "unit": _money(tier.unit, pricing.currency),
                "flat": _money(tier.flat, pricing.currency),
            }
            for tier in pricing.tiers
        ],
        "mode": pricing.mode,
        "package": None if package is None else {"divide_by": package.divide_by, "round": package.round},
        "interval": pricing.interval,
        "interval_count": pricing.interval_count,
        "metered": pricing.metered,
        "per_seat": pricing.per_seat,
    }


def _affected(found: Affected) -> dict[str, Any]:
    return {
        "active": found.active,
        "trialing": found.trialing,
        "past_due": found.past_due,
        "seats": found.seats,
        "customers": found.customers,
        "open_checkouts": found.open_checkouts,
        "monthly_revenue": _amounts(found.monthly_revenue),
        "complete": found.complete,
        "text": words.affected(found),
    }


def _amounts(amounts: Mapping[str, int]) -> list[dict[str, str]]:
    return [_money(Decimal(amount), currency) for currency, amount in sorted(amounts.items())]


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"currency": currency, "amount": _plain(amount), "text": money(amount, currency)}


def _plain(amount: Decimal) -> str:
    """1200, 0.04: never 1.2E+3, and without zeros at the end."""
    digits = f"{amount:f}"
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) or "0"
