"""How much was used of a metered item, in units of its meter: what was counted here, and what Stripe has counted.

https://docs.stripe.com/api/billing/meter-event-summary
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from billing_runtime._outbox.kinds import kind_of
from billing_runtime.clock import minute_after, minute_before
from billing_runtime.limits.counting import amount_of

if TYPE_CHECKING:
    from stripe.params.billing import MeterEventSummaryListParams

    from billing_runtime._context import Context
    from billing_runtime._stripe import StripeApi
    from billing_runtime.catalog import Meter

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """Usage that was counted here: all of it, and the part that Stripe has been told of, or may have been.

    `told` is None for a meter that does not add up what it is told, so that nothing can be taken off.
    """

    total: int = 0
    told: int | None = 0


def counted_here(context: Context, entity_id: str, meter: Meter, start: int, end: int) -> Counted | None:
    """What the meter will make of what was counted from a moment up to another one; None if nothing was.

    What Stripe will never take is not in it.
    """
    with context.store.reading(context.scope) as reading:
        rows = reading.all("usage_told", entity_id=entity_id, meter=meter.key, start=start, until=end)
    if not rows:
        return None
    kind = kind_of(meter)
    if kind == "last":
        newest = max(rows, key=lambda row: (row["at"], row["slice"], row["part"]))
        return Counted(int(amount_of(newest["value"])), None)
    sums: dict[int, int] = {}
    for row in rows:
        sums[row["slice"]] = sums.get(row["slice"], 0) + int(amount_of(row["amount"]))
    if kind == "seen":
        return Counted(sum(amount > 0 for amount in sums.values()), None)
    told = (int(amount_of(row["amount"])) for row in rows if row["state"] != "open")
    return Counted(sum(sums.values()), sum(told))


def told_by_others(api: StripeApi, meter_id: str, customer_id: str, window: tuple[int, int], told: int) -> int:
    """What Stripe has counted beyond everything it may have been told of what was counted here.

    Of the minute in which the period began nothing is taken: it may be of the period before.
    """
    start, end = minute_after(window[0]), minute_after(window[1])
    if start >= end:
        return 0
    return max(0, int(_summed(api, meter_id, customer_id, start, end)) - told)


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
