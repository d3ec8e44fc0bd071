"""Usage that was reported while an invoice was a draft: finalized, it bills the latest usage of its period.

https://docs.stripe.com/billing/subscriptions/usage-based/configure-grace-period
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.invoices import charges
from stripe_emulator.objects.metering.usage import usage_of
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION

Document = dict[str, Any]


def with_latest_usage(call: Call, invoice: Document) -> Document:
    """Return a draft of a period that is over with its usage counted anew; its lines keep their ids."""
    subscription = call.store.peek(SUBSCRIPTION.object, invoice.get("_subscription") or "")
    if subscription is None or invoice["billing_reason"] != "subscription_cycle":
        return invoice
    lines: list[Document] = []
    done: set[str] = set()
    for line in invoice["_lines"]:
        item = _item_of(line)
        if item is None:
            lines.append(line)
        elif item not in done:
            done.add(item)
            lines += _renewed(call, subscription, [one for one in invoice["_lines"] if _item_of(one) == item])
    return {**invoice, "_lines": lines}


def _item_of(line: Document) -> str | None:
    """Return the item whose usage a line bills; `_already` is what was billed of its period before."""
    return line["parent"]["subscription_item_details"]["subscription_item"] if "_already" in line else None


def _renewed(call: Call, subscription: Document, lines: list[Document]) -> list[Document]:
    """Return the lines of an item's usage, as they are if it is still the same."""
    first = lines[0]
    price = call.store.peek("price", first["pricing"]["price_details"]["price"])
    meter = call.store.peek("billing.meter", price["recurring"]["meter"]) if price else None
    if price is None or meter is None:
        return lines
    start, end, already = first["period"]["start"], first["period"]["end"], first["_already"]
    used = max(already, usage_of(call, meter, subscription["customer"], start, end))
    item = {
        "discounts": first["discounts"],
        "id": _item_of(first),
        "quantity": None,
        "tax_rates": first["_tax_rates"],
    }
    fresh = charges.whole(call, subscription, item, price, used, (start, end), already)
    if [_asked(one) for one in fresh] == [_asked(one) for one in lines]:
        return lines
    kept = [one["id"] for one in lines] + [one["id"] for one in fresh[len(lines) :]]
    return [{**one, "id": name, "_already": already} for one, name in zip(fresh, kept, strict=False)]


def _asked(line: Document) -> tuple[int, int | None]:
    return line["amount"], line["quantity"]
