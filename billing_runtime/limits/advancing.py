"""What a new window, or another plan, makes of a counter.

Nothing runs at a renewal: a counter is brought up to date when it is next asked, so it is right even if Stripe's event
is late. What it was before a change of plan stays with the window, so whoever changes to and fro gains nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from billing_runtime.limits.counting import (
    Base,
    Left,
    Shares,
    copied_plans,
    included,
    left_behind,
    stand_on_base,
)
from billing_runtime.limits.rolling import carried_on

if TYPE_CHECKING:
    from billing_runtime.limits.counting import Allowance, Counter, Place
    from billing_runtime.limits.windows import Window

Find = Callable[[str, int], Left | None]

# Machines differ by seconds, and a clock may be set back: so long the window that has begun stays open.
_SET_BACK = 3600
# A change of plan that is known so late, or after a hundredth of the window, was made at its beginning.
_SOON, _SOON_PART = 3600, 100


def advance(counter: Counter, allowance: Allowance, now: int, find: Find, changed_at: int | None = None) -> bool:
    """Bring a counter up to date with the clock and with the plan; whether anything changed.

    `find(per, start)` is the window of this counter that is no longer open, if there is one. `changed_at` is when the
    plan was changed, if that is known and it was; else it is thought to have been now.
    """
    same = counter.key == allowance.key
    if same and counter.start <= now and (counter.end is None or now < counter.end):
        return False
    if now < counter.start <= now + _SET_BACK:
        if same:
            return False
        now = counter.start
    window = allowance.schedule.at(now)
    fresh = False
    if not counter.key:
        counter.terms = allowance.terms
    elif counter.place != (allowance.limit.per, window.start):
        fresh = _enter(counter, allowance, window, now, find, changed_at)
    counter.per, (counter.start, counter.end) = allowance.limit.per, window
    if counter.terms != allowance.terms:
        at = now if changed_at is None else min(changed_at, now)
        _change(counter, allowance, window, at, fresh=fresh)
    counter.key = allowance.key
    _grant(counter, allowance, window)
    return True


def _enter(
    counter: Counter, allowance: Allowance, window: Window, now: int, find: Find, changed_at: int | None
) -> bool:
    """Another window is open now; whether it is one that begins with what was used before."""
    place = allowance.limit.per, window.start
    if now < counter.start:
        _go_back(counter, place, find)
        return False
    if counter.end is None or counter.end > window.start:
        return _move(counter, place, find)
    left = left_behind(counter, moved=False)
    counter.left.append(left)
    idle_until = window.start if counter.terms == allowance.terms else min(window.start, changed_at or 0)
    counter.carried = carried_on(counter, allowance.schedule, window.start, idle_until)
    left.handed = sum(one.left for one in counter.carried)
    _begin_window(counter, find(*place) if place in counter.ahead else None)
    if counter.ahead:
        counter.ahead = [one for one in counter.ahead if one[1] > window.start]
    return False


def _go_back(counter: Counter, place: Place, find: Find) -> None:
    """The clock was wrong, and is set back: the window of today goes on, with what was counted in it."""
    counter.left.append(left_behind(counter, moved=False))
    counter.carried = [one for one in counter.carried if one.start < place[1]]
    counter.ahead = sorted({*counter.ahead, counter.place} - {place})
    _begin_window(counter, find(*place))


def _begin_window(counter: Counter, back: Left | None) -> None:
    """A window begins, or goes on, under the plan that held until now; what was changed since is seen to after that."""
    known = back or Left(granted=counter.size)
    counter.epoch += 1
    counter.since = counter.epoch
    counter.used, counter.paid, counter.reached, counter.level = known.used, known.paid, known.reached, known.level
    counter.granted, counter.terms = known.granted, known.terms or counter.terms
    counter.met, counter.bases, counter.shares = copied_plans(known)
    stand_on_base(counter)


def _move(counter: Counter, place: Place, find: Find) -> bool:
    """Another plan counts in other windows, before the open one has ended; whether nobody was in this one before.

    What was used stays used. Whoever comes back to a window finds it as it was left, and what was used meanwhile.
    """
    back = find(*place)
    left = left_behind(counter, moved=True)
    counter.left.append(left)
    counter.epoch += 1
    if back is None:
        counter.reached, counter.shares = 0, None
        return True
    counter.used = back.used + counter.total - back.total
    counter.paid = back.paid + counter.paid_total - back.paid_total
    if counter.level:
        counter.level = back.level + counter.total - back.total
    counter.since, counter.reached, counter.granted = back.since, back.reached, back.granted
    counter.terms = back.terms or counter.terms
    counter.met, counter.bases, counter.shares = copied_plans(back)
    _remember_plans(counter, left)
    stand_on_base(counter)
    return False


def _remember_plans(counter: Counter, left: Left) -> None:
    """The plans that the window which was left has met count on from where they began: none of them begins anew."""
    missed = left.total - left.used - (counter.total - counter.used)
    missed_paid = left.paid_total - left.paid - (counter.paid_total - counter.paid)
    met = dict(counter.met) or {counter.terms: counter.since}
    bases = {base.epoch: base for base in left.bases}
    for terms, epoch in (left.met or {left.terms: left.since}).items():
        if terms in met:
            continue
        base = bases.get(epoch) or Base(epoch, 0, 0)
        met[terms] = max(counter.since, epoch)
        if epoch > counter.since and all(one.epoch != epoch for one in counter.bases):
            counter.bases = [*counter.bases, Base(epoch, base.used + missed, base.paid + missed_paid)]
    if len(met) > 1:
        counter.met = met


def _change(counter: Counter, allowance: Allowance, window: Window, at: int, *, fresh: bool) -> None:
    """Another plan holds: its policy is applied, once."""
    soon = _SOON if window.end is None else min(_SOON, (window.end - window.start) // _SOON_PART)
    at = window.start if at - window.start <= soon else at
    if counter.used or counter.met or (at > window.start and not fresh):
        met = dict(counter.met) or {counter.terms: counter.since}
        if allowance.terms not in met:
            met[allowance.terms] = _begin(counter, allowance)
        if not fresh:
            _share(counter, window, at)
        counter.met = met
    counter.terms = allowance.terms
    stand_on_base(counter)


def _begin(counter: Counter, allowance: Allowance) -> int:
    """The epoch from which on a plan counts that the window meets for the first time."""
    if allowance.limit.carry == "reset" and counter.usage:
        counter.epoch += 1
        counter.bases = [*counter.bases, Base(counter.epoch, counter.used, counter.paid)]
        return counter.epoch
    return counter.since if counter.base is None else counter.base.epoch


def _share(counter: Counter, window: Window, at: int) -> None:
    """The plan that held until now included its part of the window."""
    shares = counter.shares or Shares(0, 0, window.start, counter.granted)
    seconds = max(0, at - shares.since)
    if shares.size is None:
        shares.endless += seconds
    else:
        shares.sum += shares.size * seconds
    shares.since += seconds
    counter.shares = shares


def _grant(counter: Counter, allowance: Allowance, window: Window) -> None:
    """What the window includes from now on."""
    counter.granted = size = included(allowance.limit)
    shares = counter.shares
    if shares is None:
        return
    shares.size = size
    if allowance.limit.carry == "prorate" and size is not None and window.end is not None:
        # A plan without an end counts as much as the one that holds; the fraction of a unit is left out.
        whole = shares.sum + size * (shares.endless + window.end - shares.since)
        counter.granted = whole // (window.end - window.start)
