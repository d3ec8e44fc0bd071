"""Units that were left over when a window ended: how many of them may be used in the next ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.limits.counting import Carried, rollover_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billing_runtime.catalog import Rollover
    from billing_runtime.limits.counting import Amount, Counter, Left
    from billing_runtime.limits.windows import Schedule


def carried_on(counter: Counter, schedule: Schedule, start: int, idle_until: int) -> Sequence[Carried]:
    """What is left of earlier windows for the one from `start` on, oldest first.

    Of so many windows at most, and no more than the maximum, as the plan says under which the counter's window ended. A
    window in which nothing was ever asked for, and that ended by `idle_until`, was not used at all.
    """
    policy = rollover_of(counter.key)
    if policy is None:
        return ()
    windows = _before(schedule, start, policy)
    found = [one for one in counter.carried if one.start >= windows[0]]
    if counter.start >= windows[0] and (room := counter.room):
        found.append(Carried(counter.start, room))
    if (size := counter.size) and counter.end is not None:
        ends = [*windows[1:], start]
        idle = [one for one, end in zip(windows, ends, strict=True) if one >= counter.end and end <= idle_until]
        found += [Carried(one, size) for one in idle]
    return _at_most(found, policy.max)


def carry_again(counter: Counter, schedule: Schedule, left: Left, units: Mapping[int, Amount]) -> None:
    """Units, by the window they are of, were given back to the window before the open one, after its end.

    They are carried on as if they had never been taken.
    """
    policy = left.rollover
    if policy is None or left.end != counter.start:
        return
    oldest = _before(schedule, counter.start, policy)[0]
    wanted = {start: number for start, number in units.items() if start >= oldest}
    more = sum(wanted.values())
    if policy.max is not None:
        more = min(more, policy.max - left.handed)
    left.handed += more
    most = more + sum(one.left for one in counter.carried)
    carried: Sequence[Carried] = counter.carried
    for start, number in wanted.items():
        carried = put_back(carried, start, number)
    counter.carried = _at_most(carried, most)


def put_back(carried: Sequence[Carried], start: int, units: Amount) -> list[Carried]:
    """With so many units more of the window that began at `start`."""
    left = {one.start: one.left for one in carried}
    left[start] = left.get(start, 0) + units
    return [Carried(start, left[start]) for start in sorted(left)]


def _before(schedule: Schedule, start: int, policy: Rollover) -> list[int]:
    """When the windows began whose units may still be used, oldest first."""
    windows = []
    for _ in range(policy.periods):
        start = schedule.before(start).start
        windows.append(start)
    return windows[::-1]


def _at_most(carried: Sequence[Carried], most: Amount | None) -> Sequence[Carried]:
    """The newest of them, up to a sum."""
    if most is None:
        return carried
    kept: list[Carried] = []
    for one in reversed(carried):
        left = min(one.left, most - sum(other.left for other in kept))
        if left > 0:
            kept.append(Carried(one.start, left))
    return kept[::-1]
