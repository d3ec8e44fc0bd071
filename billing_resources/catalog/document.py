"""A YAML 1.2 file as plain data that remembers where each value was written. https://yaml.org/spec/1.2.2/"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.resolver import VersionedResolver

from billing_resources._engine.validation import Place
from billing_resources.catalog.problems import InvalidCatalog, Problem

_ESCAPES = (AttributeError, KeyError, RecursionError, TypeError, ValueError)
"""What ruamel lets through besides its own errors, for input that no person writes."""
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
Spot = tuple[int, int]
"""A line and a column, counted from 1."""


@dataclass(frozen=True)
class Document:
    """The data of one file, the spots of its values, and what was wrong with the file as YAML."""

    name: str
    data: Any
    spots: Mapping[Place, Spot]
    problems: tuple[Problem, ...] = ()

    def spot(self, place: Place) -> Spot:
        """Where the value was written; for one that is not there, what is nearest around it."""
        around = (place[:length] for length in range(len(place), -1, -1))
        return next((self.spots[outer] for outer in around if outer in self.spots), (1, 1))

    def problem(self, place: Place, sentence: str) -> Problem:
        """A problem at a place of this file."""
        return Problem(self.name, sentence, place, *self.spot(place))


def read_document(path: str | Path) -> Document:
    """Read a file; raises InvalidCatalog when it cannot be read as YAML at all."""
    name = Path(path).as_posix()
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InvalidCatalog(name, [Problem(name, "there is no such file")]) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error.strerror)
        raise InvalidCatalog(name, [Problem(name, f"cannot be read: {reason}")]) from None
    return parse(text, name)


def parse(text: str, name: str) -> Document:
    """Read YAML text; raises InvalidCatalog when it is broken."""
    reader = YAML(typ="rt", pure=True)
    reader.Constructor = _KeepsDuplicates
    reader.Resolver = _DatesAreText
    try:
        loaded = reader.load(text)
    except (YAMLError, *_ESCAPES) as error:
        raise InvalidCatalog(name, [_broken(error, name)]) from None
    reading = _Reading()
    data = reading.plain(loaded, ())
    bare = Document(name, data, reading.spots)
    found = [Problem(name, sentence, (), *spot) for spot, sentence in reader.constructor.duplicates]
    found += [bare.problem(place, sentence) for place, sentence in reading.problems]
    return Document(name, data, reading.spots, tuple(found))


class _DatesAreText(VersionedResolver):
    """Dates are text, as YAML 1.2 has it and editors read it; ruamel makes dates of them in every version."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """The tag of a value that is written without one."""
        found = super().resolve(kind, value, implicit)
        return self.DEFAULT_SCALAR_TAG if str(found) == _TIMESTAMP else found


class _KeepsDuplicates(RoundTripConstructor):
    """Notes every key that is written twice, instead of stopping at the first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duplicates: list[tuple[Spot, str]] = []

    def check_mapping_key(self, node: Any, key_node: Any, mapping: Any, key: Any, value: Any) -> bool:
        """Whether the key is new in its mapping."""
        del node, value
        if key not in mapping:
            return True
        mark = key_node.start_mark
        before = mapping.lc.key(key)[0] + 1 if key in (mapping.lc.data or {}) else None
        since = f", first in line {before}" if before else ""
        self.duplicates.append(((mark.line + 1, mark.column + 1), f"{key} is written twice here{since}: keep one"))
        return False


@dataclass
class _Reading:
    """Turns ruamel's tree into dicts, lists and scalars of JSON."""

    spots: dict[Place, Spot] = field(default_factory=lambda: {(): (1, 1)})
    problems: list[tuple[Place, str]] = field(default_factory=list)
    _around: list[int] = field(default_factory=list)

    def plain(self, value: Any, place: Place) -> Any:
        """The value as JSON has it."""
        if not isinstance(value, (CommentedMap, CommentedSeq)):
            return self._scalar(value, place)
        if id(value) in self._around:
            return self._refused(place, "contains itself: an alias must not point at what it stands in")
        self._around.append(id(value))
        result = self._mapping(value, place) if isinstance(value, CommentedMap) else self._sequence(value, place)
        self._around.pop()
        return result

    def _mapping(self, value: CommentedMap, place: Place) -> dict[str, Any]:
        result = {}
        for key, part in value.items():
            inner = (*place, key if isinstance(key, str) else str(key))
            if key in (value.lc.data or {}):
                self.spots[inner] = _one_based(value.lc.key(key))
            if not isinstance(key, str):
                self._refused(inner, "is no name: put keys that are not words into quotes")
            result[str(key)] = self.plain(part, inner)
        return result

    def _sequence(self, value: CommentedSeq, place: Place) -> list[Any]:
        for index in range(len(value)):
            self.spots[*place, index] = _one_based(value.lc.item(index))
        return [self.plain(part, (*place, index)) for index, part in enumerate(value)]

    def _scalar(self, value: Any, place: Place) -> Any:
        if value is None or isinstance(value, bool):
            return value
        for plain in (int, float, str):
            if isinstance(value, plain):
                return plain(value)
        return self._refused(place, "is read as a type of its own: put it into quotes")

    def _refused(self, place: Place, sentence: str) -> None:
        self.problems.append((place, sentence))


def _one_based(spot: tuple[int, int]) -> Spot:
    return spot[0] + 1, spot[1] + 1


def _broken(error: Exception, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = _said(error) if isinstance(error, MarkedYAMLError) else "it cannot be read"
    advice = "; indent with spaces, not with tabs" if "'\\t'" in said or "\t" in said else ""
    spot = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return Problem(name, f"is not valid YAML: {said}{advice}", (), *spot)


def _said(error: MarkedYAMLError) -> str:
    problem = str(error.problem or "it cannot be read")
    return f"{error.context} {problem}" if problem.startswith("but ") else problem
