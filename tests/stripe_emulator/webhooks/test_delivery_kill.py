"""Deliveries of an emulator that is killed: what was not delivered is delivered by the next one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient, serve
from tests.stripe_emulator.webhooks.conftest import APP
from tests.stripe_emulator.webhooks.receiving import receiving

NOW = 1_700_000_000


@contextmanager
def program(data: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], EmulatorClient]]:
    """Run the emulator as a program on a data file, and kill it without warning at the end."""
    command = [sys.executable, "-m", "stripe_emulator", "--port", "0", "--data", str(data), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield process, EmulatorClient(line.rpartition(" ")[2].strip())
        finally:
            process.kill()


def client_of(emulator: EmulatorClient) -> stripe.StripeClient:
    """Return a client of an emulator."""
    return stripe.StripeClient(emulator.key, base_addresses={"api": emulator.url})


def test_killed_emulator_has_lost_no_delivery(tmp_path: Path) -> None:
    """Killed while an endpoint had not answered the first of ten: all ten arrive, the first perhaps twice."""
    data = tmp_path / "stripe.db"
    with receiving() as receiver:
        forward = ("--forward", f"{APP}={receiver.url}")
        receiver.gate.clear()
        with program(data, *forward) as (process, emulator):
            client, params = client_of(emulator), {"url": f"{APP}/hook", "enabled_events": ["*"]}
            secret = client.v1.webhook_endpoints.create(params).secret  # type: ignore[arg-type]
            made = [client.v1.products.create({"name": str(number)}).id for number in range(10)]
            receiver.arrived.acquire()
            process.kill()
        receiver.gate.set()
        with program(data, *forward) as (_, emulator):
            emulator.wait_for_deliveries()
            arrived = [one.event["data"]["object"]["id"] for one in receiver.received]
            assert arrived == [made[0], *made]
            for one in receiver.received:
                client.construct_event(one.body, one.signature, secret)
            assert [one["state"] for one in emulator.deliveries()] == ["delivered"] * 10
            assert client_of(emulator).v1.events.list({"delivery_success": False}).data == []


def test_retries_survive_a_kill(tmp_path: Path) -> None:
    """With their moment; a clock that stood still stands where it stood."""
    data = tmp_path / "stripe.db"
    with receiving() as receiver:
        forward = ("--forward", f"{APP}={receiver.url}")
        receiver.answers = [500]
        with program(data, "--clock", str(NOW), *forward) as (process, emulator):
            params: Any = {"url": f"{APP}/hook", "enabled_events": ["*"]}
            client_of(emulator).v1.webhook_endpoints.create(params)
            client_of(emulator).v1.products.create({"name": "Team"})
            emulator.wait_for_deliveries()
            process.kill()
        with program(data, "--clock", str(NOW), *forward) as (_, emulator):
            emulator.wait_for_deliveries()
            assert len(receiver.received) == 1
            emulator.clock.advance(3600)
            emulator.wait_for_deliveries()
            assert receiver.ids[0] == receiver.ids[1]


def test_server_in_the_same_process_forwards(tmp_path: Path) -> None:
    """`serve` has the same table, and what it had not sent when it was closed it sends the next time."""
    data = tmp_path / "stripe.db"
    with receiving() as receiver:
        receiver.gate.clear()
        with serve(data=data, forward={APP: receiver.url}) as server:
            params: Any = {"url": f"{APP}/hook", "enabled_events": ["*"]}
            client_of(server.admin).v1.webhook_endpoints.create(params)
            client_of(server.admin).v1.products.create({"name": "Team"})
            receiver.arrived.acquire()
        receiver.gate.set()
        with serve(data=data, forward={APP: receiver.url}) as server:
            server.admin.wait_for_deliveries()
            assert receiver.types == ["product.created"] * 2
            server.admin.reset()
            assert server.admin.call("GET", "/forward") == {"forward": {APP: receiver.url}}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("https://app.example.com", "does not say where to"),
        ("app.example.com=http://127.0.0.1:1", "'app.example.com' is no address"),
        ("https://app.example.com=http://", "'http://' is no address"),
    ],
)
def test_bad_line_ends_the_program(line: str, sentence: str) -> None:
    """With a sentence that says how a line is written."""
    command = [sys.executable, "-m", "stripe_emulator", "--port", "0", "--forward", line]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert sentence in done.stderr
