"""URNs: the name of a resource in a stack (https://www.pulumi.com/docs/iac/concepts/resources/names/#urns)."""

from __future__ import annotations

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_TYPE_PREFIX = "pulumi:providers:"


def make(stack: str, project: str, parent: str, kind: str, name: str) -> str:
    """Build a URN; every parent type but the stack's is part of it."""
    return f"urn:pulumi:{stack}::{project}::{_parent_prefix(parent)}{kind}::{name}"


def _parent_prefix(parent: str) -> str:
    if not parent or kind_of(parent) == STACK_TYPE:
        return ""
    return f"{qualified_kind_of(parent)}$"


def qualified_kind_of(urn: str) -> str:
    """Return the type with the types of its parents, joined by `$`."""
    return urn.split("::", 3)[2]


def kind_of(urn: str) -> str:
    """Return the type alone."""
    return qualified_kind_of(urn).rsplit("$", 1)[-1]


def name_of(urn: str) -> str:
    """Return the name alone."""
    return urn.split("::", 3)[3]


def stack_urn(stack: str, project: str) -> str:
    """Return the URN of the stack resource itself."""
    return make(stack, project, "", STACK_TYPE, f"{project}-{stack}")


def is_provider(kind: str) -> bool:
    """Tell whether this type is a provider's."""
    return kind.startswith(PROVIDER_TYPE_PREFIX)


def is_default_provider(urn: str) -> bool:
    """Tell whether this is a provider nobody declared."""
    return is_provider(kind_of(urn)) and name_of(urn).startswith("default")


def package_of(kind: str) -> str:
    """Return the package that serves a type: its own name for a provider."""
    return kind.removeprefix(PROVIDER_TYPE_PREFIX) if is_provider(kind) else kind.split(":", 1)[0]


def provider_reference(urn: str, identifier: str) -> str:
    """Build the reference by which a resource names its provider."""
    return f"{urn}::{identifier}"


def split_reference(reference: str) -> tuple[str, str]:
    """Split a provider reference into URN and id."""
    urn, _, identifier = reference.rpartition("::")
    return urn, identifier
