"""`billing.alerts`: usage alerts that Stripe has fired, each once in a customer's life.

They count what Stripe has counted since the alert was made, and cannot refuse anything: a limit can, and a limit's own
thresholds are told in every window. https://docs.stripe.com/billing/subscriptions/usage-based/alerts
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from billing_runtime import _inputs
from billing_runtime.clock import time_of

if TYPE_CHECKING:
    from billing_runtime._context import Context
    from billing_runtime._inbox.facts_kept import KeptFact
    from billing_runtime.inbox import Inbox


@dataclass(frozen=True, slots=True)
class FiredAlert:
    """An alert that fired for an entity's customer.

    `name` and `title` are the manifest's, None for an alert that is not in it; so are `meter` and `gte`, the number of
    units that it fires at. `value` is what had been used by then.
    """

    alert_id: str
    name: str | None
    title: str | None
    meter: str | None
    gte: int | None
    value: int | None
    at: datetime


class Alerts:
    """Alerts, as their events have told; `billing.on("billing.alert.triggered", …)` hears of each when it fires."""

    def __init__(self, context: Context, inbox: Inbox) -> None:
        self._context, self._inbox = context, inbox

    def of(self, entity_id: str) -> tuple[FiredAlert, ...]:
        """Every alert that ever fired for the entity, the first one first; from the store alone."""
        facts = self._inbox.facts(_inputs.entity(entity_id), "billing.alert_triggered")
        return tuple(sorted(map(self._fired, facts), key=lambda one: (one.at, one.alert_id)))

    def _fired(self, fact: KeptFact) -> FiredAlert:
        identifier = str(fact.body["alert"])
        known = next((one for one in self._context.manifest.alerts.values() if one.id == identifier), None)
        return FiredAlert(
            identifier,
            None if known is None else known.key,
            None if known is None else known.title,
            None if known is None else known.meter,
            None if known is None else known.gte,
            fact.body["value"],
            time_of(fact.body["at"]),
        )
