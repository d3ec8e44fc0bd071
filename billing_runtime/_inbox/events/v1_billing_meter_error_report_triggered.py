"""`v1.billing.meter.error_report_triggered`: https://docs.stripe.com/api/v2/core/events/event-types"""

from billing_runtime._inbox.facts.meter_errors import METER_ERRORS
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "v1.billing.meter.error_report_triggered",
        why="usage that was sent was refused afterwards: it is not billed until it is sent right",
        refresh=False,
        fact=METER_ERRORS,
    ),
)
