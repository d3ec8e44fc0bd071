"""State in one SQLite file, shared by the threads and processes of one machine (https://sqlite.org/wal.html)."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from billing_runtime._store import Claim
from billing_runtime._store.sql import migrations, queries
from billing_runtime.clock import to_unix
from billing_runtime.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing_runtime._store import Scope

# Long enough for any queue of short writes; a writer that waits longer has met a stuck one.
_BUSY_SECONDS = 30
_BETWEEN_SWITCHES = 0.01
_Value = str | int | None


class SqliteStore:
    """The Store protocol on SQLite: write-ahead log, and every commit waits for the disk."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        # Absolute: connections are opened later too, when the program may have gone to another folder.
        self._path = Path(path).absolute()
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._inherited: list[sqlite3.Connection] = []
        self._process = os.getpid()
        self._queries = queries()
        with self._reporting():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Requests that wait for their answer hold e-mail addresses: a new file is its owner's alone.
            os.close(os.open(self._path, os.O_RDONLY | os.O_CREAT, 0o600))
            self._prepare()

    def customer_id(self, scope: Scope, entity_id: str) -> str | None:
        """The Stripe customer of the entity."""
        row = self._one("customer_id", scope, entity_id=entity_id)
        return None if row is None else row[0]

    def bind_customer(self, scope: Scope, entity_id: str, *, kind: str, customer_id: str) -> None:
        """Remember the entity's Stripe customer; the first one stays."""
        self._write("bind_customer", scope, entity_id=entity_id, kind=kind, customer_id=customer_id)

    def claim(self, scope: Scope, entity_id: str, subject: str, wanted: Claim) -> Claim:
        """The claim that holds: the wanted one, or the one somebody made before."""
        place: dict[str, _Value] = {"entity_id": entity_id, "subject": subject}
        new = {"idempotency_key": wanted.idempotency_key, "request": wanted.request}
        with self._transaction() as connection:
            at = to_unix("claimed_at", wanted.claimed_at)
            self._run(connection, "insert_claim", scope, **place, **new, claimed_at=at)
            key, request, claimed_at, object_id = self._run(connection, "read_claim", scope, **place).fetchone()
        return Claim(key, request, datetime.fromtimestamp(claimed_at, UTC), object_id)

    def settle(self, scope: Scope, entity_id: str, subject: str, claim: Claim, object_id: str) -> None:
        """Note that the claimed object was made; nothing happens if another claim holds by now."""
        key = claim.idempotency_key
        self._write(
            "settle_claim", scope, entity_id=entity_id, subject=subject, idempotency_key=key, object_id=object_id
        )

    def drop(self, scope: Scope, entity_id: str, subject: str, claim: Claim) -> None:
        """Give the claim up; nothing happens if another claim holds by now."""
        self._write("drop_claim", scope, entity_id=entity_id, subject=subject, idempotency_key=claim.idempotency_key)

    def close(self) -> None:
        """Close every connection that is not at work."""
        with self._lock:
            self._leave_inherited()
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _one(self, query: str, scope: Scope, **values: _Value) -> tuple[str, ...] | None:
        with self._connection() as connection:
            row: tuple[str, ...] | None = self._run(connection, query, scope, **values).fetchone()
            return row

    def _write(self, query: str, scope: Scope, **values: _Value) -> None:
        with self._transaction() as connection:
            self._run(connection, query, scope, **values)

    def _run(self, connection: sqlite3.Connection, query: str, scope: Scope, **values: _Value) -> sqlite3.Cursor:
        return connection.execute(self._queries[query], asdict(scope) | values)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection:
            # IMMEDIATE: a reader that turns writer half way cannot wait its turn and fails as busy.
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection nobody else uses; a broken one is thrown away."""
        with self._reporting():
            connection = self._take()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            self._give_back(connection)

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            message = f"The store {self._path} cannot be used: {error}."
            raise StoreError(message) from None

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            self._leave_inherited()
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _leave_inherited(self) -> None:
        """SQLite connections must be neither used nor closed across a fork: those of the parent stay the parent's."""
        if self._process != os.getpid():
            self._inherited += self._idle
            self._idle, self._process = [], os.getpid()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            self._idle.append(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=False
        )
        connection.execute("PRAGMA synchronous = FULL")
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
