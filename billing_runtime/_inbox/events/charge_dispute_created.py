"""`charge.dispute.created`: https://docs.stripe.com/api/events/types#event_types-charge.dispute.created"""

from billing_runtime._inbox.facts.dispute import DISPUTE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "charge.dispute.created",
        why="the customer's bank wants the money back: what was granted for it may be held",
        refresh=False,
        fact=DISPUTE,
    ),
)
