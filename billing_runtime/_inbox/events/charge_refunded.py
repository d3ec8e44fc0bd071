"""`charge.refunded`: https://docs.stripe.com/api/events/types#event_types-charge.refunded"""

from billing_runtime._inbox.facts.charge import CHARGE
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "charge.refunded",
        why="money went back, in part or whole: what was granted for it may be taken back",
        refresh=False,
        fact=CHARGE,
    ),
)
