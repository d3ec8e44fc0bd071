"""`payment_method.detached`: https://docs.stripe.com/api/events/types#event_types-payment_method.detached"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "payment_method.detached",
        why="a card was removed: what was paying may be gone",
    ),
)
