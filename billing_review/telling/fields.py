"""What is different about an object, field by field, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from billing_review.report import Fact
from billing_review.steps import Args, Step
from billing_review.telling.book import Book
from billing_review.telling.masking import hides
from billing_review.telling.places import Place, at, covers, leaves, place_of
from billing_review.telling.words import cut, quoted, said, small, spelled


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands around a value."""

    args: Args
    book: Book
    place: Place


Show = Callable[[Any, Scene], str]
Said = Callable[[str, str | None, str | None], str | None]


def plain(value: Any, _: Scene) -> str:
    """A value as it is."""
    return said(value)


def became(label: str, old: str | None, new: str | None) -> str:
    """``unit label “seat” → “member”``."""
    name = small(label)
    if old is None:
        return f"{name} set to {quoted(new or '')}"
    if new is None:
        return f"no {name} any more"
    return f"{name} {quoted(old)} → {quoted(new)}"


def counts(label: str, old: str | None, new: str | None) -> str:
    """The same for numbers and names that need no quotes."""
    return became(label, old, new).replace("“", "").replace("”", "")


def rewritten(label: str, old: str | None, new: str | None) -> str:
    """For long texts: only that there is another."""
    how = "added" if old is None else "removed" if new is None else "changed"
    return f"{small(label)} {how}"


def renamed(_: str, old: str | None, new: str | None) -> str:
    """For names, in the headline of what they name."""
    return f"renamed from {quoted(old or 'no name')} to {quoted(new or 'no name')}"


@dataclass(frozen=True, slots=True)
class Field:
    """How one field is told."""

    path: str
    """``recurring.interval``; ``metadata.*`` is every key of a map; empty is the whole object."""
    label: str
    """``{key}`` is the last step of the path, ``{currency}`` the one after currency_options."""
    show: Show = plain
    absent: Any = None
    """What stands there where nothing is written."""
    said: Said = became
    """Its part of the headline; None keeps it out."""
    covers: tuple[str, ...] = ()
    """Other paths that are told by this one as well."""

    @property
    def patterns(self) -> tuple[Place, ...]:
        """The places that it tells."""
        return tuple(place_of(path) for path in (self.path, *self.covers) if path)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that changes."""

    place: Place
    label: str
    old: str | None
    new: str | None
    clause: str | None

    def fact(self, note: str | None = None) -> Fact:
        """The same for the table of a report."""
        old, new = cut(self.old, self.new)
        return Fact(self.label, old, new, note)


def differences(step: Step, fields: Sequence[Field], book: Book, told: Sequence[str] = ()) -> tuple[Difference, ...]:
    """Every field that differs, in the fields' order, then those that nobody foresaw; ``told`` are told elsewhere."""
    found = [different for field in fields for different in _of_field(field, step, book)]
    known = _by_first_step([*(pattern for field in fields for pattern in field.patterns), *map(place_of, told)])
    unforeseen = [
        one for one in _all_leaves(step) if not any(covers(pattern, one) for pattern in known.get(one[0], ()))
    ]
    return (*found, *(d for place in unforeseen for d in _difference(generic(place), place, step, book)))


def _by_first_step(patterns: Sequence[Place]) -> dict[str, list[Place]]:
    """A thousand objects are compared with few patterns each."""
    found: dict[str, list[Place]] = {}
    for pattern in patterns:
        found.setdefault(pattern[0], []).append(pattern)
    return found


def generic(place: Place) -> Field:
    """The telling of a place that no field is declared for."""
    steps = (str(int(step) + 1) if step.isdigit() else step for step in place)
    return Field(".".join(place), spelled(" ".join(steps)), said=counts)


def shown(field: Field, args: Args | None, place: Place, book: Book) -> str | None:
    """A field's value in words; None where it is not there."""
    value = None if args is None else at(args, place)
    if value is None:
        value = field.absent
    return None if value is None or args is None else field.show(value, Scene(args, book, place))


def label_of(field: Field, place: Place) -> str:
    """The field's label at a place."""
    currency = place[place.index("currency_options") + 1].upper() if "currency_options" in place[:-1] else ""
    return field.label.format(key=place[-1] if place else "", currency=currency)


def _of_field(field: Field, step: Step, book: Book) -> Iterator[Difference]:
    for place in places(field, step):
        yield from _difference(field, place, step, book)


def places(field: Field, step: Step) -> list[Place]:
    """The places of a field in an object: one, or one for each key of a map."""
    pattern = place_of(field.path)
    if "*" not in pattern:
        return [pattern]
    before, after = pattern[: pattern.index("*")], pattern[pattern.index("*") + 1 :]
    maps = [at(args, before) or {} for args in (step.new, step.old) if args is not None]
    return [(*before, key, *after) for key in dict.fromkeys(str(key) for one in maps for key in one)]


def _difference(field: Field, place: Place, step: Step, book: Book) -> Iterator[Difference]:
    one_sided = step.old is None or step.new is None
    if one_sided and place and at(step.args, place) in (None, field.absent):
        return
    old, new = shown(field, step.old, place, book), shown(field, step.new, place, book)
    if old == new and not _hidden(old, step, place):
        return
    label = label_of(field, place)
    clause = _hidden_clause(label) if old == new else field.said(label, old, new)
    yield Difference(place, label, old, new, clause)


def _hidden(text: str | None, step: Step, place: Place) -> bool:
    """Two different secrets look the same when they are hidden."""
    return text is not None and hides(text) and any(covers(place, place_of(path)) for path in step.changed)


def _hidden_clause(label: str) -> str:
    return f"{small(label)} changed"


def _all_leaves(step: Step) -> list[Place]:
    sides = [args for args in (step.old, step.new) if args is not None]
    return list(dict.fromkeys(place for args in sides for place in leaves(args)))
