"""What a subscription owes and has not been billed for: seats for the time ahead, usage of the time behind.

Every item remembers up to when it was billed (`_billed_until`), and from when on and how much of its usage was
(`_used_from`, `_used_billed`), so that what is due follows from the documents alone.
https://docs.stripe.com/billing/subscriptions/billing-cycle
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.invoices import charges
from stripe_emulator.objects.metering.usage import usage_of
from stripe_emulator.objects.subscriptions.period import period_at
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION_ITEM, items_of, price_of

Document = dict[str, Any]


def due_lines(call: Call, subscription: Document, *, usage_until: int | None = None) -> list[Document]:
    """Return the lines of what is due, and note on the items that they are billed.

    With `usage_until`, usage of the running period is billed up to that moment as well.
    """
    made: list[Document] = []
    for item in items_of(call, subscription):
        if item["quantity"] is None:
            made += usage_lines(call, subscription, item, usage_until)
        else:
            made += _licensed(call, subscription, item)
        call.save(SUBSCRIPTION_ITEM, item)
    return made


def billed_until(item: Document) -> int:
    """Return up to when an item's seats were billed; one from before there were invoices is billed for its period."""
    return int(item["_billed_until"] if "_billed_until" in item else item["current_period_end"])


def _licensed(call: Call, subscription: Document, item: Document) -> list[Document]:
    start, end = max(billed_until(item), item["current_period_start"]), item["current_period_end"]
    behind = _backdated(call, subscription, item)
    if start >= end:
        return behind
    item["_billed_until"] = end
    price = price_of(call, item)
    if subscription["trial_end"] is not None and subscription["trial_end"] > call.now:
        return [*behind, charges.trial(call, subscription, item, price, (start, end))]
    share = share_of(subscription, price, start, end)
    if share == 1:
        return [*behind, *charges.whole(call, subscription, item, price, item["quantity"], (start, end))]
    return [*behind, charges.part(call, subscription, item, price, (start, end), share)]


def share_of(subscription: Document, price: Document, start: int, end: int) -> Fraction:
    """Return how much of a natural billing period a stretch of it is."""
    first, last = period_at(subscription["billing_cycle_anchor"], price["recurring"], start)
    return Fraction(min(end, last) - start, last - first)


def _backdated(call: Call, subscription: Document, item: Document) -> list[Document]:
    """Return the lines of a time before the subscription was made, which is billed at its beginning.

    https://docs.stripe.com/billing/subscriptions/backdating
    """
    start, end = item.pop("_backdated", None) or (0, 0)
    price = price_of(call, item)
    if subscription["billing_mode"]["type"] == "classic":
        anchor, whole = start, [(start, end)] if start < end else []
    else:
        anchor = subscription["billing_cycle_anchor"]
        whole = _natural(anchor, price["recurring"], start, end)
    return [
        charges.part(call, subscription, item, price, one, _share_from(anchor, price["recurring"], *one))
        for one in whole
    ]


def _natural(anchor: int, recurring: Document, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a stretch of time where billing periods begin."""
    found = []
    while start < end:
        stop = min(end, period_at(anchor, recurring, start)[1])
        found.append((start, stop))
        start = stop
    return found


def _share_from(anchor: int, recurring: Document, start: int, end: int) -> Fraction:
    """Return how many billing periods a stretch of time is, counted from an anchor."""
    total = Fraction(0)
    for begun, stop in _natural(anchor, recurring, start, end):
        first, last = period_at(anchor, recurring, begun)
        total += Fraction(stop - begun, last - first)
    return total


def usage_lines(call: Call, subscription: Document, item: Document, until: int | None) -> list[Document]:
    """Return the lines of usage that was not billed yet; the usage of a trial is free."""
    start = max(used_from(item), _free_until(call, subscription))
    price, begun = price_of(call, item), item["current_period_start"]
    end = max(begun, until or begun)
    if start >= end:
        item["_used_from"] = max(start, used_from(item))
        return [] if item.get("_begun", True) else [_nothing_used(call, subscription, item, price)]
    already = int(item.get("_used_billed", 0)) if start == used_from(item) else 0
    used = max(0, _used(call, subscription, price, start, end))
    item |= {"_used_from": end, "_used_billed": 0} if begun > start else {"_used_from": start, "_used_billed": used}
    item["_begun"] = True
    if already and used <= already:
        return []
    made = charges.whole(call, subscription, item, price, used, (start, end), already)
    return [{**one, "_already": already} for one in made]


def used_from(item: Document) -> int:
    """Return from when on an item's usage was not billed at the end of a period."""
    return int(item["_used_from"] if "_used_from" in item else item["current_period_start"])


def _nothing_used(call: Call, subscription: Document, item: Document, price: Document) -> Document:
    """The first invoice names what usage will be billed for, at nothing."""
    item["_begun"] = True
    period = item["current_period_start"], item["current_period_end"]
    if subscription["trial_end"] is not None and subscription["trial_end"] > call.now:
        return charges.trial(call, subscription, item, price, period)
    return charges.nothing(call, subscription, item, price, period)


def _free_until(call: Call, subscription: Document) -> int:
    end = subscription["trial_end"]
    return 0 if end is None else min(int(end), call.now)


def _used(call: Call, subscription: Document, price: Document, start: int, end: int) -> int:
    meter = call.store.peek("billing.meter", price["recurring"]["meter"])
    return 0 if meter is None else usage_of(call, meter, subscription["customer"], start, end)
