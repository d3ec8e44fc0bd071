"""`customer.subscription.pending_update_expired`: https://docs.stripe.com/api/events/types#event_types-customer.subscription.pending_update_expired"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "customer.subscription.pending_update_expired",
        why="a change that waited for its payment is given up: the old items stay",
    ),
)
