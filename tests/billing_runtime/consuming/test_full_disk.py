"""A disk without room: nothing is counted by halves, callers are told, and all goes on when there is room again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import StoreError
from tests.billing_runtime.consuming.test_crowds import counted
from tests.billing_runtime.consuming.using import fill, started

if TYPE_CHECKING:
    from billing_runtime import Billing

Json = dict[str, Any]


@pytest.fixture
def backend() -> str:
    """Files of ours."""
    return "sqlite"


def test_files_that_cannot_grow(limited: Json, any_store_url: str, billing: Billing) -> None:
    """Where the operating system refuses another page: StoreError, nothing half-written, and then on with the keys."""
    settings = {"manifest": limited, "store": any_store_url, "api_base": "http://127.0.0.1:9"}
    process, pipe = started(fill, settings | {"now": billing._context.clock().isoformat()}, 50_000)
    done, why, usage = pipe.recv()
    assert "cannot be used: " in why
    assert usage == done
    assert pipe.recv() == [True] * done + [False]
    process.join()
    assert (process.exitcode, counted(billing, "org_1")) == (0, {done + 1})


def test_a_database_that_is_full(billing: Billing) -> None:
    """SQLite's own "full" is the same."""
    billing.consume("org_1", "tokens", 1)
    (connection,) = billing._ledger._writer._idle.connections  # type: ignore[attr-defined]
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    done = 1
    with pytest.raises(StoreError, match=r"cannot be used: database or disk is full\."):  # noqa: PT012 - until it is
        while True:
            billing.consume("org_1", "tokens", 1, idempotency_key=f"key-{done}")
            done += 1
    assert counted(billing, "org_1") == {done}
    billing.consume("org_1", "tokens", 1, idempotency_key=f"key-{done}")  # on a new connection, which has room
    assert counted(billing, "org_1") == {done + 1}
