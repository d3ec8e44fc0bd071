"""`invoice.payment_failed`: https://docs.stripe.com/api/events/types#event_types-invoice.payment_failed"""

from billing_runtime._inbox.facts.invoice import INVOICE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "invoice.payment_failed",
        why="a renewal was not paid: the subscription is past due, and the customer is to be told",
        fact=INVOICE,
    ),
)
