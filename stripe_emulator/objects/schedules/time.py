"""What time does to schedules: phases begin and end, and the last end is announced a week before.

https://docs.stripe.com/billing/subscriptions/subscription-schedules#completing-schedule
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.objects.schedules.apply import change_subscription, start_subscription
from stripe_emulator.objects.schedules.record import EXPIRING, PHASE, RUNNING, SCHEDULE, ended
from stripe_emulator.objects.subscriptions.end import end, final_invoice
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION

Document = dict[str, Any]

tasks = Tasks()


@tasks(PHASE)
def next_phase(call: Call, identifier: str) -> None:
    """Begin the phase whose time has come, or end the schedule after its last one."""
    schedule = call.store.get(SCHEDULE.object, identifier)
    if schedule is None or schedule["status"] not in RUNNING:
        return
    if schedule["status"] == "not_started":
        start_subscription(call, schedule)
        return
    phase = next((one for one in schedule["phases"] if one["start_date"] == call.now), None)
    if phase is not None:
        change_subscription(call, schedule, phase)
    elif schedule["end_behavior"] == "cancel":
        _completed(call, schedule)
    else:
        released(call, schedule)


@tasks(EXPIRING)
def expiring(call: Call, identifier: str) -> None:
    """Tell that a schedule ends in a week."""
    schedule = call.store.get(SCHEDULE.object, identifier)
    if schedule is not None and schedule["status"] == "active":
        call.announce(EXPIRING, schedule)


def released(call: Call, schedule: Document) -> Document:
    """Return a schedule saved as released: its subscription goes on without it."""
    subscription = call.store.get(SUBSCRIPTION.object, schedule["subscription"] or "")
    if subscription is not None:
        keep(call, {**subscription, "schedule": None})
    return ended(call, schedule, "released", subscription=None, released_subscription=schedule["subscription"])


def _completed(call: Call, schedule: Document) -> None:
    """End the subscription with its schedule."""
    ended(call, schedule, "completed")
    subscription = call.store.get(SUBSCRIPTION.object, schedule["subscription"] or "")
    if subscription is not None and subscription["status"] not in ENDED:
        keep(call, end(final_invoice(call, subscription), call.now))
