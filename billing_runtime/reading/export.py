"""Usage written out row by row, as CSV (https://www.rfc-editor.org/rfc/rfc4180) or JSON: a public format."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Literal, TextIO

from billing_runtime.errors import InvalidInput
from billing_runtime.limits.counting import amount_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing_runtime.reading.history import UsageRow

Format = Literal["csv", "json"]

COLUMNS = ("day", "name", "member", "action", "amount")
VERSION = 1


def write_usage(entity_id: str, rows: Iterable[UsageRow], to: TextIO, kind: Format) -> int:
    """Write every row as it comes; how many there were. Amounts are plain digits, in JSON as strings."""
    if kind == "csv":
        return _csv(rows, to)
    if kind == "json":
        return _json(entity_id, rows, to)
    message = f"The format is 'csv' or 'json', not {kind!r}."
    raise InvalidInput(message)


def _csv(rows: Iterable[UsageRow], to: TextIO) -> int:
    writer, written = csv.writer(to, lineterminator="\n"), 0
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(value or "" for value in _values(row))
        written += 1
    return written


def _json(entity_id: str, rows: Iterable[UsageRow], to: TextIO) -> int:
    written = 0
    to.write(f'{{"version": {VERSION}, "entity_id": {json.dumps(entity_id)}, "usage": [')
    for row in rows:
        to.write(",\n" if written else "\n")
        to.write(json.dumps(dict(zip(COLUMNS, _values(row), strict=True)), ensure_ascii=False))
        written += 1
    to.write("\n]}\n" if written else "]}\n")
    return written


def _values(row: UsageRow) -> tuple[str | None, ...]:
    day = None if row.day is None else row.day.isoformat()
    return day, row.name, row.member, row.action, amount_text(row.amount)
