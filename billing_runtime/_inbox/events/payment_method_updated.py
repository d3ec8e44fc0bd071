"""`payment_method.updated`: https://docs.stripe.com/api/events/types#event_types-payment_method.updated"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "payment_method.updated",
        why="address or expiry of a card changed",
    ),
)
