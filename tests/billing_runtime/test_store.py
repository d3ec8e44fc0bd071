"""What is remembered between calls: exact, durable, apart by account and mode, whatever else runs."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from billing_runtime import Claim, Scope, StoreError
from billing_runtime._store import open_store
from billing_runtime._store.sql import migrations, queries
from tests.billing_runtime.conftest import holds_in_child

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing_runtime import Store

TEST = Scope("acct_1", livemode=False)
CLAIM = Claim("key-1", '{"a": 1}', datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(store_url)
    yield opened
    opened.close()


def test_a_customer_is_remembered(store: Store, store_url: str) -> None:
    """What was bound must be there for whoever opens the store next."""
    store.bind_customer(TEST, "org_1", kind="user", customer_id="cus_1")
    with closing(open_store(store_url)) as other:
        assert other.customer_id(TEST, "org_1") == "cus_1"


def test_the_first_customer_stays(store: Store) -> None:
    """A later binding must not take an entity's customer away."""
    for customer in ("cus_1", "cus_2"):
        store.bind_customer(TEST, "org_1", kind="user", customer_id=customer)
    assert store.customer_id(TEST, "org_1") == "cus_1"


@pytest.mark.parametrize("other", [Scope("acct_2", livemode=False), Scope("acct_1", livemode=True)])
def test_accounts_and_modes_are_apart(store: Store, other: Scope) -> None:
    """Neither customers nor claims may leak between accounts, or from test to live mode."""
    store.bind_customer(TEST, "org_1", kind="user", customer_id="cus_1")
    store.claim(TEST, "org_1", "customer", CLAIM)
    mine = replace(CLAIM, idempotency_key="key-2")
    assert store.customer_id(other, "org_1") is None
    assert store.claim(other, "org_1", "customer", mine) == mine


def test_a_customer_belongs_to_one_entity(store: Store) -> None:
    """Two entities must never be bound to one customer."""
    store.bind_customer(TEST, "org_1", kind="user", customer_id="cus_1")
    with pytest.raises(StoreError, match="cannot be used: UNIQUE constraint failed"):
        store.bind_customer(TEST, "org_2", kind="user", customer_id="cus_1")


def test_the_first_claim_holds(store: Store) -> None:
    """Whoever comes second must get the first one's key and request."""
    assert store.claim(TEST, "org_1", "customer", CLAIM) == CLAIM
    second = replace(CLAIM, idempotency_key="key-2", request="{}")
    assert store.claim(TEST, "org_1", "customer", second) == CLAIM
    assert store.claim(TEST, "org_1", "subscription:a", second) == second


def test_a_settled_claim_names_the_object_and_forgets_the_request(store: Store) -> None:
    """Once answered, the request (e-mail addresses and all) must not be kept."""
    store.claim(TEST, "org_1", "customer", CLAIM)
    store.settle(TEST, "org_1", "customer", CLAIM, "cus_1")
    assert store.claim(TEST, "org_1", "customer", CLAIM) == replace(CLAIM, request="", object_id="cus_1")


def test_a_dropped_claim_makes_room(store: Store) -> None:
    """After a claim is given up the next one must hold."""
    store.claim(TEST, "org_1", "customer", CLAIM)
    store.drop(TEST, "org_1", "customer", CLAIM)
    second = replace(CLAIM, idempotency_key="key-2")
    assert store.claim(TEST, "org_1", "customer", second) == second


def test_only_its_holder_may_end_a_claim(store: Store) -> None:
    """A latecomer with an older key must change nothing."""
    store.claim(TEST, "org_1", "customer", CLAIM)
    older = replace(CLAIM, idempotency_key="key-0")
    store.drop(TEST, "org_1", "customer", older)
    store.settle(TEST, "org_1", "customer", older, "cus_0")
    assert store.claim(TEST, "org_1", "customer", older) == CLAIM


def test_of_many_claims_at_once_one_holds(store: Store) -> None:
    """However many threads claim, all must be told the same key."""
    wanted = [replace(CLAIM, idempotency_key=f"key-{n}") for n in range(50)]
    with ThreadPoolExecutor(20) as pool:
        held = list(pool.map(lambda claim: store.claim(TEST, "org_1", "customer", claim), wanted))
    assert len({claim.idempotency_key for claim in held}) == 1


