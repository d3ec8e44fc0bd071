"""Many callers at once, in several processes, while clocks jump and PostgreSQL crashes: sums are exact everywhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Retries, StoreError
from tests import postgresql
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.consuming.using import ENTITIES, crowd, started
from tests.billing_runtime.outbox.conftest import Time, rows, shop

if TYPE_CHECKING:
    import stripe

    from billing_runtime import Billing
    from stripe_emulator.client import EmulatorClient
    from tests.postgresql import Server

Json = dict[str, Any]
PROCESSES, THREADS = 2, 8


@pytest.fixture
def clock(stripe_emulator: EmulatorClient) -> Time:
    """The clock of everybody."""
    return Time(stripe_emulator)


@pytest.fixture
def data(stripe_client: stripe.StripeClient) -> Json:
    """The shop of the outbox, with a limit that has one unit left."""
    made = shop(stripe_client)
    made["plans"]["free"]["limits"]["last"] = {"included": 1, "per": "month", "overage": "block", "meter": None}
    return made


def crowds(settings: Json, name: str, calls: int) -> list[int]:
    """So many calls in each of several processes at once; how many were allowed in each."""
    running = [started(crowd, settings, name, calls, THREADS) for _ in range(PROCESSES)]
    assert [pipe.recv() for _, pipe in running] == ["ready"] * PROCESSES
    for _, pipe in running:
        pipe.send("go")
    allowed = [pipe.recv() for _, pipe in running]
    for process, _ in running:
        process.join()
    return allowed


def counted(billing: Billing, entity: str) -> set[int]:
    """What counter, history and outbox say that was used of what Stripe is told of."""
    said = {"counter": "total", "usage_day": "amount", "outbox": "amount"}
    return {sum(int(row[column]) for row in rows(billing, entity, table)) for table, column in said.items()}


def at_stripe(billing: Billing, entity: str) -> int:
    """What the meter of the emulated Stripe has counted in March."""
    now = billing._context.clock()
    return int(billing.usage.summary(entity, "tokens", start=now.replace(day=1), end=now.replace(day=31)).total)


@pytest.fixture
def billing(
    open_billing: Callable[..., Billing], data: Json, any_store_url: str, clock: Time, stripe_emulator: EmulatorClient
) -> Billing:
    """The shop in this process; every entity has a customer."""
    opened = open_billing(manifest=data, store=any_store_url, api_base=stripe_emulator.url, clock=clock)
    for entity in ENTITIES:
        opened.customers.ensure(entity, kind="organization")
    return opened


@pytest.fixture
def settings(data: Json, any_store_url: str, clock: Time, stripe_emulator: EmulatorClient) -> Json:
    """The same, for other processes."""
    now = clock.now.isoformat()
    return {"manifest": data, "store": any_store_url, "api_base": stripe_emulator.url, "now": now}


@pytest.mark.parametrize("backend", BACKENDS)
def test_ten_thousand_at_once(billing: Billing, backend: str, settings: Json, clock: Time) -> None:
    """10,000 uses by several processes of several threads count as 10,000, in the store and at Stripe."""
    assert crowds(settings, "tokens", 5000) == [5000, 5000]
    clock.pass_(minutes=2)
    billing.worker().once()
    each = {entity: PROCESSES * len(range(place, 5000, len(ENTITIES))) for place, entity in enumerate(ENTITIES)}
    assert sum(each.values()) == 10_000
    assert {entity: counted(billing, entity) for entity in ENTITIES} == {one: {much} for one, much in each.items()}
    assert {entity: at_stripe(billing, entity) for entity in ENTITIES} == each


@pytest.mark.parametrize("backend", BACKENDS)
def test_of_many_callers_one_has_the_last_unit(billing: Billing, backend: str, settings: Json) -> None:
    """However many ask in however many processes, exactly one gets what is left."""
    assert sum(crowds(settings, "last", 100)) == 1
    assert billing.consumption("org_1", "last").usage == 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_clocks_that_jump(
    open_billing: Callable[..., Billing],
    backend: str,
    data: Json,
    any_store_url: str,
    clock: Time,
    stripe_emulator: EmulatorClient,
) -> None:
    """A clock that is put back and forth by days, also while others count, makes nothing count twice or not at all."""
    rng, begun, guard = Random(5), clock.now, threading.Lock()  # noqa: S311 - no secret

    def jumping() -> Any:
        with guard:
            return begun - timedelta(seconds=rng.randrange(3 * 86_400))

    base = stripe_emulator.url
    billing = open_billing(manifest=data, store=any_store_url, api_base=base, clock=jumping)
    with ThreadPoolExecutor(THREADS) as pool:
        amounts = [rng.randint(1, 9) for _ in range(600)]
        keys = [f"key-{number}" for number in range(600)]
        list(pool.map(lambda key, much: billing.consume("org_1", "tokens", much, idempotency_key=key), keys, amounts))
        list(pool.map(lambda key, much: billing.consume("org_1", "tokens", much, idempotency_key=key), keys, amounts))
    assert counted(billing, "org_1") == {sum(amounts)}
    settled = open_billing(manifest=data, store=any_store_url, api_base=base, clock=clock)
    settled.customers.ensure("org_1", kind="organization")
    clock.pass_(minutes=20)
    settled.worker().once()
    assert (counted(settled, "org_1"), at_stripe(settled, "org_1")) == ({sum(amounts)}, sum(amounts))


@pytest.fixture
def crashing_server() -> Iterator[Server]:
    """A PostgreSQL that nobody else is on."""
    if postgresql.programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with postgresql.server() as server:
        yield server


@pytest.mark.postgresql
def test_a_server_that_crashes_under_load(
    open_billing: Callable[..., Billing],
    data: Json,
    clock: Time,
    stripe_emulator: EmulatorClient,
    crashing_server: Server,
) -> None:
    """Callers get StoreError, and repeat their keys when the server is back: each use counts once."""
    billing = open_billing(
        manifest=data, store=crashing_server.database(), api_base=stripe_emulator.url, clock=clock,
        retries=Retries(attempts=5, first=0.001, longest=0.002),
    )  # fmt: skip
    billing.customers.ensure("org_1", kind="organization")
    back, failed, done = threading.Event(), threading.Event(), threading.Semaphore(0)

    def caller(place: int) -> int:
        """Goes on until the server has crashed, and a while after; how many uses that were."""
        number = after = 0
        while after < 50:
            try:
                billing.consume("org_1", "tokens", 2, idempotency_key=f"{place}/{number}")
            except StoreError:
                failed.set()
                back.wait()
            else:
                number, after = number + 1, after + back.is_set()
                done.release()
        return number

    with ThreadPoolExecutor(THREADS) as pool:
        calls = [pool.submit(caller, place) for place in range(THREADS)]
        for _ in range(THREADS * 20):
            done.acquire()
        crashing_server.stop("immediate")
        failed.wait()
        crashing_server.start()
        back.set()
        uses = sum(call.result() for call in calls)
    assert counted(billing, "org_1") == {uses * 2}
    assert len(rows(billing, "org_1", "decision")) == uses
    clock.pass_(minutes=2)
    billing.worker().once()
    assert at_stripe(billing, "org_1") == uses * 2
