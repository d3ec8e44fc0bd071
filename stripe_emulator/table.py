"""The documents of one kind: found by id, by place in the order of creation, and by the value of a field."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]

_FEW_HOLES = 1000


class Table:
    """Every look-up costs as much as what it finds, however many documents there are."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        """In the order of creation."""
        self.faces: dict[str, Document] = {}
        """What documents look like to others, where nothing but the document decides; made by who shows them."""
        self._order: list[str] = []  # a removed document leaves its place, which nobody takes again
        self._created: list[int] = []  # when what stands or stood in a place was created
        self._is_in_order = True  # no document was created before the one before it: a clock may be set back
        self._places: dict[str, int] = {}
        self._indexes: dict[str, dict[Any, set[str]]] = {}

    def put(self, identifier: str, document: Document) -> None:
        """Add a document at the end, or replace one where it stands."""
        self._unindex(identifier)
        if identifier not in self._places:
            self._places[identifier] = len(self._order)
            self._order.append(identifier)
            self._note_creation(document)
        self.documents[identifier] = document
        for name, index in self._indexes.items():
            index.setdefault(_value(document, name), set()).add(identifier)

    def remove(self, identifier: str) -> None:
        """Remove a document, if it is there."""
        self._unindex(identifier)
        self.documents.pop(identifier, None)
        self._places.pop(identifier, None)
        if len(self._order) > 2 * len(self._places) + _FEW_HOLES:
            self._close_ranks()

    def with_value(self, name: str, value: Any) -> set[str]:
        """Return the ids of the documents that have this value in this field; the first question makes the index.

        A field written as `word(…)` is a path, and its values are words without regard to case.
        """
        if name not in self._indexes:
            self._indexes[name] = {}
            for identifier, document in self.documents.items():
                self._indexes[name].setdefault(_value(document, name), set()).add(identifier)
        return self._indexes[name].get(value, set())

    def with_part(self, name: str, part: str) -> set[str]:
        """Return the ids of the documents whose word in an index has a part: only different words are looked at."""
        self.with_value(name, part)
        found = (identifiers for value, identifiers in self._indexes[name].items() if value and part in value)
        return set().union(*found)

    def newest_first(self, after: str | None = None, low: int = 0, high: int | None = None) -> Iterator[str]:
        """Walk to the oldest id, from the newest or from the one before another.

        What was created before `low`, or at `high` and later, is passed over where that takes no walk.
        """
        top = self._places[after] if after else len(self._order)
        bottom = 0
        if self._is_in_order:
            bottom = bisect_left(self._created, low)
            top = top if high is None else min(top, bisect_left(self._created, high))
        return self._walk(range(top - 1, bottom - 1, -1))

    def walk_below(self, place: int | None) -> Iterator[tuple[int, str]]:
        """Walk to the oldest id from below a place, or from the newest, with the places."""
        for one in range((len(self._order) if place is None else min(place, len(self._order))) - 1, -1, -1):
            identifier = self._order[one]
            if self._places.get(identifier) == one:
                yield one, identifier

    def oldest_first(self, after: str) -> Iterator[str]:
        """Walk to the newest id, from the one after another."""
        return self._walk(range(self._places[after] + 1, len(self._order)))

    def sorted_newest_first(self, identifiers: set[str]) -> list[str]:
        """Return these ids, newest first."""
        return sorted((one for one in identifiers if one in self._places), key=self._places.__getitem__, reverse=True)

    def place(self, identifier: str) -> int:
        """Return where a document stands: an older one stands before a newer one."""
        return self._places[identifier]

    def _close_ranks(self) -> None:
        """Give the places of removed documents away: a table through which much passes does not grow."""
        kept = [place for place, identifier in enumerate(self._order) if self._places.get(identifier) == place]
        self._order = [self._order[place] for place in kept]
        self._created = [self._created[place] for place in kept]
        self._places = {identifier: place for place, identifier in enumerate(self._order)}

    def _note_creation(self, document: Document) -> None:
        written = document.get("created")
        created = written if isinstance(written, int) else 0  # v2 writes dates, which nobody asks for ranges of
        self._is_in_order = self._is_in_order and (not self._created or self._created[-1] <= created)
        self._created.append(created)

    def _walk(self, places: range) -> Iterator[str]:
        for place in places:
            identifier = self._order[place]
            if self._places.get(identifier) == place:
                yield identifier

    def _unindex(self, identifier: str) -> None:
        self.faces.pop(identifier, None)
        old = self.documents.get(identifier)
        if old is not None:
            for name, index in self._indexes.items():
                index[_value(old, name)].discard(identifier)


def word(*path: str) -> str:
    """Return the name of an index over the words at a path."""
    return _WORD + _BETWEEN.join(path)


def as_word(value: Any) -> str | None:
    """Return a value as it is looked for: a word without regard to case."""
    return None if value is None else str(value).lower()


_WORD, _BETWEEN = "\x00", "\x01"


def _value(document: Document, name: str) -> Any:
    if not name.startswith(_WORD):
        return document.get(name)
    value: Any = document
    for part in name[1:].split(_BETWEEN):
        value = value.get(part) if isinstance(value, dict) else None
    return as_word(value)
