"""An emulator without a program, over a socket or without one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from stripe_emulator import Emulator

Stripe = stripe.StripeClient


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    """One emulator for all tests of the file."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    """Return it, empty."""
    running.reset()
    return running


@pytest.fixture
def socketless(emulator: Emulator) -> Stripe:
    """Return a client that asks without a socket."""
    return Stripe(emulator.key, http_client=emulator.http_client(stripe), max_network_retries=0)


def test_it_is_started_and_stopped() -> None:
    """It has an address only meanwhile, and can be started again."""
    emulator = Emulator(clock="2026-01-31T12:00:00Z", deterministic_ids=True)
    for _ in range(2):
        assert emulator.url == ""
        assert emulator.start() is emulator.start()
        client = Stripe(emulator.key, base_addresses={"api": emulator.url})
        made = client.v1.products.create({"name": "Team"})
        assert (made.id, made.created, emulator.count()) == ("prod_000001", 1_769_860_800, 1)
        emulator.stop()


def test_what_is_not_started_answers_nothing() -> None:
    """The sentence says what to do."""
    client = Stripe("sk_test_a", http_client=Emulator().http_client(stripe))
    with pytest.raises(RuntimeError, match="start the emulator first"):
        client.v1.products.list()


def test_data_is_kept_from_one_to_the_next(tmp_path: Path) -> None:
    """With a file, without a socket too."""
    for count in (1, 2):
        with Emulator(data=tmp_path / "stripe.db") as emulator:
            client = Stripe(emulator.key, http_client=emulator.http_client(stripe))
            client.v1.products.create({"name": "Team"})
            assert len(client.v1.products.list().data) == count


def test_both_ways_lead_to_the_same(emulator: Emulator, socketless: Stripe) -> None:
    """What is made without a socket is found over one, with the same headers."""
    made = socketless.v1.products.create({"name": "Team", "metadata": {"a": "ä & b"}}, {"idempotency_key": "once"})
    client = Stripe(emulator.key, base_addresses={"api": emulator.url})
    found = client.v1.products.retrieve(made.id)
    assert found.to_dict() == made.to_dict()
    again = socketless.v1.products.create({"name": "Team", "metadata": {"a": "ä & b"}}, {"idempotency_key": "once"})
    assert made.last_response is not None
    assert again.last_response is not None
    assert str(made.last_response.request_id).startswith("req_")
    assert again.last_response.headers["Idempotent-Replayed"] == "true"


def test_refusals_are_stripes(socketless: Stripe) -> None:
    """With their class, status and request id."""
    with pytest.raises(stripe.InvalidRequestError, match="No such product: 'prod_nope'") as refused:
        socketless.v1.products.retrieve("prod_nope")
    assert (refused.value.http_status, str(refused.value.request_id)[:4]) == (404, "req_")


def test_lists_and_addresses_with_oddities(socketless: Stripe) -> None:
    """Queries and encoded paths arrive as over a socket."""
    made = [socketless.v1.customers.create({"email": "a+b@example.com"}).id for _ in range(3)][::-1]
    params: Any = {"email": "a+b@example.com", "limit": 2}
    assert [one.id for one in socketless.v1.customers.list(params).auto_paging_iter()] == made
    with pytest.raises(stripe.InvalidRequestError, match="No such customer: 'ä'"):
        socketless.v1.customers.retrieve("ä")


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "partial"])
def test_cut_is_a_lost_connection(emulator: Emulator, socketless: Stripe, kind: str) -> None:
    """The official client sees what it sees over a socket, and tries again if it is told to."""
    emulator.call("POST", "/faults", {"kind": kind})
    with pytest.raises(stripe.APIConnectionError, match="cut the connection"):
        socketless.v1.products.create({"name": "Team"})
    emulator.call("POST", "/faults", {"kind": kind})
    patient = Stripe(emulator.key, http_client=emulator.http_client(stripe), max_network_retries=1)
    assert patient.v1.products.create({"name": "Team"}).name == "Team"


def test_request_can_be_held(emulator: Emulator, socketless: Stripe) -> None:
    """A pause holds what comes without a socket too."""
    pause = emulator.pause_next("before", method="POST")
    held = threading.Thread(target=socketless.v1.products.create, args=({"name": "Team"},))
    held.start()
    pause.wait_until_reached()
    assert socketless.v1.products.list().data == []
    pause.release()
    held.join()
    assert len(socketless.v1.products.list().data) == 1


def test_many_threads_share_it(socketless: Stripe) -> None:
    """Nothing is lost between them."""
    threads = [
        threading.Thread(target=lambda: [socketless.v1.customers.create({}) for _ in range(20)]) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(socketless.v1.customers.list({"limit": 100}).auto_paging_iter())) == 100


def test_async_calls_work_too(emulator: Emulator, socketless: Stripe) -> None:
    """In the caller's own loop; a cut is a lost connection there as well."""

    async def make() -> list[str]:
        made = await asyncio.gather(*(socketless.v1.products.create_async({"name": name}) for name in "abc"))
        return sorted(one.name for one in made)

    async def make_cut() -> None:
        emulator.cut_next()
        with pytest.raises(stripe.APIConnectionError):
            await socketless.v1.products.create_async({"name": "d"})

    assert asyncio.run(make()) == ["a", "b", "c"]
    asyncio.run(make_cut())
