"""The end of a subscription, asked for, due, or because its customer is gone."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.subscription_record import ENDED, SUBSCRIPTION

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
