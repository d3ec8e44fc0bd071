"""Differences that are meant: what a stack's ``billing:allowedDifferences`` says, and what it cannot mean."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from billing_review.parity.sections import KINDS, SECTIONS, path_of

SETTING = "billing:allowedDifferences"
_FIELDS = ("path", "object", "reason", "until")


@dataclass(frozen=True)
class Allowance:
    """One difference, or all of an object or a section, that a stack is meant to have."""

    stack: str
    """The stack whose settings say so: it holds between that one and any other."""
    path: str
    """``prices.team.monthly.unit_amount``; an asterisk stands for anything, and what lies within is meant as well."""
    reason: str
    until: date | None = None
    """The last day on which it holds."""

    def has_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until is not None and today > self.until

    def covers(self, path: str) -> bool:
        """Whether it is about this path."""
        return self._pattern.fullmatch(path) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.path).replace(r"\*", ".*") + r"(?:[.\[].*)?")


def read_allowances(stack: str, written: Any) -> tuple[tuple[Allowance, ...], tuple[str, ...]]:
    """The allowances that a stack's settings hold, and every problem of how they are written."""
    if written is None:
        return (), ()
    if not isinstance(written, list):
        return (), (f"{SETTING} takes a list: entries with a path or an object, and a reason",)
    found: list[Allowance] = []
    problems: list[str] = []
    for index, entry in enumerate(written):
        place = f"{SETTING}[{index}]"
        faults = list(_faults(entry))
        problems += [f"{place} {fault}" for fault in faults]
        if not faults:
            found.append(Allowance(stack, _path(entry), entry["reason"].strip(), day(entry.get("until"))))
    return tuple(found), tuple(problems)


def unknown(allowance: Allowance, paths: Iterable[str]) -> str | None:
    """What to say of an allowance that covers nothing of what there is; None where it covers something."""
    known = list(dict.fromkeys(paths))
    if any(allowance.covers(path) for path in known):
        return None
    near = difflib.get_close_matches(allowance.path, known, n=1)
    hint = f", did you mean {near[0]}?" if near else ""
    return f"{SETTING} of stack {allowance.stack} allows {allowance.path}, and there is no such thing{hint}"


def _faults(entry: Any) -> Iterable[str]:
    if not isinstance(entry, Mapping):
        yield "takes a path or an object, and a reason"
        return
    for name in entry:
        if name not in _FIELDS:
            near = difflib.get_close_matches(str(name), _FIELDS, n=1)
            yield f"knows no {name!r}{f', did you mean {near[0]}?' if near else ': it takes ' + ', '.join(_FIELDS)}"
    yield from _faults_of_place(entry)
    reason = entry.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        yield "has no reason: say why this stack is meant to differ"
    if entry.get("until") is not None and day(entry["until"]) is None:
        yield "has an until that is no date: write the last day, 2027-01-31"


def _faults_of_place(entry: Mapping[str, Any]) -> Iterable[str]:
    path, object_ = entry.get("path"), entry.get("object")
    if (path is None) == (object_ is None):
        yield "names both a path and an object: one of them is enough" if path else "names neither a path nor an object"
        return
    if path is not None:
        section = str(path).split(".", maxsplit=1)[0]
        if not isinstance(path, str) or (section not in KINDS and "*" not in section):
            yield f"has a path that begins with no section{_near(section, KINDS)}"
        return
    kind = str(object_).split(" ", maxsplit=1)[0]
    if not isinstance(object_, str) or not re.fullmatch(r"\w+ \S+", object_):
        yield "names an object that is none: write its kind and its key, Price team.monthly"
    elif kind not in SECTIONS:
        yield f"names an object of no kind{_near(kind, SECTIONS)}"


def _near(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(name, names, n=2)
    return f", did you mean {' or '.join(near)}?" if near else f": there are {', '.join(names)}"


def _path(entry: Mapping[str, Any]) -> str:
    if entry.get("path") is not None:
        return str(entry["path"])
    kind, _, key = str(entry["object"]).partition(" ")
    return path_of(kind, key)


def day(value: Any) -> date | None:
    """A day, as YAML reads it or as it is quoted; None where it is none."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
