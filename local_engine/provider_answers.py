"""What providers answer, in the engine's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_engine.diffs import Diff
from local_engine.errors import StepError
from local_engine.wire import from_struct

if TYPE_CHECKING:
    from collections.abc import Collection

    from local_engine.values import Properties

_CHANGES: dict[int, Any] = {0: "unknown", 1: "none", 2: "some"}
_KINDS = {0: "add", 1: "add-replace", 2: "delete", 3: "delete-replace", 4: "update", 5: "update-replace"}


@dataclass(frozen=True)
class CheckFailure:
    """One reason why inputs are refused."""

    property: str
    reason: str


@dataclass(frozen=True)
class ReadResult:
    """What a provider found; no id means that nothing is there."""

    id: str
    outputs: Properties | None
    inputs: Properties | None
    problems: list[str]


def checked(answer: Any, news: Properties) -> tuple[Properties, list[CheckFailure]]:
    """Read the answer of a check; refused inputs stay as they were."""
    failures = [CheckFailure(failure.property, failure.reason) for failure in answer.failures]
    return (
        (from_struct(answer.inputs) if answer.HasField("inputs") else {}, failures)
        if not failures
        else (news, failures)
    )


def differs(answer: Any) -> Diff:
    """Read the answer of a comparison."""
    detailed = None
    _understand("changes", answer.changes, _CHANGES)
    if answer.hasDetailedDiff:
        for path, detail in answer.detailedDiff.items():
            _understand(f"the kind of change of '{path}'", detail.kind, _KINDS)
        detailed = {
            path: {"kind": _KINDS[detail.kind], "inputDiff": detail.inputDiff}
            for path, detail in sorted(answer.detailedDiff.items())
        }
    return Diff(
        changes=_CHANGES[answer.changes],
        replaces=list(answer.replaces),
        keys=list(answer.diffs),
        detailed=detailed,
        delete_before_replace=answer.deleteBeforeReplace,
        stables=list(answer.stables),
    )


def _understand(what: str, number: int, known: Collection[int]) -> None:
    if number not in known:
        raise StepError(
            f"the provider host answered Diff with {what} as {number}, which means nothing here; it speaks a newer "
            "version of the protocol."
        )
