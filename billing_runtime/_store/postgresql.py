"""State in a PostgreSQL database, shared by the processes of any number of machines.

https://www.psycopg.org/psycopg3/docs/. Tables are made in the first schema of the search path, with names of their own.
"""

from __future__ import annotations

import json
import selectors
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from billing_runtime._store.idle import Idle
from billing_runtime._store.sql import migrations, of_rows, queries
from billing_runtime.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import psycopg

    from billing_runtime._store import Row, Scope, Value

    Connection = psycopg.Connection[dict[str, Any]]

# A writer that waits longer has met a stuck one; a client that holds a lock and says nothing is cut off.
_SETTINGS = (
    b"SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; "
    b"SET default_transaction_isolation = 'read committed'"
)
_CONNECT_SECONDS = 10
# In the order of their numbers, so that nobody waits for somebody who waits for him.
_LOCK_ALL = (
    b"SELECT pg_advisory_xact_lock(number) FROM (SELECT DISTINCT hashtextextended(name, 0) AS number "
    b"FROM unnest(CAST(%s AS text[])) AS name ORDER BY number) AS ordered"
)
_MIGRATING = 7_310_115_923  # an advisory lock of ours: whoever has it makes the tables


class PostgresqlTransaction:
    """The Transaction protocol on one connection."""

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self._connection = connection
        self._scope: dict[str, Value] = {"account": scope.account, "livemode": int(scope.livemode)}
        self._queries = queries("postgresql")

    def one(self, query: str, **values: Value) -> Row | None:
        """The first row, if there is any."""
        return self._execute(query, values).fetchone()

    def all(self, query: str, **values: Value) -> list[Row]:
        """Every row."""
        return cast("list[Row]", self._execute(query, values).fetchall())

    def run(self, query: str, **values: Value) -> int:
        """Change something; how many rows were changed."""
        return self._execute(query, values).rowcount

    def all_of(self, asked: Sequence[tuple[str, dict[str, Value]]]) -> list[list[Row]]:
        """Every row of several queries with their values, in one round trip."""
        with nullcontext() if self._in_pipeline else self._connection.pipeline():
            cursors = [self._execute(query, values) for query, values in asked]
            return [cast("list[Row]", cursor.fetchall()) for cursor in cursors]

    def run_rows(self, query: str, names: tuple[str, ...], rows: Sequence[tuple[Value, ...]]) -> None:
        """Change something once for each of the rows, whose values stand in the order of the names."""
        named = [dict(zip(names, row, strict=True)) for row in rows]
        together = of_rows(query)
        if together is None:
            self.run_many(query, named)
        else:
            self._connection.execute(together.encode(), self._scope | {"rows": json.dumps(named)})

    def run_many(self, query: str, rows: Sequence[dict[str, Value]]) -> None:
        """Change something once for each of the rows, in one round trip."""
        for row in rows:
            row.update(self._scope)
        with self._connection.cursor() as cursor:
            cursor.executemany(self._queries[query].encode(), rows)

    def lock_all(self, names: Collection[str]) -> None:
        """The same for several names, in an order that is the same for everybody."""
        whole = [f"{self._scope['account']}/{self._scope['livemode']}/{name}" for name in names]
        self._connection.execute(_LOCK_ALL, (whole,))

    def lock(self, name: str) -> None:
        """Let nobody else who asks for this name go on until the end of this transaction."""
        whole = f"{self._scope['account']}/{self._scope['livemode']}/{name}"
        self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (whole,))

    @property
    def _in_pipeline(self) -> bool:
        from psycopg.pq import PipelineStatus

        return self._connection.info.pipeline_status is not PipelineStatus.OFF

    def _execute(self, query: str, values: dict[str, Value]) -> psycopg.Cursor[dict[str, Any]]:
        return self._connection.execute(self._queries[query].encode(), self._scope | values)


