"""Stripe's search query language: clauses of field, operator and value, all of which hold, or any.

https://docs.stripe.com/search#search-query-language
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stripe_emulator.errors import search as errors

MOST_CLAUSES = 10

_CLAUSE = re.compile(
    r"""\s*(?P<not>-?)
    (?P<field>[A-Za-z_][\w.]*)
    (?:\[(?P<key>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\])?
    (?P<operator>:|~|>=|<=|>|<|=)
    (?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"'\[\]()]+)
    (?=\s|$)""",
    re.VERBOSE,
)
_JOIN = re.compile(r"\s+(?:(and|or)\s+(?=\S))?", re.IGNORECASE)


@dataclass(frozen=True)
class Clause:
    """One condition; a value of None is `null`: the field has no value."""

    field: str
    key: str | None  # of metadata
    operator: str
    value: str | None
    is_negated: bool


@dataclass(frozen=True)
class Query:
    """What is searched for."""

    clauses: tuple[Clause, ...]
    is_any: bool  # one clause is enough


def parse(text: str) -> Query:
    """Read a query, or answer 400."""
    clauses, joins, place = [], set(), 0
    text = text.strip()
    while place < len(text):
        found = _CLAUSE.match(text, place)
        if found is None:
            raise errors.not_parsed()
        clauses.append(_clause(found))
        join = _JOIN.match(text, found.end())
        place = join.end() if join else len(text)
        if join:
            joins.add((join[1] or "and").lower())
    if not clauses:
        raise errors.not_parsed()
    if len(joins) > 1:
        raise errors.mixed()
    if len(clauses) > MOST_CLAUSES:
        raise errors.too_many_clauses(MOST_CLAUSES)
    return Query(tuple(clauses), joins == {"or"})


def _clause(found: re.Match[str]) -> Clause:
    value = found["value"]
    is_quoted = value[0] in "\"'"
    key = _unquoted(found["key"]) if found["key"] else None
    said = None if value.lower() == "null" and not is_quoted else _unquoted(value)
    operator = ":" if found["operator"] == "=" else found["operator"]
    return Clause(found["field"], key, operator, said, found["not"] == "-")


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text[0] in "\"'" else text
