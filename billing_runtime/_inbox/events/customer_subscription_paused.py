"""`customer.subscription.paused`: https://docs.stripe.com/api/events/types#event_types-customer.subscription.paused"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "customer.subscription.paused",
        why="the trial ended without a payment method: access rests until it is resumed",
    ),
)
