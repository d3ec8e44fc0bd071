"""URNs in words: the kind and the name of a resource. https://www.pulumi.com/docs/iac/concepts/resources/names/."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STACK = "pulumi:pulumi:Stack"


def kind_of(urn: str) -> str:
    """The type of a resource, without those of its parents."""
    parts = urn.split("::")
    return parts[2].rpartition("$")[2] if len(parts) > 3 else ""


def name_of(urn: str) -> str:
    """The name that the program gave."""
    return urn.partition("::")[2].partition("::")[2].partition("::")[2]


def stack_of(urn: str) -> str:
    """The URN of the stack that a resource is part of."""
    stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
    return f"urn:pulumi:{stack}::{project}::{STACK}::{project}-{stack}"


def urns_named(wanted: Iterable[str], known: Sequence[str]) -> list[str]:
    """The URNs that are meant, each once: a name means every resource of that name; an unknown one stays itself."""
    found: dict[str, None] = {}
    for word in wanted:
        named = [] if word.startswith("urn:") else [urn for urn in known if name_of(urn) == word]
        found |= dict.fromkeys(named or [word])
    return list(found)


def short_kind(urn: str) -> str:
    """The last word of the type: Price."""
    return kind_of(urn).rpartition(":")[2]


def label(urn: str) -> str:
    """What a person calls a resource: Price team.monthly."""
    return f"{short_kind(urn)} {name_of(urn)}"
