"""A fix: what to write instead, in words, and as an edit where it is mechanical."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A stretch of a file; lines and columns count from 1, the end is where what follows begins."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Edit:
    """Put the replacement where the span is."""

    span: Span
    replacement: str


@dataclass(frozen=True)
class Fix:
    """What to do about a problem."""

    text: str
    edit: Edit | None = None
