"""How much was used of a metered item, in units of its meter: what was counted here, and what Stripe has counted.

https://docs.stripe.com/api/billing/meter-event-summary
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from billing_runtime.clock import minute_after, minute_before
from billing_runtime.limits.counting import amount_of

if TYPE_CHECKING:
    from stripe.params.billing import MeterEventSummaryListParams

    from billing_runtime._context import Context
    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """Usage that was counted here: all of it, and the part that Stripe has been told of, or may have been."""

    total: int
    told: int


def counted_here(context: Context, entity_id: str, meter: str, start: int, end: int) -> Counted:
    """What was counted of a meter from a moment up to another one; what Stripe will never take is not in it."""
    with context.store.reading(context.scope) as reading:
        rows = reading.all("usage_told", entity_id=entity_id, meter=meter, start=start, until=end)
    amounts = [(row["state"], int(amount_of(row["amount"]))) for row in rows]
    return Counted(sum(one for _, one in amounts), sum(one for state, one in amounts if state != "open"))


def told_by_others(api: StripeApi, meter_id: str, customer_id: str, window: tuple[int, int], counted: Counted) -> int:
    """What Stripe has counted beyond everything it may have been told of what was counted here.

    Of the minute in which the period began nothing is taken: it may be of the period before.
    """
    start, end = minute_after(window[0]), minute_after(window[1])
    if start >= end:
        return 0
    return max(0, int(_summed(api, meter_id, customer_id, start, end)) - counted.told)


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
