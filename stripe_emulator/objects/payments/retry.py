"""Invoices that were not paid are tried again on their day.

https://docs.stripe.com/billing/revenue-recovery/smart-retries and https://docs.stripe.com/declines/codes
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.payments.collect import collect, not_tried
from stripe_emulator.objects.payments.dunning import RETRY
from stripe_emulator.objects.payments.invoice_intent import current_intent, method_of
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS: list[Kind] = []
routes = Routes()
tasks = Tasks()


@tasks(RETRY)
def retry(call: Call, identifier: str) -> None:
    """Try again; what the bank has refused for good is tried only if there is something else to pay with."""
    invoice = call.store.get(INVOICE.object, identifier)
    if invoice is None or invoice["status"] != "open":
        return
    invoice = {**invoice, "attempt_count": invoice["attempt_count"] + 1}
    intent = current_intent(call, invoice)
    if intent is not None and _is_refused(intent) and intent["_tried"] == method_of(call, invoice):
        not_tried(call, invoice)
    else:
        collect(call, invoice)


def _is_refused(intent: Document) -> bool:
    """Say whether the bank has refused for good, or waits for the customer."""
    return bool(intent.get("_is_hard")) or intent["status"] == "requires_action"
