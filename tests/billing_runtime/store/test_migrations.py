"""Stores that earlier versions wrote: this one brings them up to date, loses nothing of them, and works with them.

`written.json` holds, for each level of tables, rows as the version that brought it wrote them; it is only added to.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from billing_runtime import StoreError
from billing_runtime._store import open_store
from billing_runtime._store.sql import migrations
from tests.billing_runtime.conftest import BACKENDS

if TYPE_CHECKING:
    from billing_runtime import Billing

Json = dict[str, Any]
Backend = Literal["sqlite", "postgresql"]
WRITTEN: list[dict[str, list[Json]]] = json.loads(Path(__file__).with_name("written.json").read_text(encoding="utf-8"))
RELEASED = [
    "336d62bc86fda91d6f8a42ef59b1354f2814d26d5f135ae4e3d6ae64141c5918",
    "a75195d607a5de1f45e7f2d1bc2b95d983ec2fa212790af28fe928001a259656",
    "4eecab2066b39526563df5de707296a9250e3d20413f721d33d876690d801d39",
    "f17dc7c872560ae42eedca3d43774924c2088bbffa75806aba356ab5005230ac",
    "38336eeb9e86bb234c5bd53303b5fdbcddeba2a7747bc1c6ca9eeacb9cea12ab",
]
"""Digests of the statements of every level that was released."""

LEVELS = range(len(WRITTEN) + 1)


class Raw:
    """A store without this package: its statements, on either backend."""

    def __init__(self, backend: Backend, url: str) -> None:
        self.backend, self.url = backend, url

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """One that commits at the end."""
        if self.backend == "sqlite":
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection, connection:
                yield connection
        else:
            import psycopg

            with psycopg.connect(self.url) as other:
                yield other

    def write(self, level: int) -> None:
        """A store of a level with its rows."""
        with self.connection() as connection:
            for statements in migrations(self.backend)[:level]:
                for statement in statements:
                    connection.execute(statement)
            for tables in WRITTEN[:level]:
                for table, rows in tables.items():
                    for row in rows:
                        self._insert(connection, table, {"account": "acct_emulator", "livemode": 0} | row)
        self.call_it(level)

    def call_it(self, level: int) -> None:
        """Say which level it has."""
        with self.connection() as connection:
            if self.backend == "sqlite":
                connection.execute(f"PRAGMA user_version = {level}")
                return
            connection.execute("CREATE TABLE IF NOT EXISTS billing_schema (version BIGINT NOT NULL)")
            for number in range(1, level + 1):
                connection.execute("INSERT INTO billing_schema (version) VALUES (%s)", (number,))

    def level(self) -> int:
        """Which level it has."""
        said = "PRAGMA user_version" if self.backend == "sqlite" else "SELECT max(version) FROM billing_schema"
        with self.connection() as connection:
            return int(connection.execute(said).fetchone()[0])

    def rows(self, level: int) -> dict[str, list[Json]]:
        """What the tables of a level hold."""
        found: dict[str, list[Json]] = {}
        with self.connection() as connection:
            for tables in WRITTEN[:level]:
                for table, rows in tables.items():
                    columns = list(rows[0])
                    cursor = connection.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - ours
                    found[table] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        return found

    def _insert(self, connection: Any, table: str, row: Json) -> None:
        place = "?" if self.backend == "sqlite" else "%s"
        places = ", ".join([place] * len(row))
        text = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"  # noqa: S608 - ours
        connection.execute(text, tuple(row.values()))


@pytest.fixture
def raw(backend: Backend, any_store_url: str) -> Raw:
    """The store of the test."""
    return Raw(backend, any_store_url)


def expected(level: int) -> dict[str, list[Json]]:
    """What was written."""
    return {table: rows for tables in WRITTEN[:level] for table, rows in tables.items()}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_is_lost(raw: Raw, level: int) -> None:
    """Every row must be there afterwards as it was, and the store be of today's level, however often it is opened."""
    raw.write(level)
    for _ in range(2):
        open_store(raw.url).close()
        assert raw.level() == len(migrations(raw.backend))
        assert raw.rows(level) == expected(level)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("backend", BACKENDS)
def test_it_is_worked_with(raw: Raw, level: int, open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """What was known is known, and what came later works: a use is counted, and Stripe is to be told."""
    raw.write(level)
    tokens = {"ai_tokens": {"included": 100, "per": "period", "overage": "bill", "meter": "alpaca-ai-tokens"}}
    manifest_data["plans"]["team"]["limits"] |= tokens
    free = {"free": True, "rank": 0, "prices": [], "name": "Free", "limits": tokens, "audience": [], "features": {}}
    manifest_data["plans"]["free"] = manifest_data["plans"]["team"] | free
    now = datetime(2026, 3, 14, tzinfo=UTC)
    billing = open_billing(manifest=manifest_data, store=raw.url, clock=lambda: now, api_base="http://127.0.0.1:9")
    assert billing._context.entities.customer_id("org_1") == ("cus_1" if level >= 1 else None)
    held = billing.subscription("org_1")
    assert (held.status, held.id) == (("active", "sub_1") if level >= 2 else ("none", None))
    assert [one.id for one in billing.seats.members("org_1")] == (["ada", "bob"] if level >= 3 else [])
    assert [one.session_id for one in billing.purchases.of("org_1")] == (["cs_1"] if level >= 4 else [])
    assert [one.event_id for one in billing.inbox.waiting(9)] == (["evt_1"] if level >= 5 else [])
    decision = billing.consume("org_1", "ai_tokens", 130, idempotency_key="key-1")
    assert (decision.allowed, decision.usage, decision.overage) == (True, 130, 30)
    assert billing.usage.lag().waiting == 1
    billing.refund(str(decision.receipt), 30)
    assert billing.consumption("org_1", "ai_tokens").usage == 100


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_migration_that_is_broken_off(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a statement fails in the middle, nothing of it remains, and the next one who opens goes on from there."""
    raw.write(3)
    whole = migrations(raw.backend)
    broken = [*whole[:5], [whole[5][0], "CREATE TABLE this is no statement"]]
    with monkeypatch.context() as changed:
        changed.setattr(f"billing_runtime._store.{raw.backend}.migrations", lambda *_: broken)
        with pytest.raises(StoreError, match="cannot be used"):
            open_store(raw.url)
    assert (raw.level(), raw.rows(3)) == (3, expected(3))
    open_store(raw.url).close()
    assert (raw.level(), raw.rows(3)) == (len(whole), expected(3))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_newer_store_is_refused(raw: Raw) -> None:
    """A store of the next version must not be written by this one, and stay as it is."""
    raw.write(5)
    open_store(raw.url).close()
    newer = len(migrations(raw.backend)) + 1
    raw.call_it(newer)
    with pytest.raises(StoreError, match="was written by a newer billing-resources: upgrade this application"):
        open_store(raw.url)
    assert (raw.level(), raw.rows(5)) == (newer, expected(5))


def test_a_released_level_is_never_edited() -> None:
    """What is written in a store out there must be what this package believes: a change is a level of its own."""
    texts = ["\n".join(statements) for statements in migrations("sqlite")]
    assert [hashlib.sha256(text.encode()).hexdigest() for text in texts[: len(RELEASED)]] == RELEASED
    assert len(RELEASED) == len(WRITTEN)
