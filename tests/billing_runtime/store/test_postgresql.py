"""State in PostgreSQL: what only a server can do to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from billing_runtime import Scope, StoreError
from billing_runtime._store import open_store
from billing_runtime._store.entities import Entities
from billing_runtime._store.sql import queries

if TYPE_CHECKING:
    from tests.postgresql import Server

pytestmark = pytest.mark.postgresql
TEST = Scope("acct_1", livemode=False)


def test_a_restart_is_survived(postgresql_server: Server) -> None:
    """While the server is gone calls fail in one sentence; when it is back they go on, with all that was kept."""
    store = open_store(postgresql_server.database())
    entities = Entities(store, TEST)
    entities.bind_customer("org_1", kind="user", customer_id="cus_1")
    postgresql_server.stop("immediate")
    try:
        with pytest.raises(StoreError, match=r"The store postgresql://localhost/postgres cannot be used: "):
            entities.customer_id("org_1")
    finally:
        postgresql_server.start()
    assert entities.customer_id("org_1") == "cus_1"
    store.close()


def test_a_store_of_a_newer_version(postgresql_server: Server) -> None:
    """An older application must not write into tables it does not know."""
    import psycopg

    url = postgresql_server.database()
    open_store(url).close()
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO billing_schema (version) VALUES (999)")
    with pytest.raises(StoreError, match="was written by a newer billing-resources: upgrade"):
        open_store(url)


def test_a_password_is_never_shown() -> None:
    """A server that is not there is named without the password."""
    with pytest.raises(StoreError, match=r"The store postgresql://localhost:1/shop cannot be used") as caught:
        open_store("postgresql://me:secret@localhost:1/shop")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("query", ["load_counters", "load_decisions", "load_usage_days", "load_outbox"])
def test_rows_are_looked_up_one_by_one(postgresql_server: Server, query: str) -> None:
    """A decision must never read a whole table, not even where PostgreSQL knows nothing of its size yet."""
    url = postgresql_server.database()
    open_store(url).close()
    values = {"account": "acct_1", "livemode": 0, "keys": '[["a", "b", 1, "2", "3"]]'}
    with psycopg.connect(url) as connection:
        plan = connection.execute(b"EXPLAIN " + queries("postgresql")[query].encode(), values).fetchall()
    lines = "\n".join(row[0] for row in plan)
    assert "entity_id = (wanted.value ->> 0)" in lines.split("Index Cond:")[1].splitlines()[0]
    assert "Hash" not in lines
    assert "Seq Scan" not in lines
