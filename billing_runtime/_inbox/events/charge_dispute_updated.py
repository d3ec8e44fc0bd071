"""`charge.dispute.updated`: https://docs.stripe.com/api/events/types#event_types-charge.dispute.updated"""

from billing_runtime._inbox.facts.dispute import DISPUTE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "charge.dispute.updated",
        why="an inquiry may have become a dispute: only then is the money held back",
        refresh=False,
        fact=DISPUTE,
    ),
)
