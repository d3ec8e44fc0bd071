"""The limits of entities, with the windows they are counted in: worked out once for a subscription as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from billing_runtime.catalog import Limit
from billing_runtime.clock import to_unix
from billing_runtime.held import NONE
from billing_runtime.limits.counting import Allowance, key_of
from billing_runtime.limits.terms import NOTHING, resolve
from billing_runtime.limits.windows import Window, schedule_of

if TYPE_CHECKING:
    from datetime import datetime

    from billing_runtime._cache.rows import Writes
    from billing_runtime._context import Context
    from billing_runtime.held import Granted, HeldSubscription
    from billing_runtime.holdings import Holdings
    from billing_runtime.limits.terms import LimitSettings, LimitSource
    from billing_runtime.manifest import Manifest

_REMEMBERED = 16_384
_NOT_INCLUDED = Limit(0)


class Moment(NamedTuple):
    """When something is asked, and of which manifest."""

    now: int
    manifest: Manifest


class _Steady(NamedTuple):
    """What was found, and how things stood; it stays so until a time (None: for ever)."""

    allowance: Allowance
    writes: Writes
    since: Moment
    until: int | None

    def holds(self, writes: Writes, moment: Moment) -> bool:
        """Whether it is still so."""
        now, manifest = moment
        return (
            self.writes == writes
            and self.since.manifest is manifest
            and self.since.now <= now
            and (self.until is None or now < self.until)
        )


class Allowances:
    """What every entity may use. Safe to share between threads."""

    def __init__(self, context: Context, holdings: Holdings, settings: LimitSettings) -> None:
        self.settings = settings
        self._context, self._holdings = context, holdings
        self._steady: dict[tuple[str, str], _Steady] = {}
        self._known: dict[str, tuple[HeldSubscription, Granted, dict[str, Allowance]]] = {}

    def of(self, entity_id: str, name: str) -> Allowance:
        """The limit of this plain name that holds for an entity now. Raises UnknownName."""
        return self._under(entity_id, name, self._holdings.of(entity_id))

    def at(self, entity_id: str, name: str, writes: Writes, moment: Moment) -> Allowance:
        """The same for whoever has read how the entity stands; what was found before holds until its time is up."""
        known = self._steady.get((entity_id, name))
        if known is not None and known.holds(writes, moment):
            return known.allowance
        held, until = self._holdings.at(entity_id, writes)
        found = self._under(entity_id, name, held)
        if len(self._steady) > _REMEMBERED:
            self._steady = {}
        self._steady[entity_id, name] = _Steady(found, writes, moment, _unix(until))
        return found

    def last(self, entity_id: str, name: str) -> Allowance | None:
        """What held when it was last asked; it may hold no longer."""
        known = self._steady.get((entity_id, name))
        return None if known is None else known.allowance

    def moment(self, now: int) -> Moment:
        """What allowances depend on besides the entity: the time, and the manifest that is in force."""
        return Moment(now, self._context.manifest)

    def _under(self, entity_id: str, name: str, held: HeldSubscription) -> Allowance:
        granted = held.granted
        known = self._known.get(entity_id)
        if known is None or known[0] is not held or known[1] is not granted:
            if len(self._known) > _REMEMBERED:
                self._known = {}
            known = self._known[entity_id] = held, granted, {}
        found = known[2].get(name)
        if found is None:
            source = resolve(held, name, self._context.manifest, self.settings)
            found = known[2][name] = allowance_of(held, source)
        return found

    def shared(self, entity_id: str) -> frozenset[str]:
        """The names whose limits are shared between the plans of a window, by time."""
        limits = {**self.settings.limits, **self._holdings.of(entity_id).granted.limits}
        return frozenset(name for name, limit in limits.items() if limit.carry == "prorate")

    def meters(self, entity_id: str) -> frozenset[str | None]:
        """The meters that are told of what the entity uses."""
        limits = (*self._holdings.of(entity_id).granted.limits.values(), *self.settings.limits.values())
        return frozenset(limit.meter for limit in limits)


def allowance_of(held: HeldSubscription, source: LimitSource) -> Allowance:
    """A limit with its windows."""
    limit = source.limit or _NOT_INCLUDED
    item = source.item
    anchor, known = _unix(held.billing_cycle_anchor) if held else None, None
    interval, count = None, None
    if item is not None and held:
        interval, count = item.interval, item.interval_count
        start, end = _unix(item.current_period_start), _unix(item.current_period_end)
        if start is not None:
            known = Window(start, end)
            anchor = start if anchor is None else anchor
    period = schedule_of("period", anchor=anchor, interval=interval, count=count, known=known)
    schedule = period if limit.per == "period" else schedule_of(limit.per, anchor=anchor)
    refusal = "limit reached"
    if not held and held.status != NONE:
        refusal = held.access.reason
    elif source.terms_id == NOTHING:
        refusal = "not included"
    key = key_of(limit, source.terms_id, schedule)
    return Allowance(limit, source.terms_id, schedule, period, key, refusal)


def _unix(moment: datetime | None) -> int | None:
    return None if moment is None else to_unix("moment", moment)
