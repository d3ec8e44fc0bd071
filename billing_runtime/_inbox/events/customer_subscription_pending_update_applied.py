"""`customer.subscription.pending_update_applied`: https://docs.stripe.com/api/events/types#event_types-customer.subscription.pending_update_applied"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "customer.subscription.pending_update_applied",
        why="a change that waited for its payment holds now",
    ),
)
