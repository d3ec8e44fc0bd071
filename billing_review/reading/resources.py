"""The steps of a plan, as what they say of one resource. https://www.pulumi.com/docs/iac/concepts/resources/"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from billing_review.errors import UnreadablePlan
from billing_review.reading.urns import STACK, Urn

CLI = "3.260"
"""The version of the Pulumi CLI whose operations these are."""
CHANGES = frozenset(
    {"same", "create", "update", "delete", "replace", "create-replacement", "import", "import-replacement"}
)
LOOKS = frozenset({"refresh"})
PASSED_OVER = frozenset(
    {"read", "read-replacement", "discard", "discard-replaced", "remove-pending-replace", "delete-replaced", "diff"}
)
"""What is only read, and the second halves of what another step says already."""
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """A resource as it was or as it will be."""

    urn: Urn
    id: str | None
    inputs: Json
    outputs: Json
    depends: Mapping[str, tuple[tuple[str, str], ...]]
    """Which of our objects each input comes from, by kind and name."""
    plan: str | None
    """The plan component it is in."""
    imported: str | None = None
    """The id that is imported."""


@dataclass(frozen=True, slots=True)
class RawStep:
    """One step as the engine printed it."""

    operation: str
    urn: Urn
    old: State | None
    new: State | None
    paths: Mapping[str, Mapping[str, Any]]
    """detailedDiff: changed paths, each with its ``kind`` and ``inputDiff``; empty from hosts that do not say."""
    reasons: tuple[str, ...]
    """replaceReasons: fields that make a new object."""
    is_detailed: bool


def steps_of(plan: Json, name: str) -> tuple[RawStep, ...]:
    """Every step, in the plan's order; raises UnreadablePlan at one that cannot be understood."""
    return tuple(_step(found, number, name) for number, found in enumerate(plan.get("steps") or [], 1))


def states_of(resources: Iterable[Any]) -> Iterator[State]:
    """The resources of an exported state that are alive."""
    for found in resources:
        if isinstance(found, Mapping) and not found.get("delete"):
            state = _state(found, None)
            if state is not None:
                yield state


def _step(found: Any, number: int, name: str) -> RawStep:
    if not isinstance(found, Mapping):
        raise UnreadablePlan.step(name, number, "is no object")
    operation, urn = found.get("op"), Urn.of(found.get("urn"))
    if not isinstance(operation, str):
        raise UnreadablePlan.step(name, number, "does not say what is done (op)")
    if operation not in CHANGES | LOOKS | PASSED_OVER:
        raise UnreadablePlan.unknown_operation(name, number, operation, CLI)
    if urn is None:
        raise UnreadablePlan.step(name, number, "does not say of which resource it is (urn)")
    paths, reasons = found.get("detailedDiff"), found.get("replaceReasons")
    return RawStep(
        operation,
        urn,
        _state(found.get("oldState"), urn),
        _state(found.get("newState"), urn),
        {path: _object(change) for path, change in _object(paths).items()},
        tuple(str(one) for one in reasons) if isinstance(reasons, list) else (),
        is_detailed=isinstance(paths, Mapping) and bool(paths),
    )


def _state(found: Any, urn: Urn | None) -> State | None:
    known = urn or (Urn.of(found.get("urn")) if isinstance(found, Mapping) else None)
    if not isinstance(found, Mapping) or known is None:
        return None
    object_id, imported = found.get("id"), found.get("importID")
    return State(
        known,
        object_id if isinstance(object_id, str) and object_id else None,
        _object(found.get("inputs")),
        _object(found.get("outputs")),
        {key: tuple(_named(urns)) for key, urns in _object(found.get("propertyDependencies")).items()},
        _plan_above(found.get("parent")),
        imported if isinstance(imported, str) else None,
    )


def _named(urns: Any) -> Iterator[tuple[str, str]]:
    for text in urns if isinstance(urns, list) else ():
        urn = Urn.of(text)
        if urn is not None and urn.named is not None:
            yield urn.named


def _plan_above(parent: Any) -> str | None:
    urn = Urn.of(parent)
    return urn.name if urn is not None and urn.type == "billing:index:Plan" else None


def _object(found: Any) -> Json:
    return found if isinstance(found, Mapping) else {}


def stack_outputs(steps: Iterable[RawStep]) -> Json:
    """What the stack says of itself before the change; its manifest names every object and its id."""
    stacks = (step for step in steps if step.urn.type == STACK and step.old is not None)
    return next((step.old.outputs for step in stacks if step.old is not None), {})
