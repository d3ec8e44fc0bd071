"""`payment_method.automatically_updated`: https://docs.stripe.com/api/events/types#event_types-payment_method.automatically_updated"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "payment_method.automatically_updated",
        why="the bank sent a new card for an old one: the last four digits differ",
    ),
)
