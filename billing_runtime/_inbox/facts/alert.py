"""Usage alerts that fired: https://docs.stripe.com/api/billing/alert-triggered"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi


def _name(event: InboxEvent) -> str:
    return f"{event.details.get('alert')}/{event.customer_id}"


def _read(_: StripeApi, event: InboxEvent) -> Fact | None:
    """The event is all there is: an alert does not remember for whom it fired."""
    return Fact({**event.details, "at": event.created}, event.customer_id)


ALERT = FactKind("billing.alert_triggered", _read, _name)
