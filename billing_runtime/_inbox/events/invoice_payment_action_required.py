"""`invoice.payment_action_required`: https://docs.stripe.com/api/events/types#event_types-invoice.payment_action_required"""

from billing_runtime._inbox.facts.invoice import INVOICE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "invoice.payment_action_required",
        why="the bank wants to see the customer: show the hosted invoice",
        fact=INVOICE,
    ),
)
