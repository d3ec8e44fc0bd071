"""The data file: no acknowledged write is lost, many share one write, and what is no data file is said to be none."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import stripe

from stripe_emulator import serve
from stripe_emulator.data_file import VERSION, DataFile
from stripe_emulator.storage import Storage

ROOT = Path(__file__).resolve().parents[2]


def command(data: Path) -> list[str]:
    """Return what runs the emulator over a file."""
    return [sys.executable, "-m", "stripe_emulator", "--port", "0", "--data", str(data)]


@contextmanager
def running(data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the emulator, and return it with its address."""
    with subprocess.Popen(command(data), stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip().rpartition(" ")[2]
        finally:
            process.kill()


def connect(url: str) -> stripe.StripeClient:
    """Return a client."""
    return stripe.StripeClient("sk_test_emulator", base_addresses={"api": url})


def write_until_killed(url: str, writer: int, acknowledged: dict[str, str], counted: threading.Semaphore) -> None:
    """Make customers, each under its own key, and note who was acknowledged."""
    client = connect(url)
    with suppress(stripe.APIConnectionError):
        for number in range(10_000):
            key: Any = {"idempotency_key": f"{writer}-{number}"}
            acknowledged[key["idempotency_key"]] = client.v1.customers.create({"name": f"{writer}-{number}"}, key).id
            counted.release()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_acknowledged_write_is_lost(tmp_path: Path, seed: int) -> None:
    """Killed in the middle of four writers, it has every acknowledged object, its event and its key's answer."""
    acknowledged: dict[str, str] = {}
    enough = random.Random(seed).randint(20, 150)  # noqa: S311 - a moment, not a secret
    with running(tmp_path / "stripe.db") as (process, url):
        counted = threading.Semaphore(0)
        given = [(url, writer, acknowledged, counted) for writer in range(4)]
        writers = [threading.Thread(target=write_until_killed, args=one) for one in given]
        for writer in writers:
            writer.start()
        for _ in range(enough):
            counted.acquire()
        os.kill(process.pid, signal.SIGKILL)
        for writer in writers:
            writer.join()
    assert len(acknowledged) >= enough
    with running(tmp_path / "stripe.db") as (_, url):
        client = connect(url)
        kept = {one.id for one in client.v1.customers.list({"limit": 100}).auto_paging_iter()}
        events = list(client.v1.events.list({"limit": 100, "type": "customer.created"}).auto_paging_iter())
        assert set(acknowledged.values()) <= kept
        assert {one.data.object["id"] for one in events} == kept  # neither without the other
        for key, identifier in list(acknowledged.items())[-20:]:
            again = client.v1.customers.create({"name": key}, {"idempotency_key": key})
            assert again.id == identifier


@pytest.mark.belief(
    "the emulator's own: nothing is answered that is not on disk, and a turn of writers shares a write", "M"
)
def test_one_write_for_all_who_wait(tmp_path: Path) -> None:
    """Whoever changes something in one turn of the loop is told after the one write, and nobody before."""
    turns: list[Callable[[], None]] = []
    told: list[bool] = []
    file = DataFile(tmp_path / "stripe.db")
    file.soon = turns.append
    commits: list[str] = []
    file._file.set_trace_callback(lambda said: commits.append(said) if said == "COMMIT" else None)
    for number in range(3):
        file.write({("a/test", "product", f"prod_{number}"): {"id": f"prod_{number}"}})
        file.when_kept(told.append)
    assert (len(turns), told, commits) == (1, [], [])
    turns.pop()()
    assert (told, commits) == ([True] * 3, ["COMMIT"])
    file.when_kept(told.append)
    assert (turns, told[3:]) == ([], [True])  # what is kept is kept
    file.close()


def test_write_that_fails_is_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Who waits is told that it failed; the next write has it all."""
    turns: list[Callable[[], None]] = []
    told: list[bool] = []
    file = DataFile(tmp_path / "stripe.db")
    file.soon = turns.append
    file._file.execute("PRAGMA query_only = ON")
    file.write({("a/test", "product", "prod_1"): {"id": "prod_1"}})
    file.when_kept(told.append)
    turns.pop()()
    assert "the data file cannot be written" in caplog.text
    file._file.execute("PRAGMA query_only = OFF")
    file.when_kept(told.append)
    turns.pop()()
    file.close()
    assert told == [False, True]
    storage = Storage(tmp_path / "stripe.db")
    assert storage.table("a/test", "product") == {"prod_1": {"id": "prod_1"}}
    storage.close()


def test_nobody_is_answered_what_is_not_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A full disk is a 500 for writers and readers alike, over both ways through the server, until it is over."""
    with serve(data=tmp_path / "stripe.db") as server:
        client = connect(server.url)
        client.v1.products.create({"name": "Team"})
        file = server._desk._storage._file
        assert file is not None
        file._file.execute("PRAGMA query_only = ON")
        for ask in (lambda: client.v1.products.create({"name": "Lost"}), client.v1.products.list):
            with pytest.raises(stripe.APIError, match="cannot write its data file"):
                ask()
        with pytest.raises(ValueError, match="cannot write its data file"):
            server.admin.clock.set(5)
        file._file.execute("PRAGMA query_only = OFF")
        assert len(client.v1.products.list().data) == 2
    assert "the data file cannot be written" in caplog.text


def whole(path: Path) -> bytes:
    """Return a data file with a few hundred objects in it."""
    with serve(data=path) as server:
        for _ in range(30):
            connect(server.url).v1.products.create({"name": "Team", "description": "x" * 2000})
    return path.read_bytes()


def newer(path: Path) -> None:
    """Say of a file that a newer emulator wrote it."""
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {VERSION + 1}")


def without_json(path: Path) -> None:
    """Break a document."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE documents SET body = '{\"id\": '")


def folder(path: Path) -> None:
    """Put a folder in its place."""
    path.unlink()
    path.mkdir()


BROKEN: dict[str, tuple[Callable[[Path], Any], str]] = {
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:20_000]), "it is damaged"),
    "overwritten": (lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 8192), "it is damaged"),
    "text": (lambda path: path.write_text("no database" * 500), "it is not a data file of the emulator"),
    "json": (without_json, "it is damaged"),
    "newer": (newer, f"a newer emulator wrote it (version {VERSION + 1}, this one reads {VERSION})"),
    "folder": (folder, "it is a folder"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_file_that_cannot_be_used_is_one_sentence(tmp_path: Path, case: str) -> None:
    """Exit code 1, what and why and what to do, and the file is left as it is."""
    path = tmp_path / "stripe.db"
    whole(path)
    spoil, reason = BROKEN[case]
    spoil(path)
    before = None if path.is_dir() else path.read_bytes()
    done = subprocess.run(command(path), capture_output=True, text=True, check=False, cwd=ROOT)
    sentence = f"stripe_emulator: cannot use {path} as the data file: {reason}; name another file with --data\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)
    assert (None if path.is_dir() else path.read_bytes()) == before


def test_empty_file_is_a_new_one(tmp_path: Path) -> None:
    """As `mktemp` makes it."""
    path = tmp_path / "stripe.db"
    path.touch()
    assert len(whole(path)) > 0
