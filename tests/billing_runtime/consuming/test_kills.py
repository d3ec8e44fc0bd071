"""kill -9 under load: every acknowledged decision is there, none twice, and Stripe hears of exactly what was counted.

`BILLING_KILLS=200 pytest tests/billing_runtime/consuming/test_kills.py` kills 200 times on each backend;
BILLING_KILLS_SEED chooses other moments.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.consuming.using import ENTITIES, THREADS, Use, started, tell, use
from tests.billing_runtime.outbox.conftest import Time, rows, shop

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess

    import stripe

    from billing_runtime import Billing
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
KILLS = int(os.environ.get("BILLING_KILLS", "12"))
SEED = int(os.environ.get("BILLING_KILLS_SEED", "1"))
WORKERS = 2
pytestmark = pytest.mark.timeout(300 + 20 * KILLS)


@pytest.fixture
def clock(stripe_emulator: EmulatorClient) -> Time:
    """The clock of everybody."""
    return Time(stripe_emulator)


@pytest.fixture
def settings(
    stripe_client: stripe.StripeClient, clock: Time, backend: str, any_store_url: str, stripe_emulator: EmulatorClient
) -> Callable[[], Json]:
    """What a process opens, with the time that it is."""
    fixed = {"manifest": shop(stripe_client), "store": any_store_url, "api_base": stripe_emulator.url}
    return lambda: fixed | {"now": clock.now.isoformat()}


@pytest.fixture
def billing(open_billing: Callable[..., Billing], settings: Callable[[], Json], clock: Time) -> Billing:
    """The same in this process; every entity has a customer."""
    opened = open_billing(**{name: value for name, value in settings().items() if name != "now"}, clock=clock)
    for entity in ("org_0", *ENTITIES):
        opened.customers.ensure(entity, kind="organization")
    return opened


@dataclass
class Worker:
    """One that is killed and started anew; what was acknowledged, by thread and number."""

    number: int
    receipts: dict[tuple[int, int], str] = field(default_factory=dict)
    process: ForkServerProcess | None = None
    pipe: Connection | None = None

    def start(self, settings: Json, ends: list[int] | None = None) -> None:
        """Go on with what was not acknowledged."""
        assert self.process is None
        self.process, self.pipe = started(use, settings, SEED, self.number, self.firsts, ends)

    @property
    def firsts(self) -> list[int]:
        """The first number of each thread that was not acknowledged."""
        return [1 + max((n for place, n in self.receipts if place == thread), default=-1) for thread in range(THREADS)]

    def hear(self, most: int | None = None) -> bool:
        """So many acknowledgements, or all there are; whether the process still speaks."""
        assert self.pipe is not None
        try:
            while most is None or most > 0:
                place, number, receipt = self.pipe.recv()
                known = self.receipts.setdefault((place, number), receipt)
                assert known == receipt
                most = None if most is None else most - 1
        except EOFError:
            return False
        return True

    def catch_up(self) -> None:
        """Hear what was said meanwhile, so that it need not wait to be heard."""
        while self.pipe is not None and self.pipe.poll():
            if not self.hear(1):
                return

    def kill(self) -> None:
        """Killed; what it had acknowledged before is heard."""
        assert self.process is not None
        self.process.kill()
        self.hear()
        self.process.join()
        self.process = None

    def end(self, settings: Json) -> None:
        """Whatever it had begun is done again, and nothing more."""
        self.start(settings, [first + 1 for first in self.firsts])
        self.hear()
        assert self.process is not None
        self.process.join()
        assert self.process.exitcode == 0
        self.process = None

    def uses(self) -> list[Use]:
        """What was acknowledged."""
        return [Use.of(SEED, self.number, *place) for place in self.receipts]


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    """Two; none outlives its test."""
    both = [Worker(number) for number in range(WORKERS)]
    yield both
    kill_all(both)


@pytest.mark.parametrize("backend", BACKENDS)
def test_killed_under_load(
    billing: Billing,
    backend: str,
    settings: Callable[[], Json],
    clock: Time,
    workers: list[Worker],
    stripe_emulator: EmulatorClient,
    record_property: Callable[[str, object], None],
) -> None:
    """Killed at any moment: what was acknowledged counts once, what was not counts once after its key is repeated.

    Counter, history and what Stripe is to be told agree after every kill, and at last Stripe has what was counted,
    although those who tell it are killed as well.
    """
    rng = Random(SEED)  # noqa: S311 - no secret
    print(f"seed {SEED}")  # noqa: T201 - shown if it fails
    for killed in range(KILLS):
        kill_one(workers, settings(), rng)
        agree(billing)
        if killed % 4 == 3:
            kill_all(workers)
            agree(billing)
            billing.consume("org_0", "tokens", 5)  # there is something to tell, whatever was killed
            tell_and_be_killed(settings, clock, stripe_emulator, rng)
    kill_all(workers)
    for worker in workers:
        worker.end(settings())
    check(billing, workers)
    billing.consume("org_0", "tokens", 5)
    tell_and_be_killed(settings, clock, stripe_emulator, rng)
    billing.worker().once()
    told = {entity: at_stripe(billing, entity, clock) for entity in ("org_0", *ENTITIES)}
    assert told == {"org_0": 5 * (KILLS // 4 + 1)} | {entity: counted(workers)[entity] for entity in ENTITIES}
    record_property("uses", sum(len(worker.receipts) for worker in workers))
    print(f"{KILLS} kills, {sum(len(worker.receipts) for worker in workers)} uses, told {told}")  # noqa: T201


def kill_one(workers: list[Worker], settings: Json, rng: Random) -> None:
    """Let all of them work, and kill one after it was heard for a while."""
    for worker in workers:
        if worker.process is None:
            worker.start(settings)
    victim = workers[rng.randrange(WORKERS)]
    assert victim.hear(rng.choice([0, 1, rng.randint(2, 40)]))
    victim.kill()
    for worker in workers:
        if worker.process is not None:
            worker.catch_up()


def kill_all(workers: list[Worker]) -> None:
    """Kill those that are at work."""
    for worker in workers:
        if worker.process is not None:
            worker.kill()


def tell_and_be_killed(settings: Callable[[], Json], clock: Time, emulator: EmulatorClient, rng: Random) -> None:
    """Whoever tells Stripe is killed before or after Stripe has heard; when his lease is over the next may begin."""
    clock.pass_(minutes=20)
    held = emulator.pause_next(rng.choice(["before", "after"]), method="POST", path="/v1/billing/meter_events")
    process, pipe = started(tell, settings())
    held.wait_until_reached()
    process.kill()
    process.join()
    pipe.close()
    held.release()
    clock.pass_(minutes=20)


def counted(workers: list[Worker]) -> Counter[str]:
    """What must have been counted of each entity, by what was acknowledged."""
    sums: Counter[str] = Counter()
    for worker in workers:
        for one in worker.uses():
            sums[one.entity] += one.used
    return sums


def agree(billing: Billing) -> None:
    """Counter, history and outbox say the same of each entity, in one look at the store."""
    context = billing._context
    for entity in ENTITIES:
        with context.store.transaction(context.scope) as look:
            look.lock(entity)  # others go on, but nobody with this one
            found = {
                table: look.all(f"export_{table}", entity_id=entity) for table in ("counter", "usage_day", "outbox")
            }
        used = sum(int(row["used"]) - int(row["held"]) for row in found["counter"])
        days = sum(int(row["amount"]) for row in found["usage_day"])
        told = sum(int(row["amount"]) for row in found["outbox"])
        assert used == days == told


def check(billing: Billing, workers: list[Worker]) -> None:
    """Every acknowledged decision is there under its key and receipt, once; sums are what was acknowledged."""
    agree(billing)
    sums, uses = counted(workers), Counter(one.entity for worker in workers for one in worker.uses())
    for entity in ENTITIES:
        state = billing.consumption(entity, "tokens")
        assert (state.usage, state.held) == (sums[entity], 0)
        kept = [row["receipt"] for row in rows(billing, entity, "decision")]
        assert len(kept) == len(set(kept)) == uses[entity]
    for worker in workers:
        for place, receipt in worker.receipts.items():
            one = Use.of(SEED, worker.number, *place)
            if one.way in {"consume", "refund"}:
                again = billing.consume(one.entity, "tokens", one.asked, idempotency_key=one.key)
                assert (again.receipt, again.replayed) == (receipt, True)
    assert {entity: billing.consumption(entity, "tokens").usage for entity in ENTITIES} == {
        entity: sums[entity] for entity in ENTITIES
    }


def at_stripe(billing: Billing, entity: str, clock: Time) -> int:
    """What the meter of the emulated Stripe has counted."""
    start, end = clock.now.replace(day=1, hour=0, minute=0, second=0), clock.now.replace(day=28)
    return int(billing.usage.summary(entity, "tokens", start=start, end=end).total)
