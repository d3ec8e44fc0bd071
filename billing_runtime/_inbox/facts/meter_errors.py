"""Usage that Stripe refused after it had taken it in: https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api#handle-errors"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._inbox.facts.reading import read
from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi


def _read(api: StripeApi, event: InboxEvent) -> Fact | None:
    """A thin event carries nothing: what happened is read by its id."""
    body = read(api, "read an event", lambda client: client.v2.core.events.retrieve(event.event_id))
    if body is None:
        return None
    return Fact({"meter": event.object_id, "at": event.created, "report": body.get("data")})


METER_ERRORS = FactKind("meter_errors", _read, lambda event: event.event_id)
