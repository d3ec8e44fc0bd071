"""Stacks, outputs and settings as tables, in the words of the CLI."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNITS: Final = (
    ("year", 365 * 86400),
    ("month", 30 * 86400),
    ("week", 7 * 86400),
    ("day", 86400),
    ("hour", 3600),
    ("minute", 60),
    ("second", 1),
)


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Columns two spaces apart; a value of several lines stays within its column."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_row(row, widths) for row in rows)


def _row(row: tuple[str, ...], widths: list[int]) -> str:
    before = "  ".join(text.ljust(width) for text, width in zip(row[:-1], widths, strict=False))
    margin = "\n" + " " * (len(before) + 2)
    return f"{before}  {row[-1].replace(chr(10), margin)}"


def plain(value: Any) -> str:
    """A value as it stands in a line: texts as they are, everything else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def outputs(found: dict[str, Any]) -> str:
    """All outputs of a stack."""
    title = f"Current stack outputs ({len(found)}):"
    if not found:
        return f"{title}\n    No output values currently in this stack"
    rows = [("OUTPUT", "VALUE"), *((key, plain(value)) for key, value in found.items())]
    lines = table(rows).split("\n")
    return "\n".join([title, *(f"    {line}" for line in lines)])


def milliseconds(time: str | None) -> str | None:
    """A time of the state file as ``stack ls --json`` writes it."""
    moment = _moment(time)
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def ago(time: str | None, now: datetime) -> str:
    """How long ago something was."""
    moment = _moment(time)
    if moment is None:
        return "n/a"
    seconds = int((now - moment).total_seconds())
    for unit, length in _UNITS:
        if (count := seconds // length) > 0:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "now"


def _moment(time: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(str(time)).astimezone(UTC)
    except ValueError:
        return None
