"""Changes that wait for their payment: they are shown, and made when the invoice is paid.

https://docs.stripe.com/billing/subscriptions/pending-updates
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.call import Call
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION, SUBSCRIPTION_ITEM, items_of

if TYPE_CHECKING:
    from stripe_emulator.objects.subscriptions.prorate import Before

Document = dict[str, Any]

EXPIRE = "subscription.pending_update"
_WAITS = 23 * 3600
_SUPPORTED = {
    "add_invoice_items", "billing_cycle_anchor", "deleted", "items", "off_session", "payment_behavior", "plan", "price",
    "proration_behavior", "proration_date", "quantity", "subscription", "trial_end", "trial_from_plan",
}  # fmt: skip
_MOVES = ("billing_cycle_anchor", "trial_end", "trial_start", "_items")
_PERIOD = ("current_period_start", "current_period_end", "_billed_until", "_used_from", "_used_billed", "_charged")


def refuse_unsupported(call: Call, subscription: Document) -> None:
    """Refuse what cannot wait: only changes of what is paid for can, and only where a card is charged."""
    if call.params.get("payment_behavior") != "pending_if_incomplete":
        return
    if strangers := sorted(set(call.params) - _SUPPORTED):
        raise errors.cannot_be_pending(strangers[0])
    if subscription["collection_method"] == "send_invoice":
        raise errors.cannot_be_pending("payment_behavior")


def postpone(call: Call, before: Before, invoice: Document) -> None:
    """Put a changed subscription back as it was, and keep the change until its invoice is paid."""
    after = call.named(SUBSCRIPTION, before.subscription["id"], "id")
    items = items_of(call, after)
    for item in items:
        if item["id"] not in before.items:
            call.store.remove(SUBSCRIPTION_ITEM.object, item["id"])
    for item in before.items.values():
        call.save(SUBSCRIPTION_ITEM, item)
    expires = call.now + _WAITS
    waiting = {
        "invoice": invoice["id"],
        "items": items,
        "fields": {name: after[name] for name in _MOVES},
        "periods": {one["id"]: one["current_period_start"] for one in before.items.values()},
    }
    was = {**before.subscription, "_items": list(before.items), "latest_invoice": invoice["id"]}
    keep(call, {**was, "pending_update": _shown(call, before, after, items, expires), "_pending": waiting})
    call.due(EXPIRE, after["id"], expires, after["test_clock"])


def applied(call: Call, subscription: Document, invoice: Document) -> Document:
    """Return a subscription with the change that waited for an invoice, if that is the one and it is paid."""
    waiting = subscription.get("_pending")
    if not waiting or waiting["invoice"] != invoice["id"] or invoice["status"] != "paid":
        return subscription
    kept = set(waiting["fields"]["_items"])
    for identifier in set(subscription["_items"]) - kept:
        call.store.remove(SUBSCRIPTION_ITEM.object, identifier)
    for item in waiting["items"]:
        call.save(SUBSCRIPTION_ITEM, _caught_up(call, item, waiting["periods"].get(item["id"])))
    subscription = keep(call, {**_without(call, subscription), **waiting["fields"]})
    call.announce("customer.subscription.pending_update_applied", subscription)
    return subscription


def waits_for(subscription: Document, invoice: Document) -> bool:
    """Say whether an invoice is only that of a change which is not made yet."""
    waiting = subscription.get("_pending") or {}
    return bool(waiting.get("invoice") == invoice["id"])


def discard(call: Call, invoice: Document, *, expired: bool = False) -> None:
    """Forget the change that waits for an invoice: nobody will pay it any more."""
    subscription = call.store.get(SUBSCRIPTION.object, invoice["_subscription"] or "")
    if subscription is None or not waits_for(subscription, invoice):
        return
    if expired:
        call.announce("customer.subscription.pending_update_expired", subscription)
    keep(call, _without(call, subscription))


def _without(call: Call, subscription: Document) -> Document:
    call.due(EXPIRE, subscription["id"], None)
    return {**subscription, "pending_update": None, "_pending": None}


def _caught_up(call: Call, item: Document, begun: int | None) -> Document:
    """Return an item as the change has it; if it stayed in its period, in the period that has come meanwhile."""
    current = call.store.get(SUBSCRIPTION_ITEM.object, item["id"])
    if (
        current is None
        or begun is None
        or begun != item["current_period_start"]
        or current["current_period_start"] == begun
    ):
        return item
    return {**item, **{name: current[name] for name in _PERIOD if name in current}}


def _shown(call: Call, before: Before, after: Document, items: list[Document], expires: int) -> Document:
    anchor = after["billing_cycle_anchor"]
    return {
        "billing_cycle_anchor": anchor if anchor != before.subscription["billing_cycle_anchor"] else None,
        "cancel_at_period_end": None,
        "discount": None,
        "discounts": None,
        "expires_at": expires,
        "metadata": None,
        "subscription_items": items,
        "trial_end": after["trial_end"] if after["trial_end"] != before.subscription["trial_end"] else None,
        "trial_from_plan": call.params.get("trial_from_plan"),
    }
