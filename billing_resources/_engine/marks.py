"""Marks: what provisioning writes into Stripe's metadata for itself and for the runtime.

``billing:stack`` and ``billing:key`` say whose an object is. On prices, ``billing:type`` and its companions let the
runtime serve customers of prices that the manifest no longer knows. Marks never show in diffs or in the ``metadata``
output. A mark's value is one word, optionally followed by ``name=value`` words: ``follow minimum=1``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

STACK = "billing:stack"
KEY = "billing:key"
PREFIXES = ("billing:", "limits:", "features:")
BOOKKEEPING = ("_key", "_stack")
"""Inputs that the program does not write: who the resource is, for hosts that are not told."""
UNOWNED: Mapping[str, str] = {STACK: ""}
"""The metadata that gives up ownership: an inactive object without an owner counts as free. Its key stays, so that the
runtime still finds the terms of customers who are on a replaced price."""


@dataclass(frozen=True)
class Mark:
    """A field of ours as metadata: how it is written, and how it is read back from an object."""

    field: str
    write: Callable[[Mapping[str, Any]], dict[str, str]]
    read: Callable[[Mapping[str, str]], Any]


@dataclass(frozen=True)
class Owner:
    """Whose an object is: a stack (``project/stack``) and the key it has there."""

    stack: str
    key: str

    @classmethod
    def of(cls, stripe_object: Mapping[str, Any]) -> Owner | None:
        """The owner that the object's marks name, if any."""
        metadata = stripe_object.get("metadata") or {}
        if not metadata.get(STACK):
            return None
        return cls(metadata[STACK], metadata.get(KEY, ""))

    @property
    def marks(self) -> dict[str, str]:
        """The metadata that says so."""
        return {STACK: self.stack, KEY: self.key}

    def __str__(self) -> str:
        return f"{self.key} of stack {self.stack}"


def is_mark(key: str) -> bool:
    """Whether a metadata key is ours, not the user's."""
    return key.startswith(PREFIXES)


def foreign(metadata: Mapping[str, Any] | None) -> dict[str, Any]:
    """The user's own metadata, without marks."""
    return {key: value for key, value in (metadata or {}).items() if not is_mark(key)}


def words(first: str, rest: Mapping[str, Any]) -> str:
    """One mark's value: a word, then ``name=value`` for each part that is set."""
    return " ".join([first, *(f"{name}={value}" for name, value in rest.items() if value is not None)])


def parsed(value: str) -> tuple[str, dict[str, str]]:
    """The inverse of ``words``."""
    first, *rest = value.split(" ")
    return first, dict(part.split("=", 1) for part in rest if "=" in part)
