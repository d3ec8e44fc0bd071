"""`billing emulator`: Stripe on this machine, until it is interrupted."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.billing_cli.conftest import COMMAND, Billing


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The emulator and its address."""
    line = [COMMAND, "emulator", "--port", "0", *arguments]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip().removeprefix("stripe emulator listening on ")
        finally:
            process.kill()


def connect(url: str) -> stripe.StripeClient:
    """Stripe's own client."""
    return stripe.StripeClient("sk_test_shop", base_addresses={"api": url}, max_network_retries=0)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly(how: signal.Signals) -> None:
    """Ctrl-C and a polite kill end it with 0 and without a word."""
    with running() as (process, url):
        assert connect(url).v1.accounts.retrieve_current().id == "acct_shop"
        process.send_signal(how)
        assert process.communicate() == ("", "")
        assert process.returncode == 0


def test_data_is_kept_in_the_file(tmp_path: Path) -> None:
    """What one run was told the next one knows."""
    data = ("--data", str(tmp_path / "stripe.db"))
    with running(*data) as (_, url):
        made = connect(url).v1.customers.create({"name": "Ada"}).id
    with running(*data) as (_, url):
        assert connect(url).v1.customers.retrieve(made).name == "Ada"


def test_clock_and_ids_can_be_set() -> None:
    """For golden files: time stands still and ids count up."""
    with running("--clock", "2026-01-31T12:00:00Z", "--deterministic-ids") as (_, url):
        made = [connect(url).v1.customers.create({}) for _ in range(2)]
    assert made[0].created == 1_769_860_800
    assert made[0].id < made[1].id
    with running("--clock", "2026-01-31T12:00:00Z", "--deterministic-ids") as (_, url):
        assert connect(url).v1.customers.create({}).id == made[0].id


def test_deliveries_are_forwarded() -> None:
    """To the addresses that are named, as often as one is."""
    lines = ("--forward", "https://a.example.com=http://127.0.0.1:1", "--forward", "https://b.example.com=http://c")
    with running(*lines) as (_, url):
        table = EmulatorClient(url).call("GET", "/forward")["forward"]
    assert table == {"https://a.example.com": "http://127.0.0.1:1", "https://b.example.com": "http://c"}


def test_a_taken_port(installed: Billing, tmp_path: Path) -> None:
    """One sentence that says what to do, and no data file is made."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = installed("emulator", "--port", str(port), "--data", str(tmp_path / "stripe.db"))
    assert (done.returncode, done.stdout) == (1, "")
    [said] = done.stderr.splitlines()
    assert f"cannot listen on 127.0.0.1:{port}: " in said
    assert said.endswith("choose another --port, or 0")
    assert not (tmp_path / "stripe.db").exists()


def test_a_port_that_is_none(installed: Billing) -> None:
    """Said as a taken one is."""
    done = installed("emulator", "--port", "99999")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "cannot listen on 127.0.0.1:99999: " in done.stderr


def test_data_that_cannot_be_used(installed: Billing, tmp_path: Path) -> None:
    """A file that is no database, and a folder that is not there, are one sentence each."""
    (tmp_path / "text.db").write_text("no database, but long enough to be looked at as one" * 20, encoding="utf-8")
    for data in ("text.db", "nowhere/stripe.db"):
        done = installed("emulator", "--port", "0", "--data", str(tmp_path / data))
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert data in done.stderr


def test_the_projects_own_folder_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `billing init` says to type works in a fresh clone, too, which has no .billing yet."""
    monkeypatch.chdir(tmp_path)
    with running("--data", ".billing/stripe.db") as (_, url):
        connect(url).v1.customers.create({"name": "Ada"})
    assert (tmp_path / ".billing" / "stripe.db").is_file()


def test_a_time_that_is_none(installed: Billing) -> None:
    """Wrong usage, with the spelling that is right."""
    done = installed("emulator", "--port", "0", "--clock", "tomorrow")
    assert done.returncode == 2
    assert "'tomorrow' is no time: give an ISO date" in done.stderr
