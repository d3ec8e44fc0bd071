"""`invoice.upcoming`: https://docs.stripe.com/api/events/types#event_types-invoice.upcoming"""

from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "invoice.upcoming",
        why="the renewal is some days away: the last chance to report usage and to set seats right",
    ),
)
