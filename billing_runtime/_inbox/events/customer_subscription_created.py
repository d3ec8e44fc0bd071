"""`customer.subscription.created`: https://docs.stripe.com/api/events/types#event_types-customer.subscription.created"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "customer.subscription.created",
        why="it may have been made at the dashboard, and `updated` is not sent for a new one",
    ),
)
