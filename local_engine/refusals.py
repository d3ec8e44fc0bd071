"""What the generator refuses, in the CLI's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_engine.errors import StepError

if TYPE_CHECKING:
    from local_engine.provider_answers import CheckFailure
    from local_engine.state import ResourceState
    from local_engine.values import Properties


class RegistrationError(StepError):
    """One registration cannot be carried out; all its problems at once."""

    def __init__(self, urn: str, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.urn = urn
        self.problems = problems


IMPORTED = (
    "previously-imported resources that still specify an ID may not be replaced; please remove the `import` "
    "declaration from your program"
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


def uncreated(urn: str, missing: str) -> str:
    """Say that something is needed which this run was not asked to make."""
    return f"Resource '{urn}' depends on '{missing}' which was was not specified in --target list."


def check_failure(new: ResourceState, failure: CheckFailure, inputs: Properties) -> str:
    """Say what the provider found wrong with an input."""
    if not failure.property:
        return f"{new.kind} resource '{new.name}' has a problem: {failure.reason}"
    value = _shown(inputs[failure.property]) if failure.property in inputs else "{<nil>}"
    return (
        f"{new.kind} resource '{new.name}': property {failure.property} value {value} has a problem: {failure.reason}"
    )


def _shown(value: object) -> str:
    return f"{{{value}}}"
