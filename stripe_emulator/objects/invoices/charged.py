"""What each item of a subscription was charged for its period: a credit gives back a part of that, not of a price.

https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.invoices.reductions import left

Document = dict[str, Any]


def note_charges(call: Call, invoice: Document) -> None:
    """Remember on the items what the lines of their periods cost, without and with discounts."""
    charged: dict[str, Document] = {}
    for line in invoice["_lines"]:
        details = (line["parent"] or {}).get("subscription_item_details") or {}
        if line.get("_item") or not details or line.get("_metered"):
            continue
        start, end = line["period"]["start"], line["period"]["end"]
        known = charged.get(details["subscription_item"])
        if known is None or known["start"] != start:  # the tiers of a price share a period
            known = {"start": start, "end": end, "gross": 0, "net": 0}
        charged[details["subscription_item"]] = known
        known["gross"] += line["amount"]
        known["net"] += left(line)
    for identifier, one in charged.items():
        item = call.store.get("subscription_item", identifier)
        if item is not None:
            call.store.put("subscription_item", identifier, {**item, "_charged": one})
