"""One lock per name."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

from billing_runtime._locks import KeyedLocks


def test_one_at_a_time_per_name() -> None:
    """Threads with one name must never be inside together."""
    locks, inside, seen = KeyedLocks(), [0], []

    def visit(_: int) -> None:
        with locks.of("a"):
            inside[0] += 1
            seen.append(inside[0])
            inside[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(200)))
    assert set(seen) == {1}


def test_names_do_not_wait_for_each_other() -> None:
    """Another name's lock must be free."""
    locks, entered = KeyedLocks(), threading.Event()

    def visit() -> None:
        with locks.of("b"):
            entered.set()

    with locks.of("a"):
        thread = threading.Thread(target=visit)
        thread.start()
        assert entered.wait(60)
    thread.join()


def test_a_thread_may_enter_twice() -> None:
    """A call that uses another call on the same entity must not wait for itself."""
    locks = KeyedLocks()
    with locks.of("a"), locks.of("a"):
        pass


def test_locks_of_names_that_are_gone_are_gone() -> None:
    """A million entities must not leave a million locks behind."""
    locks = KeyedLocks()
    for number in range(100):
        with locks.of(str(number)):
            pass
    gc.collect()
    assert len(locks._locks) == 0
