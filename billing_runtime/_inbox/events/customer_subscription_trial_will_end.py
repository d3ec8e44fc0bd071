"""`customer.subscription.trial_will_end`: https://docs.stripe.com/api/events/types#event_types-customer.subscription.trial_will_end"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "customer.subscription.trial_will_end",
        why="the trial ends in three days: the application may remind, and what is known is made fresh",
    ),
)