def test_a_new_store_may_be_opened_by_many_at_once(store_url: str) -> None:
    """Processes that start together must agree on who makes the tables."""
    program = f"from billing_runtime._store import open_store; open_store({store_url!r}).close()"
    started = [subprocess.Popen([sys.executable, "-c", program], stderr=-1, text=True) for _ in range(6)]
    assert [process.communicate()[1] for process in started] == [""] * 6


def test_a_new_store_that_another_process_is_making(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Switching to the write-ahead log is refused at once, without a wait, while another does so: ours is to wait."""
    with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("billing_runtime._store.sqlite.time.sleep", lambda _: other.rollback())
        open_store(store_url).close()
        assert not other.in_transaction


def test_commits_wait_for_the_disk(store: Store, store_url: str) -> None:
    """A write must be on disk, in the write-ahead log, when the call returns."""
    store.bind_customer(TEST, "org_1", kind="user", customer_id="cus_1")
    with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    (connection,) = store._idle  # type: ignore[attr-defined]
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_a_fork_takes_no_connection_along(store: Store) -> None:
    """SQLite connections used on both sides of a fork would corrupt the file."""
    store.bind_customer(TEST, "org_1", kind="user", customer_id="cus_1")
    parents = list(store._idle)  # type: ignore[attr-defined]

    def fresh() -> bool:
        found = store.customer_id(TEST, "org_1") == "cus_1"
        return found and all(connection not in parents for connection in store._idle)  # type: ignore[attr-defined]

    assert holds_in_child(fresh)


def test_a_store_of_a_newer_version(store: Store, store_url: str) -> None:
    """An older application must not write into tables it does not know."""
    with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="was written by a newer billing-resources: upgrade"):
        open_store(store_url)


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    """Another file must be refused in one sentence and left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, just some notes that are long enough to be read as a header" * 20)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"The store .*notes\.txt cannot be used: file is not a database\."):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A path below a file must be one sentence."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        open_store(f"sqlite:///{tmp_path}/file/runtime.db")


@pytest.mark.parametrize(
    "url", ["", "runtime.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql://me:secret@host/db"]
)
def test_an_address_that_is_not_understood(url: str) -> None:
    """An unknown address must be refused without repeating it, for it may hold a password."""
    with pytest.raises(StoreError, match=r"use sqlite:///path/to/file\.db\.") as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def test_every_query_is_described_and_used() -> None:
    """queries.sql must hold what the code uses, each with a sentence."""
    assert sorted(queries()) == [
        "bind_customer",
        "customer_id",
        "drop_claim",
        "insert_claim",
        "read_claim",
        "settle_claim",
    ]
    assert all(text.startswith("-- ") for text in queries().values())


def test_migrations_are_statements() -> None:
    """Each migration must be found, and be whole."""
    assert [len(statements) for statements in migrations()] == [3]


def test_the_store_stays_where_it_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that changes its folder later must not begin another store there."""
    monkeypatch.chdir(tmp_path)
    with closing(open_store("sqlite:///here/runtime.db")) as store:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        store.bind_customer(TEST, "org_1", kind="user", customer_id="cus_1")
        assert store.customer_id(TEST, "org_1") == "cus_1"
    assert not list((tmp_path / "elsewhere").iterdir())


def test_the_store_is_its_owners_alone(store: Store, store_url: str) -> None:
    """Pending requests hold e-mail addresses: no other user of the machine may read them, in no file."""
    store.claim(TEST, "org_1", "customer", CLAIM)
    files = list(Path(store_url.removeprefix("sqlite:///")).parent.glob("runtime.db*"))
    assert len(files) > 1
    assert {file.stat().st_mode & 0o077 for file in files} == {0}


def test_a_fork_closes_no_connection_of_its_parent(store: Store) -> None:
    """A child that closes the store, or forks again, must leave the connections it inherited alone."""
    store.bind_customer(TEST, "org_1", kind="user", customer_id="cus_1")
    parents = list(store._idle)  # type: ignore[attr-defined]

    def untouched() -> bool:
        store.close()
        return [connection.execute("SELECT 1").fetchone() for connection in parents] == [(1,)]

    assert holds_in_child(untouched)
