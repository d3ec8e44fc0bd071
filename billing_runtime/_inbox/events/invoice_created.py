"""`invoice.created`: https://docs.stripe.com/api/events/types#event_types-invoice.created"""

from billing_runtime._inbox.facts.invoice import INVOICE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "invoice.created",
        why="a period begins: the invoice is a draft for an hour, in which usage can still be added",
        fact=INVOICE,
    ),
)
