"""The SQL beside this module: migrations by number, queries by name."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_NAMED = re.compile(r"^-- name: (\w+)\n(.*?);\s*$", re.MULTILINE | re.DOTALL)


@cache
def queries() -> dict[str, str]:
    """Every query of queries.sql by its name."""
    return dict(_NAMED.findall(_text("queries.sql")))


@cache
def migrations() -> list[list[str]]:
    """The statements of 001_….sql, 002_….sql and so on, in order; a released one is never edited."""
    folder = resources.files("billing_runtime._store")
    names = sorted(file.name for file in folder.iterdir() if re.match(r"\d{3}_.*\.sql$", file.name))
    return [_statements(_text(name)) for name in names]


def _text(name: str) -> str:
    return resources.files("billing_runtime._store").joinpath(name).read_text(encoding="utf-8")


def _statements(text: str) -> list[str]:
    without_comments = re.sub(r"--.*", "", text)
    return [statement.strip() for statement in without_comments.split(";") if statement.strip()]
