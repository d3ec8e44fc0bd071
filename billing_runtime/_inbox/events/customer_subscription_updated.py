"""`customer.subscription.updated`: https://docs.stripe.com/api/events/types#event_types-customer.subscription.updated"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "customer.subscription.updated",
        why="status, items, quantity, periods or an announced end changed: access and seats follow",
    ),
)
