"""What the runtime must remember between calls, and the one narrow interface every backend has.

A backend runs named SQL in transactions; what the SQL says stands in `queries/`, once for all backends. So a rule is
written once, and the same tests hold every backend to it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from billing_runtime.errors import StoreError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

#: Where state is kept unless told otherwise: beside the program, in a folder that version control ignores.
DEFAULT = "sqlite:///.billing/runtime.db"

Value = str | int | None
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """State of one account never mixes with another's, nor test mode with live mode."""

    account: str
    livemode: bool


class Transaction(Protocol):
    """Named queries, seen and kept together; `account` and `livemode` are filled in."""

    def one(self, query: str, **values: Value) -> Row | None:
        """The first row, if there is any."""
        ...

    def all(self, query: str, **values: Value) -> list[Row]:
        """Every row."""
        ...

    def run(self, query: str, **values: Value) -> int:
        """Change something; how many rows were changed."""
        ...

    def all_of(self, asked: Sequence[tuple[str, dict[str, Value]]]) -> list[list[Row]]:
        """Every row of several queries with their values, in one round trip."""
        ...

    def run_rows(self, query: str, names: tuple[str, ...], rows: Sequence[tuple[Value, ...]]) -> None:
        """Change something once for each of the rows, whose values stand in the order of the names.

        The rows must be about different things, and the names those of columns.
        """
        ...

    def run_many(self, query: str, rows: Sequence[dict[str, Value]]) -> None:
        """Change something once for each of the rows, which name the same values."""
        ...

    def lock(self, name: str) -> None:
        """Let nobody else who asks for this name go on, in any process, until the end of this transaction."""
        ...

    def lock_all(self, names: Collection[str]) -> None:
        """The same for several names; whoever locks several must lock them in one call."""
        ...


class Writer(Protocol):
    """Somebody who writes again and again, and would like to know whether anybody else has written meanwhile."""

    def transaction(self, scope: Scope) -> AbstractContextManager[tuple[Transaction, object | None]]:
        """Like `Store.transaction`, with a version: as long as it stays equal, nobody else has changed anything.

        None: it is not known.
        """
        ...


class Store(Protocol):
    """Storage of one or many processes, used by any number of threads."""

    def transaction(self, scope: Scope) -> AbstractContextManager[Transaction]:
        """Change things together: on disk when the block ends, undone when it raises. Not to be nested."""
        ...

    def reading(self, scope: Scope) -> AbstractContextManager[Transaction]:
        """Read without holding anybody up."""
        ...

    def writer(self) -> Writer:
        """A connection of one's own to write with; it ends with the store."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


def open_store(url: str) -> Store:
    """The store an address names: sqlite:///relative.db, sqlite:////absolute.db or postgresql://host/database."""
    scheme, separator, rest = url.partition("://")
    if scheme in {"postgresql", "postgres"} and separator and rest:
        from billing_runtime._store.postgresql import PostgresqlStore

        return PostgresqlStore(url)
    path = rest[1:]
    if scheme == "sqlite" and rest.startswith("/") and path not in {"", ":memory:"}:
        from billing_runtime._store.sqlite import SqliteStore

        return SqliteStore(path)
    # The address is not repeated: it may hold a password.
    message = "The store address is not understood: use sqlite:///path/to/file.db or postgresql://user@host/database."
    raise StoreError(message)
