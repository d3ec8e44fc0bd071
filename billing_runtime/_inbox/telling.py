"""The second step of an event: the application hears of it, after everything is committed and at least once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._inbox.events import EVENTS
from billing_runtime._inbox.failing import put_off
from billing_runtime._inbox.hooks import BillingEvent
from billing_runtime._inbox.rows import Fate
from billing_runtime.clock import time_of

if TYPE_CHECKING:
    from billing_runtime._cache import Cache
    from billing_runtime._inbox.backoff import Backoff
    from billing_runtime._inbox.facts_kept import FactRows, KeptFact
    from billing_runtime._inbox.hooks import Hooks
    from billing_runtime._inbox.rows import InboxEvent, InboxRows


class Telling:
    """Calls hooks."""

    def __init__(self, rows: InboxRows, facts: FactRows, cache: Cache, hooks: Hooks, backoff: Backoff) -> None:
        self._rows, self._facts, self._cache, self._hooks, self._backoff = rows, facts, cache, hooks, backoff

    def tell(self, event: InboxEvent) -> None:
        """Call the hooks in order. One that raises is called again later, and those before it too."""
        told = self._told(event)
        try:
            for hook in self._hooks.of(event.type):
                hook(told)
        except Exception as error:  # noqa: BLE001 - the application's own fault: shown, and tried again
            self._rows.settle([put_off(event, error, self._backoff, self._cache.now())])
        else:
            self._rows.settle([Fate(event.event_id, "done", event.attempts)])

    def _told(self, event: InboxEvent) -> BillingEvent:
        fact = self._fact(event)
        customer = event.customer_id or (fact.customer_id if fact else None)
        return BillingEvent(
            id=event.event_id,
            type=event.type,
            created=time_of(event.created),
            entity_id=None if customer is None else self._cache.rows.owner(customer),
            customer_id=customer,
            object_id=event.object_id,
            fact=fact.body if fact else {},
        )

    def _fact(self, event: InboxEvent) -> KeptFact | None:
        kind = EVENTS[event.type].fact
        return None if kind is None else self._facts.find(kind.name, kind.object_id(event))
