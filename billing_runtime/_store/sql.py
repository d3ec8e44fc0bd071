"""The SQL beside this module: migrations by number, queries by name, and what a backend writes in its own way.

`queries/postgresql/` and `migrations/postgresql/` hold what PostgreSQL needs said differently, under the same names.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Dialect = Literal["sqlite", "postgresql"]

_NAMED = re.compile(r"^-- name: (\w+)\n(.*?);\s*$", re.MULTILINE | re.DOTALL)
_INSERT = re.compile(r"^\s*(INSERT INTO (\w+) \([^)]*\))\s*VALUES \((.*?)\)(\s*ON CONFLICT.*|\s*)$", re.DOTALL)
_PLACE = re.compile(r"(?<!:):([a-z_]+)\b")


@cache
def queries(dialect: Dialect = "sqlite") -> dict[str, str]:
    """Every query by its name, as the backend's driver takes it."""
    found: dict[str, str] = {}
    for file in _files("queries", dialect).values():
        found |= dict(_NAMED.findall(file.read_text(encoding="utf-8")))
    return found if dialect == "sqlite" else {name: _for_psycopg(text) for name, text in found.items()}


@cache
def numbered(query: str, names: tuple[str, ...]) -> str:
    """A query of SQLite's with numbers in the place of names: those of the scope first, then these."""
    places = {name: number for number, name in enumerate(("account", "livemode", *names), start=1)}
    return _PLACE.sub(lambda found: f"?{places[found[1]]}", queries()[query])


@cache
def of_rows(query: str) -> str | None:
    """An INSERT of PostgreSQL's for all rows at once, as JSON; None for anything else.

    The row's names must be those of columns, which have the types; account and livemode are those of the scope.
    """
    found = _INSERT.search(queries("postgresql")[query])
    if found is None:
        return None
    head, table, values, tail = found.groups()
    own = re.sub(r"%\((?!account\)|livemode\))(\w+)\)s", r"given.\1", values)
    rows = f"json_populate_recordset(CAST(NULL AS {table}), CAST(%(rows)s AS json)) AS given"
    return f"{head} SELECT {own} FROM {rows} {tail}"  # noqa: S608 - from our own files


@cache
def migrations(dialect: Dialect = "sqlite") -> list[list[str]]:
    """The statements of 001_….sql, 002_….sql and so on, in order; a released one is never edited."""
    files = _files("migrations", dialect)
    return [_statements(files[name].read_text(encoding="utf-8"), dialect) for name in sorted(files)]


def _files(folder: str, dialect: Dialect) -> dict[str, Traversable]:
    """The SQL files by name; for queries a dialect adds its own, for migrations it replaces those of the same name."""
    top = resources.files("billing_runtime._store").joinpath(folder)
    own = top.joinpath(dialect)
    found = {file.name: file for file in top.iterdir() if file.name.endswith(".sql")}
    if own.is_dir():
        special = {file.name: file for file in own.iterdir() if file.name.endswith(".sql")}
        found |= special if folder == "migrations" else {f"~{name}": file for name, file in special.items()}
    return dict(sorted(found.items()))


def _statements(text: str, dialect: Dialect) -> list[str]:
    plain = re.sub(r"--.*", "", text)
    if dialect == "postgresql":
        plain = re.sub(r"\bINTEGER\b", "BIGINT", plain)  # SQLite's are 64 bits wide
    return [statement.strip() for statement in plain.split(";") if statement.strip()]


def _for_psycopg(text: str) -> str:
    """The named places as psycopg writes them; the sentence at the head goes, for it may hold anything."""
    body = re.sub(r"--.*", "", text).replace("%", "%%")
    return _PLACE.sub(r"%(\1)s", body)
