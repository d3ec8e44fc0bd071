"""What is lost with Redis, and with a process: never more than was lent out, and nothing that was recorded."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.billing_runtime.conftest import holds_in_child
from tests.billing_runtime.leases.test_leases import used, warm

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import Billing
    from tests.billing_runtime.consuming.conftest import Time
    from tests.redis_server import Server

pytestmark = pytest.mark.redis


def test_without_redis_the_store_decides(billing: Billing, redis_server: Server) -> None:
    """While Redis is away every decision must be the store's, but for what was lent out before."""
    redis_server.kill()
    made = [billing.consume("org_1", "calls") for _ in range(30)]
    assert [one.usage for one in made] == list(range(1, 31))
    billing.leases.settle()
    assert used(billing) == 30


def test_a_lease_outlives_its_redis(billing: Billing, redis_server: Server) -> None:
    """What a process has in its hands it may use to the end, and tell."""
    number = warm(billing)
    redis_server.kill()
    for _ in range(30):
        assert billing.consume("org_1", "calls")
    billing.leases.settle()
    assert used(billing) == number + 30


def test_killed_flushed_and_restarted_under_load(open_leased: Callable[..., Billing], redis_server: Server) -> None:
    """Whatever happens to Redis, what was allowed must be what counts, and within the limit."""
    both = [open_leased(units=500), open_leased(units=500)]
    allowed = [0] * 6
    begun = threading.Barrier(len(allowed) + 1)

    def use(place: int) -> None:
        begun.wait()
        while both[place % 2].consume("org_1", "calls", 3):
            allowed[place] += 3

    threads = [threading.Thread(target=use, args=(place,)) for place in range(len(allowed))]
    for thread in threads:
        thread.start()
    begun.wait()
    while any(thread.is_alive() for thread in threads):
        redis_server.flush()
        redis_server.kill()
        redis_server.start()
        threads[0].join(0.05)
    for one in both:
        one.leases.settle()
    assert sum(allowed) == used(both[0])
    assert 0 < sum(allowed) <= 10_000


def test_a_redis_that_goes_back_in_time(open_leased: Callable[..., Billing], redis_server: Server) -> None:
    """After a restart Redis may remember more than was left: nobody must get any of it."""
    warm(open_leased())
    redis_server.kill()
    redis_server.start()
    leasing = open_leased()._leasing
    assert leasing is not None
    assert leasing._pool.take("org_1", "calls", 10, 1) is None


_KILLED = """
import json, os, signal, sys
from datetime import datetime, UTC
from billing_runtime import Billing, LeaseSettings
told = json.loads(sys.argv[1])
billing = Billing.open(
    manifest=told["manifest"], store=told["store"], api_key="sk_test_emulator", environ={},
    clock=lambda: datetime.fromtimestamp(told["now"], UTC), leases=told["redis"], lease=LeaseSettings(units=200),
)
allowed = sum(bool(billing.consume("org_1", "calls")) for _ in range(150))
print(json.dumps([allowed, billing.leases.bound("org_1", "calls")]), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_is_killed(
    billing: Billing, limited: dict[str, Any], any_store_url: str, clock: Time, redis_server: Server
) -> None:
    """Its loss must be within the bound, nobody pays for it, and after a while the whole limit can be used."""
    told = {"manifest": limited, "store": any_store_url, "now": clock.now.timestamp(), "redis": redis_server.url}
    killed = subprocess.run([sys.executable, "-c", _KILLED, json.dumps(told)], capture_output=True, check=False)
    allowed, bound = json.loads(killed.stdout)
    clock.pass_(hours=1)
    # A server may still be at work on what the killed process asked for last: then it was not the whole limit yet.
    tries = (billing.consume("org_1", "calls", 10_000 - used(billing)) for _ in range(1000))
    made = next(made for made in tries if made)
    kept = 10_000 - made.parts[0].amount
    assert allowed - bound <= kept <= allowed == 150
    assert not billing.consume("org_1", "calls")


def test_a_fork_takes_no_units_along(billing: Billing) -> None:
    """Units that a parent and its child both counted down would be used twice."""
    warm(billing)

    def forgotten() -> bool:
        leasing = billing._leasing
        assert leasing is not None
        return leasing.consume("org_1", "calls", 1) is None

    assert holds_in_child(forgotten)
