"""The end of a subscription, asked for, due, or because its customer is gone."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import parameters
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION, items_of

Document = dict[str, Any]


def end(subscription: Document, moment: int, *, status: str = "canceled") -> Document:
    """Return the subscription as it is after its end."""
    canceled_at = subscription["canceled_at"] or moment
    return {**subscription, "status": status, "ended_at": moment, "canceled_at": canceled_at}


def cancel(call: Call, subscription: Document, details: Document) -> Document:
    """End a subscription now because someone asked for it."""
    reason = {**subscription["cancellation_details"], **details, "reason": "cancellation_requested"}
    ended = end({**subscription, "canceled_at": call.now, "cancellation_details": reason}, call.now)
    return call.save(SUBSCRIPTION, ended)


def end_subscriptions_of(call: Call, customer: str) -> None:
    """End every subscription of a customer."""
    for subscription in call.store.all(SUBSCRIPTION.object):
        if subscription["customer"] == customer and subscription["status"] not in ENDED:
            cancel(call, subscription, {})


def set_end(call: Call, subscription: Document) -> None:
    """Announce the end a request asks for, or take an announced one back."""
    params = call.params
    if "cancel_at" in params and "cancel_at_period_end" in params:
        raise parameters.exclusive(["cancel_at", "cancel_at_period_end"], "cancel_at")
    if params.get("cancel_at_period_end"):
        _announce_end(call, subscription, _last_end(call, subscription), at_period_end=True)
    elif params.get("cancel_at"):
        _announce_end(call, subscription, _moment(call, subscription, params["cancel_at"]), at_period_end=False)
    elif "cancel_at" in params or "cancel_at_period_end" in params:
        subscription |= {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
        subscription["cancellation_details"]["reason"] = None


def _moment(call: Call, subscription: Document, cancel_at: int | str) -> int:
    ends = [int(item["current_period_end"]) for item in items_of(call, subscription)]
    if isinstance(cancel_at, str):
        return min(ends) if cancel_at == "min_period_end" else max(ends)
    if cancel_at <= call.now:
        raise errors.time_in_past("cancel_at", cancel_at)
    return cancel_at


def _last_end(call: Call, subscription: Document) -> int:
    return max(int(item["current_period_end"]) for item in items_of(call, subscription))


def _announce_end(call: Call, subscription: Document, moment: int, *, at_period_end: bool) -> None:
    subscription |= {"cancel_at": moment, "cancel_at_period_end": at_period_end, "canceled_at": call.now}
    subscription["cancellation_details"]["reason"] = "cancellation_requested"
