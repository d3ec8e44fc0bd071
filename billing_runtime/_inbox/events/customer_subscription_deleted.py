"""`customer.subscription.deleted`: https://docs.stripe.com/api/events/types#event_types-customer.subscription.deleted"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "customer.subscription.deleted",
        why="it has ended: access ends with it",
    ),
)
