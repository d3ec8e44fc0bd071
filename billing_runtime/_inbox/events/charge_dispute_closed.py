"""`charge.dispute.closed`: https://docs.stripe.com/api/events/types#event_types-charge.dispute.closed"""

from billing_runtime._inbox.facts.dispute import DISPUTE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "charge.dispute.closed",
        why="a dispute was won or lost: what was held is given back, or taken",
        refresh=False,
        fact=DISPUTE,
    ),
)
