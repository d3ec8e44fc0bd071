"""`customer.subscription.resumed`: https://docs.stripe.com/api/events/types#event_types-customer.subscription.resumed"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "customer.subscription.resumed",
        why="a paused one runs again: access is back",
    ),
)
