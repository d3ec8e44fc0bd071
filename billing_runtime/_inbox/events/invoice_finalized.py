"""`invoice.finalized`: https://docs.stripe.com/api/events/types#event_types-invoice.finalized"""

from billing_runtime._inbox.facts.invoice import INVOICE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "invoice.finalized",
        why="the amounts are fixed and the number is given: it can be shown",
        fact=INVOICE,
    ),
)
