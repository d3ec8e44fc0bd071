"""What an emulator from before there were invoices wrote: it goes on, and is billed from its next period on."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import stripe

from stripe_emulator import EmulatorClient, serve
from tests.stripe_emulator.subscriptions.subscribing import DAY, FEBRUARY_28, JANUARY_31, items

OLD: dict[str, Any] = json.loads(Path(__file__).with_name("before_invoices.json").read_text(encoding="utf-8"))
"""A snapshot of three subscriptions at 2026-01-31: three seats and metered usage, a trial, and one that has ended."""


def _old_file(path: Path) -> Path:
    """Write the snapshot as the data file of that version, which wrote no version."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(
            "CREATE TABLE documents (sequence INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL,"
            " kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (scope, kind, id))"
        )
        for scope, kind, identifier, body in OLD["documents"]:
            row = (scope, kind, identifier, json.dumps(body))
            file.execute("INSERT INTO documents (scope, kind, id, body) VALUES (?, ?, ?, ?)", row)
    return path


def _months_pass(admin: EmulatorClient, url: str) -> None:
    client = stripe.StripeClient(admin.key, base_addresses={"api": url})
    admin.clock.set(FEBRUARY_28 + 3600)
    running, trial = (client.v1.subscriptions.retrieve(name) for name in ("sub_000001", "sub_000002"))
    assert [one.status for one in (running, trial)] == ["active", "active"]
    assert items(running)[0].current_period_start == FEBRUARY_28
    invoice = client.v1.invoices.list({"subscription": "sub_000001"}).data[0]
    assert [(line.amount, line.quantity) for line in invoice.lines.data] == [(3600, 3), (80, 40)]
    assert (invoice.status, invoice.total, invoice.created) == ("paid", 3680, FEBRUARY_28)
    first = client.v1.invoices.list({"subscription": "sub_000002"}).data[0]
    assert (first.total, first.created) == (1200, JANUARY_31 + 14 * DAY)
    assert client.v1.invoices.list({"subscription": "sub_000003"}).data == []


def test_a_file_from_before_invoices_goes_on(tmp_path: Path) -> None:
    """What it lacks is added when it is opened: its subscriptions renew, and usage from before is billed."""
    path = _old_file(tmp_path / "old.db")
    with serve(data=path, clock=JANUARY_31) as server:
        _months_pass(server.admin, server.url)
    with serve(data=path) as server:  # and it is read again as it is now
        client = stripe.StripeClient(server.admin.key, base_addresses={"api": server.url})
        assert len(client.v1.invoices.list().data) == 2


def test_a_snapshot_from_before_invoices_goes_on(stripe_emulator: EmulatorClient) -> None:
    """Restored, it renews as well."""
    stripe_emulator.restore(OLD)
    stripe_emulator.clock.set(JANUARY_31)
    _months_pass(stripe_emulator, stripe_emulator.url)
