"""What a subscription schedule is, and what is told of it.

https://docs.stripe.com/billing/subscriptions/subscription-schedules
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind

Document = dict[str, Any]

NAME = "subscription_schedule"
PHASE = f"{NAME}.phase"
EXPIRING = f"{NAME}.expiring"
RUNNING = ("not_started", "active")


def _events(before: Document | None, after: Document | None) -> list[str]:
    if before is None or after is None:
        return [f"{NAME}.created"] if before is None else []
    if after["status"] == before["status"] or after["status"] in RUNNING:
        return [f"{NAME}.updated"]
    aborted = [f"{NAME}.aborted"] if after.get("_aborted") else []
    return [*aborted, f"{NAME}.{after['status']}"]


SCHEDULE = Kind(
    NAME,
    "sub_sched",
    "subscription schedule",
    path_param="schedule",
    expandable={"customer": "customer", "subscription": "subscription", "test_clock": "test_helpers.test_clock"},
    events=_events,
)


def ended(call: Call, schedule: Document, status: str, **more: Any) -> Document:
    """Return a schedule saved as over: nothing of it happens any more."""
    call.due(PHASE, schedule["id"], None)
    call.due(EXPIRING, schedule["id"], None)
    moment = {f"{status}_at": call.now}
    return call.save(SCHEDULE, {**schedule, **moment, "status": status, "current_phase": None, **more})


def close_with_subscription(call: Call, subscription: Document) -> None:
    """Cancel the schedule of a subscription that has ended; it is aborted where nobody paid."""
    schedule = call.store.get(NAME, subscription["schedule"] or "")
    if schedule is not None and schedule["status"] in RUNNING:
        aborted = subscription["cancellation_details"]["reason"] == "payment_failed"
        ended(call, schedule, "canceled", _aborted=aborted)
