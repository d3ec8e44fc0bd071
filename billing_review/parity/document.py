"""The comparison as JSON, for programs: parity.schema.json describes it. https://json-schema.org/draft/2020-12"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from billing_review.parity.allowances import Allowance
from billing_review.parity.environment import Environment
from billing_review.parity.parity import Difference, Pair, Parity
from billing_review.report import Entry
from billing_review.telling import tell

Json = dict[str, Any]
VERSION = 1


def document(parity: Parity) -> Json:
    """Everything that was found, in the published form."""
    return {
        "version": VERSION,
        "equal": parity.is_equal,
        "pairs": [_pair(pair) for pair in parity.pairs],
        "notes": list(parity.notes),
    }


def schema() -> Json:
    """The published JSON Schema of the document."""
    text = resources.files("billing_review.parity").joinpath("parity.schema.json").read_text(encoding="utf-8")
    found: Json = json.loads(text)
    return found


def _pair(pair: Pair) -> Json:
    return {
        "compared": pair.origin,
        "first": _environment(pair.first),
        "second": _environment(pair.second),
        "equal": not pair.open,
        "differences": [_difference(one) for one in pair.differences],
        "promotion": [_entry(entry, pair) for entry in tell(pair.promotion).entries],
    }


def _environment(one: Environment) -> Json:
    return {
        "stack": one.stack,
        "origin": one.origin,
        "project": one.project,
        "account": one.account,
        "livemode": one.livemode,
        "objects": len(one.objects),
    }


def _difference(one: Difference) -> Json:
    return {
        "kind": one.kind,
        "key": one.key,
        "path": one.path,
        "title": one.title,
        "label": one.label,
        "first": one.first,
        "second": one.second,
        "sentence": one.sentence,
        "allowed": None if one.allowed is None else _allowance(one.allowed),
    }


def _allowance(one: Allowance) -> Json:
    until = None if one.until is None else one.until.isoformat()
    return {"stack": one.stack, "path": one.path, "reason": one.reason, "until": until}


def _entry(entry: Entry, pair: Pair) -> Json:
    """One entry of the review; a plan that changes beside its product is no step, and has no fields of one."""
    step = pair.promotion.find(entry.kind, entry.key)
    return {
        "operation": entry.operation,
        "kind": entry.kind,
        "key": entry.key,
        "id": entry.object_id,
        "headline": entry.headline,
        "changed": list(step.changed) if step else [],
        "replacing": list(step.replacing) if step else [],
    }
