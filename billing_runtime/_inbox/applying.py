"""The first step of an event: ask Stripe how things are now, and write that down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from billing_runtime._inbox.events import EVENTS
from billing_runtime._inbox.facts_kept import keep_fact
from billing_runtime._inbox.failing import put_off
from billing_runtime._inbox.rows import Fate, settle
from billing_runtime.errors import StoreError, StripeUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from billing_runtime._cache import Cache
    from billing_runtime._inbox.backoff import Backoff
    from billing_runtime._inbox.handler import Fact
    from billing_runtime._inbox.hooks import Hooks
    from billing_runtime._inbox.rows import InboxEvent, InboxRows
    from billing_runtime._stripe import StripeApi

    Place = tuple[str, str]
    Outcome = Fact | Exception | None


class Applying:
    """Turns pending events into what Stripe says now."""

    def __init__(self, rows: InboxRows, cache: Cache, api: StripeApi, hooks: Hooks, backoff: Backoff) -> None:
        self._rows, self._cache, self._api, self._hooks, self._backoff = rows, cache, api, hooks, backoff

    def apply(self, events: Sequence[InboxEvent]) -> list[InboxEvent]:
        """Write down what the events mean; those of which a hook is still to hear.

        Every event was told before the asking began, so one answer about a customer or an object is for all of them.
        Raises StripeUnavailable or StoreError; the events it is about are due again later.
        """
        if not events:
            return []
        seq = self._cache.rows.next_number()
        failure = self._refreshed(events)
        if failure is not None:
            self._rows.settle([put_off(event, failure, self._backoff, self._cache.now()) for event in events])
            _raise_passing([failure])
            return []
        known = self._facts(events)
        self._keep(events, known, seq)
        _raise_passing(known.values())
        return [self._applied(event) for event in events if self._is_for_hooks(event, known)]

    def _refreshed(self, events: Sequence[InboxEvent]) -> Exception | None:
        """Read the customers' subscriptions again; what went wrong."""
        customers = {event.customer_id for event in events if EVENTS[event.type].refresh}
        try:
            for customer in sorted(filter(None, customers)):
                self._cache.refresh(customer)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault must not stop other customers' events
            return error
        return None

    def _facts(self, events: Sequence[InboxEvent]) -> dict[Place, Outcome]:
        """What Stripe says about the objects of the events; each is asked about once."""
        known: dict[Place, Outcome] = {}
        for event in events:
            place = _place(event)
            if place is not None and place not in known:
                known[place] = self._fact(event)
        return known

    def _fact(self, event: InboxEvent) -> Outcome:
        kind = EVENTS[event.type].fact
        try:
            return kind.read(self._api, event) if kind else None
        except Exception as error:  # noqa: BLE001 - it is this event's failure, not the others'
            return error

    def _keep(self, events: Sequence[InboxEvent], known: Mapping[Place, Outcome], seq: int) -> None:
        facts = {place: fact for place, fact in known.items() if fact and not isinstance(fact, Exception)}
        owners = {fact.customer_id: self._owner(fact.customer_id) for fact in facts.values()}
        with self._rows.store.transaction(self._rows.scope) as change:
            for place, fact in sorted(facts.items()):
                keep_fact(change, place, fact, entity_id=owners[fact.customer_id], seq=seq)
            for event in events:
                settle(change, self._fate(event, known.get(_place(event) or ("", ""))))

    def _fate(self, event: InboxEvent, outcome: Outcome) -> Fate:
        """An event that somebody wants to hear of is due at once; any other is done."""
        now = self._cache.now()
        if isinstance(outcome, Exception):
            return put_off(event, outcome, self._backoff, now)
        if self._hooks.of(event.type):
            return Fate(event.event_id, "applied", 0, due_at=now)
        return Fate(event.event_id, "done", event.attempts)

    def _is_for_hooks(self, event: InboxEvent, known: Mapping[Place, Outcome]) -> bool:
        failed = isinstance(known.get(_place(event) or ("", "")), Exception)
        return not failed and bool(self._hooks.of(event.type))

    def _applied(self, event: InboxEvent) -> InboxEvent:
        return replace(event, state="applied", attempts=0, problem=None)

    def _owner(self, customer_id: str | None) -> str | None:
        return None if customer_id is None else self._cache.rows.owner(customer_id)


def _place(event: InboxEvent) -> Place | None:
    kind = EVENTS[event.type].fact
    return None if kind is None else (kind.name, kind.object_id(event))


def _raise_passing(outcomes: Iterable[Outcome]) -> None:
    """Tell the caller that Stripe or the store is away: others would fail as well."""
    for outcome in outcomes:
        if isinstance(outcome, (StripeUnavailable, StoreError)):
            raise outcome
