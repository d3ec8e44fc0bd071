"""`payment_intent.canceled`: https://docs.stripe.com/api/events/types#event_types-payment_intent.canceled"""

from billing_runtime._inbox.facts.payment_intent import PAYMENT_INTENT
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "payment_intent.canceled",
        why="a payment was given up: an incomplete subscription may have expired",
        fact=PAYMENT_INTENT,
    ),
)
