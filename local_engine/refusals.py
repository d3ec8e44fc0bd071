"""What the generator refuses, in the CLI's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_engine import urns
from local_engine.errors import StepError
from local_engine.values import tidy_number

if TYPE_CHECKING:
    from local_engine.diffs import Diff
    from local_engine.provider_answers import CheckFailure
    from local_engine.state import ResourceState
    from local_engine.values import Properties


class RegistrationError(StepError):
    """One registration cannot be carried out; all its problems at once."""

    def __init__(self, urn: str, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.urn = urn
        self.problems = problems


_IMPORTED = (
    "previously-imported resources that still specify an ID may not be replaced; please remove the `import` "
    "declaration from your program;\n"
)


def protected(urn: str, why: str = "") -> str:
    """Say that a protected resource is not replaced."""
    return (
        f'unable to replace resource "{urn}"{why}\nas it is currently marked for protection. To unprotect the '
        "resource, remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`"
    )


def untargeted(urn: str) -> str:
    """Say that a deletion would take more than was asked for."""
    return (
        f"Resource '{urn}' will be destroyed but was not specified in --target list.\n"
        "Either include resource in --target list or pass --target-dependents to proceed."
    )


def unknown_target(urn: str) -> str:
    """Say that what was asked for is neither in the program nor in the state, as an update does."""
    forgotten = "" if "$" in urn else " Did you forget to escape $ in your shell?"
    return f"Target '{urn}' could not be found in the stack.{forgotten}"


def unknown_targets(missing: list[str]) -> str:
    """Say that what was asked for is not in the state, before anything starts."""
    return "\n".join(f"no resource named '{urn}' found" for urn in missing)


def uncreated(urn: str, missing: str) -> str:
    """Say that something is needed which this run was not asked to make."""
    return f"Resource '{urn}' depends on '{missing}' which was was not specified in --target list."


def check_failure(new: ResourceState, failure: CheckFailure, inputs: Properties) -> str:
    """Say what the provider found wrong with an input."""
    if not failure.property:
        return f"{new.kind} resource '{new.name}' has a problem: {failure.reason}"
    value = _shown(inputs.get(failure.property))
    return (
        f"{new.kind} resource '{new.name}': property {failure.property} value {value} has a problem: {failure.reason}"
    )


def imported(diff: Diff, before: Properties, after: Properties) -> str:
    """Say that what was imported is not replaced as long as the program names its id."""
    return _IMPORTED + "\n".join(
        f"{key}: {_shown(before.get(key))} => {_shown(after.get(key))}" for key in diff.replaces
    )


def imported_inputs(new: ResourceState) -> str:
    """Say that the provider does not like what it has read itself."""
    return (
        "One or more imported inputs failed to validate. This is almost certainly a bug in the "
        f"`{urns.package_of(new.kind)}` provider. The import will still proceed."
    )


def imported_twice(identifier: str, other: ResourceState) -> str:
    """Say that one object would have two owners."""
    return (
        f"'{identifier}' is in this stack already, as '{other.name}': two resources for one object overwrite each "
        "other; remove one of them from the state."
    )


def _shown(value: object) -> str:
    return "{<nil>}" if value is None else f"{{{tidy_number(value)}}}"
