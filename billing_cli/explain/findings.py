"""What is wrong, or worth knowing, about a stack's settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["problem", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing to say; only problems make the command fail."""

    severity: Severity
    key: str
    """The setting it is about."""
    sentence: str
    line: int | None = None
    """Where the setting is written in the stack's file."""


def problem(key: str, sentence: str) -> Finding:
    """Something that provisioning would refuse, or that does not do what it says."""
    return Finding("problem", key, sentence)


def warning(key: str, sentence: str) -> Finding:
    """Something that works and is dangerous."""
    return Finding("warning", key, sentence)


def note(key: str, sentence: str) -> Finding:
    """Something that does nothing, or more than it seems."""
    return Finding("note", key, sentence)
