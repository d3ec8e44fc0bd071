"""Where the first period of a new item begins, and from when on it is billed."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION_ITEM, price_of

Document = dict[str, Any]


def begin_item(call: Call, subscription: Document, item: Document) -> None:
    """Let the first invoice bill an item of a new subscription: its first period, and the time before if it has any."""
    start, end = item["current_period_start"], item["current_period_end"]
    free = call.params.get("proration_behavior") == "none"
    ahead = subscription["billing_cycle_anchor"] > call.now and subscription["trial_end"] is None
    metered = price_of(call, item)["recurring"]["usage_type"] == "metered"
    item |= {"_billed_until": end if free and ahead else start, "_used_from": start}
    if subscription["start_date"] < call.now and not free and not metered:
        # What lies before is billed as it is cut by natural periods, up to the one that is billed as a whole.
        item |= {"_backdated": [subscription["start_date"], start], "_billed_until": start}
    item["_begun"] = subscription["billing_mode"]["type"] == "flexible"
    call.save(SUBSCRIPTION_ITEM, item)