class PostgresqlWriter:
    """The Writer protocol; who else has written is not known here."""

    def __init__(self, store: PostgresqlStore) -> None:
        self._store = store

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[tuple[PostgresqlTransaction, object | None]]:
        """Change things together, in as few round trips as there are answers to wait for."""
        with self._store.connection() as connection, connection.pipeline():
            # Not connection.transaction(): that waits for everything before it commits. After a failed statement the
            # server passes over all that follows, the COMMIT too; whatever fails, the connection is closed.
            connection.execute("BEGIN")
            yield PostgresqlTransaction(connection, scope), None
            connection.execute("COMMIT")


class PostgresqlStore:
    """The Store protocol on PostgreSQL; every commit waits for the server's disk."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._name = _without_secrets(url)
        self._idle: Idle[Connection] = Idle(self._connect)
        try:
            with self.connection() as connection, connection.transaction():
                self._upgrade(connection)
        except StoreError:
            self.close()  # nobody else will
            raise

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[PostgresqlTransaction]:
        """Change things together: on disk when the block ends, undone when it raises."""
        with self.connection() as connection, connection.transaction():
            yield PostgresqlTransaction(connection, scope)

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[PostgresqlTransaction]:
        """Read without holding anybody up."""
        with self.connection() as connection:
            yield PostgresqlTransaction(connection, scope)

    def writer(self) -> PostgresqlWriter:
        """Somebody who writes again and again."""
        return PostgresqlWriter(self)

    def close(self) -> None:
        """Close every connection that is not at work."""
        self._idle.close()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection nobody else uses; a broken one is thrown away."""
        import psycopg

        with self._reporting():
            connection = self._usable()
            try:
                yield connection
            except (psycopg.Error, OSError):
                connection.close()
                raise
            except BaseException:
                # The block's own exception: the connection is in order unless it is in the middle of something.
                self._give_back(connection)
                raise
            self._give_back(connection)

    def _usable(self) -> Connection:
        """A connection that is open: a server that was restarted has said its last word on those from before."""
        while self._idle.connections:
            connection = self._idle.take()
            if not _has_something_to_say(connection):
                return connection
            connection.close()
        return self._idle.take()

    def _give_back(self, connection: Connection) -> None:
        from psycopg.pq import TransactionStatus

        if connection.info.transaction_status is TransactionStatus.IDLE:
            self._idle.give_back(connection)
        else:
            connection.close()

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        import psycopg

        try:
            yield
        except (psycopg.Error, OSError) as error:
            why = " ".join(str(error).split()) or type(error).__name__
            message = f"The store {self._name} cannot be used: {why.replace(self._url, self._name)}."
            raise StoreError(message) from None

    def _connect(self) -> Connection:
        import psycopg
        from psycopg.rows import dict_row

        rows: Any = dict_row  # the type checkers do not agree on what it is
        connection: Any = psycopg.connect(
            self._url, autocommit=True, row_factory=rows, connect_timeout=_CONNECT_SECONDS
        )
        connection.execute(_SETTINGS)  # not as options: those of the address stay
        return cast("Connection", connection)

    def _upgrade(self, connection: Connection) -> None:
        """Bring the tables up to this package's, once, whoever opens them first."""
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATING,))
        connection.execute("CREATE TABLE IF NOT EXISTS billing_schema (version BIGINT NOT NULL)")
        row = connection.execute("SELECT max(version) AS version FROM billing_schema").fetchone()
        version = int((row or {}).get("version") or 0)
        known = migrations("postgresql")
        if version > len(known):
            message = f"The store {self._name} was written by a newer billing-resources: upgrade this application."
            raise StoreError(message)
        for number, statements in enumerate(known[version:], start=version + 1):
            for statement in statements:
                connection.execute(statement.encode())
            connection.execute("INSERT INTO billing_schema (version) VALUES (%s)", (number,))


def _has_something_to_say(connection: Connection) -> bool:
    """Whether something came that nobody has asked for, as before the end of a connection."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection.fileno(), selectors.EVENT_READ)
        return bool(selector.select(0))


def _without_secrets(url: str) -> str:
    """The address as it may be shown."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"
