"""`invoice.marked_uncollectible`: https://docs.stripe.com/api/events/types#event_types-invoice.marked_uncollectible"""

from billing_runtime._inbox.facts.invoice import INVOICE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "invoice.marked_uncollectible",
        why="nobody expects this to be paid any more: the subscription may have become unpaid",
        fact=INVOICE,
    ),
)
