"""What went wrong while a plan was made, one sentence each.

https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from billing_review.reading.urns import Urn
from billing_review.reading.values import masked

_LEAST = frozenset({"preview failed", "update failed", "update canceled", "preview canceled"})
"""What is said of the stack after what is wrong was said of a resource."""


def errors_of(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """The errors among the diagnostics, each once; that the preview failed is said only where nothing says why."""
    said = list(dict.fromkeys(_errors(plan.get("diagnostics"))))
    telling = [sentence for sentence in said if sentence not in _LEAST]
    return tuple(telling or said)


def _errors(diagnostics: Any) -> Iterator[str]:
    for found in diagnostics if isinstance(diagnostics, list) else ():
        if isinstance(found, Mapping) and found.get("severity") == "error" and isinstance(found.get("message"), str):
            sentence = masked(_sentence(found["message"]))
            urn = Urn.of(found.get("urn"))
            is_named = urn is None or urn.kind is None or f"'{urn.name}'" in sentence
            yield sentence if is_named or urn is None else f"{urn.kind} {urn.name}: {sentence}"


def _sentence(message: str) -> str:
    """Without the frames of a traceback, whose first and last lines say it."""
    lines = [line.strip() for line in message.removeprefix("error: ").splitlines() if line.strip()]
    if any(line.startswith("Traceback") for line in lines):
        lines = [lines[0], lines[-1]]
    return " ".join(lines)
