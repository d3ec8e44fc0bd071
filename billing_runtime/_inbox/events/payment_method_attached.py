"""`payment_method.attached`: https://docs.stripe.com/api/events/types#event_types-payment_method.attached"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "payment_method.attached",
        why="a card was added: it may be what pays from now on",
    ),
)
