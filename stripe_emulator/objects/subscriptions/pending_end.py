"""A change that nobody paid for within 23 hours is forgotten, and its invoice is void.

https://docs.stripe.com/billing/subscriptions/pending-updates-reference#expiration
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.invoices.close import void
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.subscriptions.pending import EXPIRE, discard
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS: list[Kind] = []
routes = Routes()
tasks = Tasks()


@tasks(EXPIRE)
def expire(call: Call, identifier: str) -> None:
    """Forget the change."""
    subscription = call.store.peek("subscription", identifier) or {}
    waiting = subscription.get("_pending") or {}
    invoice = call.store.get(INVOICE.object, waiting.get("invoice", ""))
    if invoice is None:
        return
    discard(call, invoice, expired=True)
    if invoice["status"] == "open":
        void(call, invoice)
