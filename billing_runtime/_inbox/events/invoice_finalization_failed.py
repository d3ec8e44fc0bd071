"""`invoice.finalization_failed`: https://docs.stripe.com/api/events/types#event_types-invoice.finalization_failed"""

from billing_runtime._inbox.facts.invoice import INVOICE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "invoice.finalization_failed",
        why="Stripe could not fix the invoice (an address for taxes, often): nothing will be paid until it is mended",
        fact=INVOICE,
    ),
)
