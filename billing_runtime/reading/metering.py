"""How much was used of a metered item, in units of its meter.

https://docs.stripe.com/api/billing/meter-event-summary
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from billing_runtime.clock import minute_after, minute_before

if TYPE_CHECKING:
    from stripe.params.billing import MeterEventSummaryListParams

    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]


def usage_at_stripe(api: StripeApi, meter_id: str, customer_id: str, start: int, end: int) -> tuple[int, bool]:
    """What Stripe has counted from a moment up to another one, and whether that is known to the unit.

    Stripe sums up whole minutes: what was used in the one in which a period began could be of the period before.
    """
    first, full = minute_before(start), minute_after(start)
    total = _summed(api, meter_id, customer_id, first, minute_after(end))
    exact = first == full or not _summed(api, meter_id, customer_id, first, full)
    return int(total), exact and total == int(total)


def _summed(api: StripeApi, meter_id: str, customer_id: str, start: int, end: int) -> Decimal:
    """One summary of the whole stretch, so the meter's formula is Stripe's business."""
    params: MeterEventSummaryListParams = {"customer": customer_id, "start_time": start, "end_time": end}
    page = api.read(
        "read a usage summary", lambda client: client.v1.billing.meters.event_summaries.list(meter_id, params)
    )
    return sum((Decimal(str(row["aggregated_value"])) for row in page["data"]), Decimal(0))
