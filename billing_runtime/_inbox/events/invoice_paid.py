"""`invoice.paid`: https://docs.stripe.com/api/events/types#event_types-invoice.paid"""

from billing_runtime._inbox.facts.invoice import INVOICE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "invoice.paid",
        why="the period is paid, also when it was marked so by hand: access goes on, credits may be granted",
        fact=INVOICE,
    ),
)
