"""A change at the end of the period, kept at Stripe (https://docs.stripe.com/billing/subscriptions/subscription-schedules).

Stripe makes the change by itself, whether or not the application runs at that moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from billing_runtime._change import next_phase_items, phase_items
from billing_runtime.errors import StripeRefused

if TYPE_CHECKING:
    from stripe.params import SubscriptionScheduleUpdateParams

    from billing_runtime._context import Context
    from billing_runtime._offer import Offer

Json = dict[str, Any]


def schedule_change(context: Context, body: Json, offer: Offer) -> int:
    """Let the offer begin when the current period ends; when that is, in seconds since 1970.

    A schedule that is there is used again: after a crash between its making and its phases, and for another change.
    """
    schedule = _read(context, body["schedule"]) if body.get("schedule") else _made(context, body)
    now = schedule["phases"][0] if schedule["current_phase"] is None else schedule["current_phase"]
    end = max(int(item["current_period_end"]) for item in body["items"])
    phases: list[Json] = [
        {"items": phase_items(body), "start_date": now["start_date"], "end_date": end},
        {"items": next_phase_items(context.manifest, body, offer), "proration_behavior": "none"},
    ]
    params = cast("SubscriptionScheduleUpdateParams", {"end_behavior": "release", "phases": phases})
    context.api.write(
        "plan a change",
        f"billing-{uuid4().hex}",
        lambda client, options: client.v1.subscription_schedules.update(schedule["id"], params, options),
    )
    return end


def release(context: Context, schedule_id: str) -> None:
    """Take back what was planned; the subscription goes on as it is."""
    try:
        context.api.write(
            "take a planned change back",
            f"billing-{uuid4().hex}",
            lambda client, options: client.v1.subscription_schedules.release(schedule_id, {}, options),
        )
    except StripeRefused:
        # Released or ended in the meantime: then there is nothing to take back.
        if _read(context, schedule_id)["status"] in {"active", "not_started"}:
            raise


def _made(context: Context, body: Json) -> Json:
    return context.api.write(
        "plan a change",
        f"billing-{uuid4().hex}",
        lambda client, options: client.v1.subscription_schedules.create({"from_subscription": body["id"]}, options),
    )


def _read(context: Context, schedule_id: str) -> Json:
    return context.api.read(
        "read a planned change", lambda client: client.v1.subscription_schedules.retrieve(schedule_id)
    )
