"""`billing.inbox`: what came in from Stripe, what became of it, and what Stripe said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from billing_runtime._inbox.applying import Applying
from billing_runtime._inbox.backoff import Backoff
from billing_runtime._inbox.events import EVENTS
from billing_runtime._inbox.facts_kept import FactRows
from billing_runtime._inbox.intake import Intake
from billing_runtime._inbox.processing import Processing
from billing_runtime._inbox.rows import InboxRows
from billing_runtime._inbox.telling import Telling
from billing_runtime.clock import from_unix, to_unix
from billing_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime._context import Context
    from billing_runtime._inbox.facts_kept import KeptFact
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._inbox.secrets import WebhookSecrets

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the inbox is behind: events waiting, those of them that failed before, and since when the oldest waits.

    `dead` events were given up and wait for `replay`; `unhandled` ones are of types that nothing is done about.
    """

    waiting: int
    failing: int
    oldest: datetime | None
    seconds: int
    dead: int
    unhandled: int


class Inbox:
    """Webhooks that were taken in. Every call is of this account and mode."""

    def __init__(
        self, context: Context, secrets: WebhookSecrets, *, backoff: Backoff | None = None, wake: Callable[[], None]
    ) -> None:
        hooks, cache, clock = context.hooks, context.cache, context.clock
        self._clock = clock
        self._rows = InboxRows(context.store, context.scope)
        self._facts = FactRows(context.store, context.scope)
        tries = backoff or Backoff()
        applying = Applying(self._rows, cache, context.api, hooks, tries)
        telling = Telling(self._rows, self._facts, cache, hooks, tries)
        self.processing = Processing(self._rows, applying, telling, clock)
        self.intake = Intake(self._rows, secrets, clock, on_arrival=wake)

    def find(self, event_id: str) -> InboxEvent | None:
        """One event, and what became of it."""
        return self._rows.find(event_id)

    def waiting(self, most: int = _SHOWN) -> list[InboxEvent]:
        """Events still to be worked on, the longest waiting first."""
        return self._rows.waiting(most)

    def dead(self, most: int = _SHOWN) -> list[InboxEvent]:
        """Events that were given up after many failures, newest first; each says why."""
        return self._rows.aside("dead", most)

    def lag(self) -> Lag:
        """How far processing is behind, for `billing doctor` and for alarms."""
        waiting, failing, oldest, dead, unhandled = self._rows.numbers()
        since = from_unix(oldest)
        seconds = 0 if oldest is None else max(0, self._now() - oldest)
        return Lag(waiting, failing, since, seconds, dead, unhandled)

    def replay(self, event_id: str) -> None:
        """Work on an event again from the beginning, whatever became of it. Raises InvalidInput if it never came."""
        if not self._rows.replay(event_id, self._now()):
            message = f"No event {event_id!r} ever came in: `billing inbox list` shows what did."
            raise InvalidInput(message)

    def replay_dead(self) -> int:
        """Work again on every event that was given up; how many there are."""
        return sum(self._rows.replay_aside("dead", name, self._now()) for name in self._rows.aside_types("dead"))

    def take_up_unhandled(self) -> int:
        """Work on events that an older version of this package did not know; how many there are."""
        known = [name for name in self._rows.aside_types("unhandled") if name in EVENTS]
        return sum(self._rows.replay_aside("unhandled", name, self._now()) for name in known)

    def facts(self, entity_id: str, kind: str) -> tuple[KeptFact, ...]:
        """What Stripe said last about an entity's objects that are no subscriptions.

        Kinds: invoice, checkout.session, payment_intent, charge, dispute, customer, billing.credit_grant,
        billing.alert_triggered, entitlements; meter_errors belong to no entity.
        """
        return self._facts.of(entity_id, kind)

    def fact(self, kind: str, object_id: str) -> KeptFact | None:
        """What Stripe said last about one object."""
        return self._facts.find(kind, object_id)

    def _now(self) -> int:
        return to_unix("clock()", self._clock())
