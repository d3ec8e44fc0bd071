"""`billing.alert.triggered`: https://docs.stripe.com/api/events/types#event_types-billing.alert.triggered"""

from billing_runtime._inbox.facts.alert import ALERT
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "billing.alert.triggered",
        why="usage passed a threshold, once in a customer's life; Stripe tells it nowhere else",
        refresh=False,
        fact=ALERT,
    ),
)
