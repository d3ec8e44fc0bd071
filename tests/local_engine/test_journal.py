"""The journal."""

from __future__ import annotations

import threading

from local_engine.journal import Journal
from local_engine.state import Operation, ResourceState, Snapshot
from local_engine.steps import Op, Step

A, B = "urn:pulumi:d::p::k::a", "urn:pulumi:d::p::k::b"


def _state(urn: str = A, **facts: object) -> ResourceState:
    return ResourceState(urn, "k", custom=True).copied(**facts)


class Disk:
    """Keeps what is written."""

    def __init__(self, base: Snapshot | None = None) -> None:
        self.writes: list[Snapshot] = []
        self.journal = Journal(base or Snapshot(), self.writes.append)

    def do(self, op: Op, old: ResourceState | None, new: ResourceState | None, *, succeeded: bool = True) -> None:
        """Begin and end one step."""
        step = Step(op, A, old, new)
        self.journal.begin(step)
        self.journal.end(step, succeeded=succeeded)

    def pending(self) -> list[list[str]]:
        """Return the pending operations of each write."""
        return [[operation.kind for operation in snapshot.pending] for snapshot in self.writes]


def test_an_intention_is_written_before_it_is_carried_out() -> None:
    """A create is pending in the first write, and done in the second."""
    disk, new = Disk(), _state()
    disk.do("create", None, new)
    assert disk.pending() == [["creating"], []]
    assert [snapshot.resources for snapshot in disk.writes] == [[], [new]]


def test_a_failed_step_changes_nothing() -> None:
    """After a failed update the old state is there, and nothing is pending."""
    old = _state()
    disk = Disk(Snapshot([old]))
    disk.do("update", old, _state(), succeeded=False)
    assert disk.writes[-1].resources == [old]
    assert disk.pending() == [["updating"], []]


def test_the_same_is_not_written() -> None:
    """A resource without a change costs no write; one whose protection changed does."""
    old = _state()
    disk = Disk(Snapshot([old]))
    disk.do("same", old, _state())
    assert disk.writes == []
    disk.do("same", old, _state(protect=True))
    assert len(disk.writes) == 1


def test_a_replaced_resource_stays_beside_its_replacement() -> None:
    """Create first: the new one, then the old one, until that is deleted."""
    old, new = _state(id="1"), _state(id="2")
    disk = Disk(Snapshot([old]))
    old.delete = True
    disk.do("create-replacement", old, new)
    assert disk.writes[-1].resources == [new, old]
    disk.do("delete-replaced", old, None)
    assert disk.writes[-1].resources == [new]


def test_a_resource_deleted_first_stays_until_it_is_replaced() -> None:
    """Delete first: the entry stays as pending replacement, so that a crash forgets nothing."""
    old = _state(id="1", pending_replacement=True)
    disk = Disk(Snapshot([old]))
    disk.do("delete-replaced", old, None)
    assert disk.writes[-1].resources == [old]
    disk.do("create-replacement", old, new := _state(id="2"))
    assert disk.writes[-1].resources == [new]


def test_only_interrupted_creates_are_remembered_for_ever() -> None:
    """A create that was interrupted may have made something; updates and deletes are simply done again."""
    pending = [Operation("creating", _state(B)), Operation("updating", _state()), Operation("deleting", _state())]
    disk = Disk(Snapshot([], pending))
    disk.journal.close()
    assert disk.pending() == [["creating"]]


def test_a_renamed_resource_is_renamed_everywhere() -> None:
    """Whoever refers to the former name refers to the new one."""
    dependent = _state("urn:pulumi:d::p::k::c", parent=A, dependencies=[A], property_dependencies={"x": [A]})
    old = _state()
    disk = Disk(Snapshot([old, dependent]))
    disk.do("same", old, _state(B))
    assert set(disk.writes[-1].resources[1].links()) == {B}


def test_a_name_handed_on_twice_arrives() -> None:
    """Whoever refers to a name that is taken over, and taken over again, refers to the last one."""
    c, d = _state("urn:pulumi:d::p::k::c"), _state("urn:pulumi:d::p::k::d", parent=A)
    first, second = _state(), _state(B)
    disk = Disk(Snapshot([first, second, d]))
    disk.do("same", first, _state(B))
    disk.do("same", second, c)
    assert set(d.links()) == {c.urn}


def test_writes_that_wait_for_the_disk_become_one() -> None:
    """While one write is under way, everybody who waits shares the next."""
    started, go_on = threading.Event(), threading.Event()
    writes: list[Snapshot] = []

    def slow(snapshot: Snapshot) -> None:
        writes.append(snapshot)
        started.set()
        go_on.wait(10)

    journal = Journal(Snapshot(), slow)
    threads = [threading.Thread(target=journal.begin, args=(Step("create", A, None, _state()),)) for _ in range(9)]
    threads[0].start()
    started.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(journal.snapshot().pending) < 9:
        pass
    go_on.set()
    for thread in threads:
        thread.join()
    assert len(writes[-1].pending) == 9
    assert len(writes) <= 3
