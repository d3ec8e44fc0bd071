"""`v1.billing.meter.no_meter_found`: https://docs.stripe.com/api/v2/core/events/event-types"""

from billing_runtime._inbox.facts.meter_errors import METER_ERRORS
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "v1.billing.meter.no_meter_found",
        why="usage was sent that no meter counts: a meter is archived, or a name is wrong",
        refresh=False,
        fact=METER_ERRORS,
    ),
)
