"""State in one SQLite file, shared by the threads and processes of one machine (https://sqlite.org/wal.html)."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from billing_runtime._store.idle import Idle
from billing_runtime._store.sql import migrations, numbered, queries
from billing_runtime._store.turns import Turns
from billing_runtime.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from billing_runtime._store import Row, Scope, Value

# Long enough for any queue of short writes; a writer that waits longer has met a stuck one.
_BUSY_SECONDS = 30
_BETWEEN_SWITCHES = 0.01


class SqliteTransaction:
    """The Transaction protocol on one connection."""

    def __init__(self, connection: sqlite3.Connection, scope: Scope) -> None:
        self._connection = connection
        self._scope: dict[str, Value] = {"account": scope.account, "livemode": int(scope.livemode)}
        self._queries = queries()

    def one(self, query: str, **values: Value) -> Row | None:
        """The first row, if there is any."""
        row: Row | None = self._execute(query, values).fetchone()
        return row

    def all(self, query: str, **values: Value) -> list[Row]:
        """Every row."""
        return self._execute(query, values).fetchall()

    def run(self, query: str, **values: Value) -> int:
        """Change something; how many rows were changed."""
        return self._execute(query, values).rowcount

    def all_of(self, asked: Sequence[tuple[str, dict[str, Value]]]) -> list[list[Row]]:
        """Every row of several queries with their values."""
        return [self.all(query, **values) for query, values in asked]

    def run_rows(self, query: str, names: tuple[str, ...], rows: Sequence[tuple[Value, ...]]) -> None:
        """Change something once for each of the rows, whose values stand in the order of the names."""
        scope = tuple(self._scope.values())
        self._connection.executemany(numbered(query, names), [scope + row for row in rows])

    def run_many(self, query: str, rows: Sequence[dict[str, Value]]) -> None:
        """Change something once for each of the rows."""
        names = tuple(rows[0])
        self.run_rows(query, names, [tuple([row[name] for name in names]) for row in rows])

    def lock(self, name: str) -> None:
        """Nothing to do: SQLite lets one writer in at a time."""

    def lock_all(self, names: Collection[str]) -> None:
        """Nothing to do either."""

    def _execute(self, query: str, values: dict[str, Value]) -> sqlite3.Cursor:
        return self._connection.execute(self._queries[query], self._scope | values)


class _Reading:
    """A block that reads. A class of its own, since reads are many and generators would take a third of their time."""

    __slots__ = ("_connection", "_failed", "_idle", "_scope")

    def __init__(
        self, idle: Idle[sqlite3.Connection], scope: Scope, failed: Callable[[BaseException], StoreError]
    ) -> None:
        self._idle, self._scope, self._failed = idle, scope, failed

    def __enter__(self) -> SqliteTransaction:
        try:
            self._connection = self._idle.take()
        except (sqlite3.Error, OSError) as error:
            raise self._failed(error) from None
        return SqliteTransaction(self._connection, self._scope)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is None:
            self._idle.give_back(self._connection)
            return
        # A broken one is thrown away.
        self._connection.close()
        if isinstance(error, (sqlite3.Error, OSError)):
            raise self._failed(error) from None


class SqliteWriter:
    """The Writer protocol: a connection that nobody else writes with."""

    def __init__(self, store: SqliteStore, idle: Idle[sqlite3.Connection]) -> None:
        self._store, self._idle = store, idle
        self._last: sqlite3.Connection | None = None
        self._connections = 0

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[tuple[SqliteTransaction, object | None]]:
        """Change things together; with it a number that changes when anybody else commits anything."""
        with self._store.writing(self._idle) as connection:
            if connection is not self._last:
                self._last, self._connections = connection, self._connections + 1
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            yield SqliteTransaction(connection, scope), (self._connections, version)


class SqliteStore:
    """The Store protocol on SQLite: write-ahead log, and every commit waits for the disk."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        # Absolute: connections are opened later too, when the program may have gone to another folder.
        self._path = Path(path).absolute()
        self._idle = Idle(self._connect)
        self._writers: list[Idle[sqlite3.Connection]] = []
        self._turns = Turns(self._path, _BUSY_SECONDS)
        with self._reporting():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Requests that wait for their answer hold e-mail addresses: a new file is its owner's alone.
            os.close(os.open(self._path, os.O_RDONLY | os.O_CREAT, 0o600))
            self._prepare()

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[SqliteTransaction]:
        """Change things together: on disk when the block ends, undone when it raises."""
        with self.writing(self._idle) as connection:
            yield SqliteTransaction(connection, scope)

    def reading(self, scope: Scope) -> _Reading:
        """Read without holding anybody up."""
        return _Reading(self._idle, scope, self._failed)

    def writer(self) -> SqliteWriter:
        """A connection of one's own to write with."""
        self._writers.append(Idle(self._connect))
        return SqliteWriter(self, self._writers[-1])

    def close(self) -> None:
        """Close every connection that is not at work."""
        for idle in (self._idle, *self._writers):
            idle.close()
        self._turns.close()

    @contextmanager
    def writing(self, idle: Idle[sqlite3.Connection]) -> Iterator[sqlite3.Connection]:
        """A transaction on one of these connections, when it is our turn; a broken connection is thrown away."""
        with self._reporting():
            connection = idle.take()
            try:
                with self._turns.taken():
                    # IMMEDIATE: a reader that turns writer half way cannot wait its turn and fails as busy.
                    connection.execute("BEGIN IMMEDIATE")
                    with connection:
                        yield connection
            except BaseException:
                connection.close()
                raise
            idle.give_back(connection)

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self._failed(error) from None

    def _failed(self, error: BaseException) -> StoreError:
        return StoreError(f"The store {self._path} cannot be used: {error}.")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=False
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        # A page that is written often is copied into the database once for all that: 16 MB of log instead of 4.
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        return connection

    def _prepare(self) -> None:
        """Migrate; of processes that switch a new file to write-ahead mode together, SQLite lets only one wait."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                return self._migrate()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
            time.sleep(_BETWEEN_SWITCHES)

    def _migrate(self) -> None:
        """Bring the file's tables up to this package's, once, whoever opens it first."""
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                self._upgrade(connection)

    def _upgrade(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        known = migrations()
        if version > len(known):
            message = f"The store {self._path} was written by a newer billing-resources: upgrade this application."
            raise StoreError(message)
        for statements in known[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(known)}")
