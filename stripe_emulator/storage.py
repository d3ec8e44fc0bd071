"""Where objects are kept: in memory, and in a data file before a request is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.agenda import DUE, Agenda
from stripe_emulator.data_file import VERSION, Address, DataFile, Document, Kept, Soon
from stripe_emulator.delivery.outbox import Outbox
from stripe_emulator.delivery.record import DELIVERY
from stripe_emulator.late import Late
from stripe_emulator.table import Table

if TYPE_CHECKING:
    from pathlib import Path


def copied(document: Document) -> Document:
    """Return a copy that shares nothing with a document, which holds what JSON can hold."""
    return {name: _copied(value) if type(value) in (dict, list) else value for name, value in document.items()}


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return copied(value)
    return [_copied(element) if type(element) in (dict, list) else element for element in value]


class Storage:
    """Every document of every scope; changes come in through a transaction and stay, or do not happen."""

    def __init__(self, path: Path | None = None) -> None:
        self._tables: dict[tuple[str, str], Table] = {}
        self.agenda = Agenda()
        self.late = Late()
        self.outbox = Outbox()
        self._file = None if path is None else DataFile(path)
        if self._file is not None:
            for scope, kind, identifier, document in self._file.read():
                self._take((scope, kind, identifier), document)

    def is_older(self) -> bool:
        """Say whether an older emulator wrote the data file."""
        return self._file is not None and self._file.version < VERSION

    def mark(self) -> None:
        """Write down that everything in the data file has today's form."""
        if self._file is not None:
            self._file.mark()

    def write_with(self, soon: Soon) -> None:
        """Write by turns of a loop: who changes something in one turn shares its write with the others."""
        if self._file is not None:
            self._file.soon = soon

    def when_kept(self, tell: Kept) -> None:
        """Call back when everything that changed so far is on disk; with False if it cannot be written."""
        if self._file is None:
            tell(True)
        else:
            self._file.when_kept(tell)

    def table(self, scope: str, kind: str) -> dict[str, Document]:
        """Return id -> document in the order of creation; readers leave it as it is."""
        return self.rows(scope, kind).documents

    def rows(self, scope: str, kind: str) -> Table:
        """Return the documents with their order and their indexes; readers leave them as they are."""
        return self._tables.get((scope, kind)) or Table()

    def scopes(self, kind: str) -> list[str]:
        """Return the accounts and modes that ever had an object of a kind."""
        return [scope for scope, other in self._tables if other == kind]

    def kinds(self) -> list[str]:
        """Return the kinds of what is kept."""
        return list(dict.fromkeys(kind for _, kind in self._tables))

    def apply(self, changes: dict[Address, Document | None]) -> None:
        """Make changes visible, and on their way to the disk: nobody is told of them before they are there."""
        for address, document in changes.items():
            self._take(address, document)
        if self._file is not None:
            self._file.write(changes)

    def dump(self) -> list[list[Any]]:
        """Return every document with its address, oldest first within its kind."""
        return [
            [scope, kind, identifier, document]
            for (scope, kind), table in self._tables.items()
            for identifier, document in table.documents.items()
        ]

    def clear(self) -> None:
        """Forget everything."""
        self._tables.clear()
        self.agenda.clear()
        self.late.lag(0)
        self.outbox.clear()
        if self._file is not None:
            self._file.empty()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _take(self, address: Address, document: Document | None) -> None:
        scope, kind, identifier = address
        table = self._tables.get((scope, kind))
        if table is None:
            table = self._tables[scope, kind] = Table()
        if kind == DUE:
            self.agenda.note(scope, identifier, document)
        elif kind == DELIVERY:
            self.outbox.note(scope, identifier, document)
        if document is None:
            table.remove(identifier)
        else:
            table.put(identifier, document)


class Transaction:
    """What one request reads and changes: visible to itself at once, to others when it is committed."""

    def __init__(self, storage: Storage, scope: str) -> None:
        self._storage = storage
        self.scope = scope
        self.changes: dict[Address, Document | None] = {}
        self.shown: dict[int, tuple[Document, Document]] = {}
        """What documents look like to others, by the document's identity, for as long as nothing changes."""
        self.announced: list[tuple[str, Document]] = []
        """Events that follow from no change: their type and the object they show."""

    def get(self, kind: str, identifier: str) -> Document | None:
        """Return a copy of a document, or None."""
        document = self.peek(kind, identifier)
        return None if document is None else copied(document)

    def peek(self, kind: str, identifier: str) -> Document | None:
        """Return a document itself, or None; for reading only."""
        address = (self.scope, kind, identifier)
        return self.changes[address] if address in self.changes else self._committed(kind).get(identifier)

    def rows(self, kind: str) -> Table:
        """Return the documents of a kind as they were before this request, with their order and indexes."""
        return self._storage.rows(self.scope, kind)

    def put(self, kind: str, identifier: str, document: Document) -> None:
        """Create or replace a document."""
        self.changes[self.scope, kind, identifier] = document
        self.shown.clear()

    def remove(self, kind: str, identifier: str) -> None:
        """Remove a document for good."""
        self.changes[self.scope, kind, identifier] = None
        self.shown.clear()

    def all(self, kind: str) -> list[Document]:
        """Return every document of a kind, oldest first; for reading only."""
        mine = {address[2]: doc for address, doc in self.changes.items() if address[:2] == (self.scope, kind)}
        if not mine:
            return list(self._committed(kind).values())
        return [document for document in {**self._committed(kind), **mine}.values() if document is not None]

    def where(self, kind: str, name: str, value: Any) -> list[Document]:
        """Return the documents with this value in this field, found by an index, oldest first; for reading only."""
        rows = self.rows(kind)
        committed = {one: rows.documents[one] for one in rows.sorted_newest_first(rows.with_value(name, value))[::-1]}
        mine = {address[2]: doc for address, doc in self.changes.items() if address[:2] == (self.scope, kind)}
        both = {**committed, **mine}.values()
        return [document for document in both if document is not None and document.get(name) == value]

    def count(self, prefix: str) -> int:
        """Return the next number for ids with this prefix, the same series for every account and mode."""
        address = ("", "counter", prefix)
        last = self.changes.get(address) or self._storage.table("", "counter").get(prefix) or {"last": 0}
        self.changes[address] = {"last": last["last"] + 1}
        return int(last["last"]) + 1

    def changed(self) -> list[tuple[str, str, Document | None, Document | None]]:
        """Return kind, id, and the document before and after, for all that this request changed in its own account.

        What was made and is gone again was never there for anybody else.
        """
        mine = [(kind, one, doc) for (scope, kind, one), doc in self.changes.items() if scope == self.scope]
        both = [(kind, one, self._committed(kind).get(one), doc) for kind, one, doc in mine]
        return [(kind, one, before, doc) for kind, one, before, doc in both if before is not None or doc is not None]

    def before(self) -> Transaction:
        """Return a view of everything as it was before this request."""
        return Transaction(self._storage, self.scope)

    def scratch(self) -> Transaction:
        """Return a view in which things can be tried: it sees what this one changed, and changes nothing here."""
        trial = Transaction(self._storage, self.scope)
        trial.changes = dict(self.changes)
        return trial

    def commit(self) -> None:
        """Make the changes stay."""
        if self.changes:
            self._storage.apply(self.changes)

    def _committed(self, kind: str) -> dict[str, Document]:
        return self._storage.table(self.scope, kind)
