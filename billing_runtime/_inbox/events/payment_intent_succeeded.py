"""`payment_intent.succeeded`: https://docs.stripe.com/api/events/types#event_types-payment_intent.succeeded"""

from billing_runtime._inbox.facts.payment_intent import PAYMENT_INTENT
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "payment_intent.succeeded",
        why="the first payment of an incomplete subscription may be this one",
        fact=PAYMENT_INTENT,
    ),
)
