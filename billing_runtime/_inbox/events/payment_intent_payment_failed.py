"""`payment_intent.payment_failed`: https://docs.stripe.com/api/events/types#event_types-payment_intent.payment_failed"""

from billing_runtime._inbox.facts.payment_intent import PAYMENT_INTENT
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "payment_intent.payment_failed",
        why="the first payment of a subscription failed, or a one-time payment did",
        fact=PAYMENT_INTENT,
    ),
)
