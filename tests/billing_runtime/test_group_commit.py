"""One commit for all who wait, also across a fork."""

from __future__ import annotations

import signal
import threading

from billing_runtime._group_commit import GroupCommit
from tests.billing_runtime.conftest import holds_in_child


def test_a_fork_in_the_middle_of_a_commit() -> None:
    """A child must not wait for a commit that goes on in its parent, for nobody would ever wake it."""
    begun, goes_on = threading.Event(), threading.Event()

    def commit(items: object) -> list[int]:
        begun.set()
        goes_on.wait()
        return list(items)  # type: ignore[call-overload, no-any-return]

    group: GroupCommit[int, int] = GroupCommit(commit)
    thread = threading.Thread(target=group.add, args=(1,))
    thread.start()
    begun.wait()

    def answers() -> bool:
        signal.alarm(20)  # rather than for ever
        goes_on.set()
        return group.add(2) == 2

    try:
        assert holds_in_child(answers)
    finally:
        goes_on.set()
        thread.join()
