"""The events that an application on the runtime lives by, and what goes unnoticed without each.

https://docs.stripe.com/api/events/types
"""

from __future__ import annotations

from collections.abc import Mapping

NEEDED: Mapping[str, str] = {
    "checkout.session.completed": "that somebody bought",
    "customer.subscription.created": "new subscriptions",
    "customer.subscription.updated": "changes of plan, seats and state",
    "customer.subscription.deleted": "that a subscription has ended",
    "customer.subscription.trial_will_end": "that a trial is about to end",
    "invoice.paid": "that a bill is paid",
    "invoice.payment_failed": "that a payment failed",
}
"""Without these the application goes on serving who does not pay, or keeps out who does."""
ALERTS = "billing.alert.triggered"
"""Needed wherever an alert is declared."""
EVERY = "*"
"""What an endpoint writes to receive all of them."""
