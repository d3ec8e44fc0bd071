"""`invoice.payment_succeeded`: https://docs.stripe.com/api/events/types#event_types-invoice.payment_succeeded"""

from billing_runtime._inbox.facts.invoice import INVOICE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "invoice.payment_succeeded",
        why="a payment went through; unlike `paid` it is not sent for what was paid elsewhere",
        fact=INVOICE,
    ),
)
