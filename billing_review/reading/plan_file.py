"""The text of `pulumi preview --json` as a dict, or one sentence about what it is instead.

https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from billing_review.errors import UnreadablePlan

MOST_MEBIBYTES = 256
"""The largest plan that is read: 50 times one of 1,000 objects."""
_OTHERS = (
    ("terraform_version", "a plan of Terraform"),
    ("resource_changes", "a plan of Terraform"),
    ("planned_values", "a plan of Terraform"),
    ("sequence", "a line of engine events, as `pulumi up --json` prints them"),
    ("deployment", "a stack's state, as `pulumi stack export` prints it"),
    ("checkpoint", "a stack's state file"),
    ("catalog_digest", "a manifest"),
    ("findings", "a review already"),
    ("resources", "a file of imports or a state"),
)
"""What is mistaken for a plan, by a key that only it has."""
_EVENTS = "the engine events of `pulumi up --json` or of a streaming preview"


def load(found: str | bytes, name: str) -> dict[str, Any]:
    """The plan as it was printed; numbers with decimals are Decimals.

    Raises UnreadablePlan with what it is instead.
    """
    text = _text(found, name)
    if not text.strip():
        raise UnreadablePlan.empty(name)
    plan = _parsed(text, name)
    if not isinstance(plan, dict):
        raise UnreadablePlan.another(name, _shape(plan))
    if not isinstance(plan.get("steps", []), list) or not _is_plan(plan):
        raise UnreadablePlan.another(name, _what(plan))
    return plan


def _text(found: str | bytes, name: str) -> str:
    if len(found) > MOST_MEBIBYTES * 2**20:
        raise UnreadablePlan.too_big(name, MOST_MEBIBYTES)
    if isinstance(found, str):
        return found.removeprefix("\ufeff")
    if found.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadablePlan.not_text(
            name, " but UTF-16, as PowerShell's > writes it; there, add | Out-File -Encoding utf8"
        )
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadablePlan.not_text(name) from None


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _not_json(text, name, error) from None
    except RecursionError:
        raise UnreadablePlan.another(name, "JSON nested deeper than any plan") from None
    except ValueError:
        raise UnreadablePlan.another(name, "JSON with numbers that are none, such as NaN,") from None


def _no_number(_: str) -> Any:
    raise ValueError


def _not_json(text: str, name: str, error: json.JSONDecodeError) -> UnreadablePlan:
    if error.msg == "Extra data":
        first = json.JSONDecoder().raw_decode(text.lstrip())[0]
        is_events = isinstance(first, dict) and ("sequence" in first or '"sequence"' in text[error.pos :])
        return UnreadablePlan.another(name, _EVENTS if is_events else "several JSON documents")
    begins = text.lstrip()[:1]
    if begins in {"{", "["} and _ends_early(text, error):
        return UnreadablePlan.cut(name, text.rstrip().count("\n") + 1)
    return UnreadablePlan.not_json(name, error.lineno, error.colno)


def _ends_early(text: str, error: json.JSONDecodeError) -> bool:
    """Whether it would go on: what is wrong stands at its end, or is a text that nothing closes."""
    rest = text[error.pos :].strip()
    return (
        not rest
        or error.msg.startswith("Unterminated string")
        or rest in {"t", "tr", "tru", "-"}
        or "false".startswith(rest)
        or "null".startswith(rest)
    )


def _shape(found: Any) -> str:
    return "a JSON array" if isinstance(found, list) else "a single JSON value"


def _is_plan(plan: Mapping[str, Any]) -> bool:
    """A preview that failed before its first step has no steps, but a summary and its diagnostics."""
    if "terraform_version" in plan:
        return False
    return "steps" in plan or {"changeSummary", "duration"} <= plan.keys()


def _what(plan: Mapping[str, Any]) -> str:
    if any(key.endswith("Event") for key in plan):
        return _EVENTS
    return next((what for key, what in _OTHERS if key in plan), "a JSON object without steps")
