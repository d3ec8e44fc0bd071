"""The data file: what was answered is there after the process is gone."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient, serve

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the emulator as a program, and return it with its address."""
    command = [sys.executable, "-m", "stripe_emulator", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip().removeprefix("stripe emulator listening on ")
    finally:
        process.kill()
        process.communicate()


def connect(url: str) -> stripe.StripeClient:
    """Return a client."""
    return stripe.StripeClient("sk_test_emulator", base_addresses={"api": url})


def test_everything_answered_survives_a_kill(tmp_path: Path) -> None:
    """Objects, their order, the clock and idempotency keys are there after SIGKILL."""
    key: Any = {"idempotency_key": "once"}
    with running("--data", str(tmp_path / "data.db")) as (process, url):
        EmulatorClient(url).clock.set(1_700_000_000)
        made = [connect(url).v1.products.create({"name": name}).id for name in "abc"]
        kept = connect(url).v1.products.create({"name": "d"}, key).id
        os.kill(process.pid, signal.SIGKILL)
    with running("--data", str(tmp_path / "data.db")) as (_, url):
        assert [product.id for product in connect(url).v1.products.list().data] == [kept, *made[::-1]]
        assert connect(url).v1.products.create({"name": "d"}, key).id == kept
        assert EmulatorClient(url).clock.now() == 1_700_000_000


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_quietly(number: signal.Signals) -> None:
    """Nothing is printed and the exit code is 0."""
    with running() as (process, _):
        process.send_signal(number)
        out, err = process.communicate()
        assert (process.returncode, out, err) == (0, "", "")


def test_taken_port_is_one_sentence(stripe_emulator: EmulatorClient) -> None:
    """Exit code 1, and no traceback."""
    port = stripe_emulator.url.rpartition(":")[2]
    command = [sys.executable, "-m", "stripe_emulator", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--clock", "soon"], "'soon' is no time"), (["--data", "/nowhere/at/all.db"], "cannot use /nowhere/at/all.db")],
)
def test_bad_arguments_are_explained(arguments: list[str], words: str) -> None:
    """What cannot be used is named."""
    command = [sys.executable, "-m", "stripe_emulator", "--port", "0", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_deletions_and_changes_are_kept(tmp_path: Path) -> None:
    """The file follows every change."""
    with serve(data=tmp_path / "data.db") as server:
        client = connect(server.url)
        gone, kept = (client.v1.products.create({"name": name}).id for name in ("gone", "kept"))
        client.v1.products.delete(gone)
        client.v1.products.update(kept, {"name": "changed"})
    with serve(data=tmp_path / "data.db") as server:
        assert [product.name for product in connect(server.url).v1.products.list().data] == ["changed"]


def test_reset_empties_the_file(tmp_path: Path) -> None:
    """After a reset and a restart there is nothing."""
    with serve(data=tmp_path / "data.db") as server:
        connect(server.url).v1.products.create({"name": "Team"})
        server.admin.reset()
    with serve(data=tmp_path / "data.db") as server:
        assert connect(server.url).v1.products.list().data == []


def test_ids_can_be_counted(tmp_path: Path) -> None:
    """Deterministic ids go on after a restart, and two accounts never share one."""
    made = []
    for _ in range(2):
        with serve(data=tmp_path / "data.db", deterministic_ids=True) as server:
            made.append(connect(server.url).v1.products.create({"name": "Team"}).id)
    assert made == ["prod_000001", "prod_000002"]


def test_identifiers_of_events_are_counted_too() -> None:
    """Two runs that ask the same are answered the same."""
    with serve(deterministic_ids=True) as server:
        client = connect(server.url)
        client.v1.billing.meters.create(
            {"display_name": "Calls", "event_name": "calls", "default_aggregation": {"formula": "count"}}
        )
        payload = {"stripe_customer_id": client.v1.customers.create({}).id}
        events = [client.v1.billing.meter_events.create({"event_name": "calls", "payload": payload}) for _ in "ab"]
    assert [event.identifier for event in events] == ["mevt_000001", "mevt_000002"]


def test_random_ids_look_like_stripes(client: stripe.StripeClient) -> None:
    """A prefix and letters and digits."""
    prefix, _, rest = client.v1.products.create({"name": "Team"}).id.partition("_")
    assert (prefix, len(rest), rest.isalnum()) == ("prod", 24, True)


def test_clock_can_be_set_from_the_start() -> None:
    """As an ISO date or as seconds."""
    with serve(clock="2026-01-31T12:00:00Z") as server:
        assert connect(server.url).v1.customers.create({}).created == 1_769_860_800


def test_failed_request_leaves_nothing(client: stripe.StripeClient, product: stripe.Product) -> None:
    """A subscription refused halfway leaves no item, price or payment method behind."""
    customer = client.v1.customers.create({})
    data: Any = {"currency": "usd", "product": product.id, "recurring": {"interval": "month"}, "unit_amount": 100}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.create({"customer": customer.id, "items": [{"price_data": data}]})
    assert client.v1.prices.list().data == []


def test_broken_data_is_a_500_that_keeps_the_server_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever goes wrong inside is Stripe's api_error for the client, and a traceback in the log."""
    recurring: Any = {"interval": "month"}
    with serve(data=tmp_path / "data.db") as server:
        client = connect(server.url)
        price = client.v1.prices.create(
            {"currency": "usd", "unit_amount": 0, "recurring": recurring, "product_data": {"name": "Free"}}
        )
        customer = client.v1.customers.create({})
        broken = client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})
    with closing(sqlite3.connect(tmp_path / "data.db")) as file, file:
        file.execute("DELETE FROM documents WHERE id = ?", (price.id,))
    with serve(data=tmp_path / "data.db") as server:
        with pytest.raises(stripe.APIError, match="inside the Stripe emulator") as failed:
            connect(server.url).v1.subscriptions.retrieve(broken.id)
        assert failed.value.http_status == 500
        assert connect(server.url).v1.customers.retrieve(customer.id).id == customer.id
    assert "is missing from the data file" in caplog.text
