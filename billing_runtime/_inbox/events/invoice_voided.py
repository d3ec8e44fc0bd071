"""`invoice.voided`: https://docs.stripe.com/api/events/types#event_types-invoice.voided"""

from billing_runtime._inbox.facts.invoice import INVOICE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "invoice.voided",
        why="the invoice counts as never written: what was granted for it is to be taken back",
        fact=INVOICE,
    ),
)
