"""State in a SQLite file: write-ahead, flushed, its owner's alone, safe across forks and races."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from billing_runtime import Scope, StoreError
from billing_runtime._store import open_store
from billing_runtime._store.entities import Claim, Claims, Entities
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
    Entities(store, TEST).bind_customer("org_1", kind="user", customer_id="cus_1")
    with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    (connection,) = store._idle.connections  # type: ignore[attr-defined]
    assert tuple(connection.execute("PRAGMA synchronous").fetchone()) == (2,)  # FULL


def test_a_fork_takes_no_connection_along(store: Store) -> None:
    """SQLite connections used on both sides of a fork would corrupt the file."""
    Entities(store, TEST).bind_customer("org_1", kind="user", customer_id="cus_1")
    parents = list(store._idle.connections)  # type: ignore[attr-defined]

    def fresh() -> bool:
        found = Entities(store, TEST).customer_id("org_1") == "cus_1"
        return found and all(connection not in parents for connection in store._idle.connections)  # type: ignore[attr-defined]

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
    "url", ["", "runtime.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://me:secret@host/db"]
)
def test_an_address_that_is_not_understood(url: str) -> None:
    """An unknown address must be refused without repeating it, for it may hold a password."""
    with pytest.raises(StoreError, match=r"use sqlite:///path/to/file\.db or ") as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def test_the_store_stays_where_it_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that changes its folder later must not begin another store there."""
    monkeypatch.chdir(tmp_path)
    with closing(open_store("sqlite:///here/runtime.db")) as store:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        Entities(store, TEST).bind_customer("org_1", kind="user", customer_id="cus_1")
        assert Entities(store, TEST).customer_id("org_1") == "cus_1"
    assert not list((tmp_path / "elsewhere").iterdir())


def test_the_store_is_its_owners_alone(store: Store, store_url: str) -> None:
    """Pending requests hold e-mail addresses: no other user of the machine may read them, in no file."""
    Claims(store, TEST).claim("org_1", "customer", CLAIM)
    files = list(Path(store_url.removeprefix("sqlite:///")).parent.glob("runtime.db*"))
    assert len(files) > 1
    assert {file.stat().st_mode & 0o077 for file in files} == {0}


def test_a_fork_closes_no_connection_of_its_parent(store: Store) -> None:
    """A child that closes the store, or forks again, must leave the connections it inherited alone."""
    Entities(store, TEST).bind_customer("org_1", kind="user", customer_id="cus_1")
    parents = list(store._idle.connections)  # type: ignore[attr-defined]

    def untouched() -> bool:
        store.close()
        return [tuple(connection.execute("SELECT 1").fetchone()) for connection in parents] == [(1,)]

    assert holds_in_child(untouched)


_BUSY_WRITER = """
import sys
from billing_runtime import Scope
from billing_runtime._store import open_store
store, written = open_store(sys.argv[1]), 0
print("ready", flush=True)
sys.stdin.readline()
while True:
    with store.transaction(Scope("acct_1", livemode=False)) as change:
        change.run("begin_chore", name=f"chore {sys.argv[2]} {written}", due_at=1, now=0)
        (rows,) = change._connection.execute("SELECT count(*) FROM chore").fetchone()
        if rows > 800:
            break
    written += 1
print(written)
"""


def test_processes_write_in_turn(store: Store, store_url: str) -> None:
    """Of four busy processes none may be left waiting while the others write: each gets a fair part of all writes."""
    programs = [
        subprocess.Popen([sys.executable, "-c", _BUSY_WRITER, store_url, str(place)], stdin=-1, stdout=-1, text=True)
        for place in range(4)
    ]
    for program in programs:
        assert program.stdout is not None
        program.stdout.readline()
    written = [int(answer) for answer, _ in _told_to_begin(programs)]
    assert sum(written) == 800
    assert min(written) > 80


def _told_to_begin(programs: list[subprocess.Popen[str]]) -> list[tuple[str, str]]:
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    return [program.communicate() for program in programs]


def test_whoever_waits_too_long_is_told(store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that never ends must not hold up the others for ever; and when it ends, all goes on."""
    with closing(open_store(store_url)) as other:
        monkeypatch.setattr(other._turns, "_seconds", 0.01)  # type: ignore[attr-defined]
        with store.transaction(TEST):
            for _ in range(2):
                with pytest.raises(StoreError, match="somebody else has been writing for too long"):
                    Entities(other, TEST).bind_customer("org_1", kind="user", customer_id="cus_1")
        monkeypatch.setattr(other._turns, "_seconds", 30)  # type: ignore[attr-defined]
        Entities(other, TEST).bind_customer("org_1", kind="user", customer_id="cus_1")
        Entities(store, TEST).bind_customer("org_2", kind="user", customer_id="cus_2")
        assert Entities(store, TEST).customer_id("org_1") == "cus_1"


_KILLED_AFTER_FORK = """
import os, signal, sys
from billing_runtime import Scope
from billing_runtime._store import open_store
with open_store(sys.argv[1]).transaction(Scope("acct_1", livemode=False)):
    child = os.fork()
    if child == 0:
        os.closerange(0, 3)  # whoever reads what its parent says waits for it, too
        signal.pause()
    print(child, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_fork_takes_no_turn_along(store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is killed while it writes must hold nobody up, not even with a forked child alive."""
    killed = subprocess.run([sys.executable, "-c", _KILLED_AFTER_FORK, store_url], capture_output=True, check=False)
    monkeypatch.setattr(store._turns, "_seconds", 1)  # type: ignore[attr-defined]
    try:
        Entities(store, TEST).bind_customer("org_1", kind="user", customer_id="cus_1")
    finally:
        os.kill(int(killed.stdout), signal.SIGKILL)
