"""Subscription schedules. https://docs.stripe.com/api/subscription_schedules."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import parameters
from stripe_emulator.errors import schedules as errors
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.schedules.apply import change_subscription, entered, start_subscription
from stripe_emulator.objects.schedules.phases import current_of, read_phases
from stripe_emulator.objects.schedules.record import PHASE, RUNNING, SCHEDULE, ended
from stripe_emulator.objects.schedules.settings import blank, default_settings, of_subscription
from stripe_emulator.objects.schedules.time import released, tasks
from stripe_emulator.objects.subscriptions.end import cancel as cancel_subscription
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION
from stripe_emulator.pagination import newest_first, page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [SCHEDULE]
routes = Routes()
__all__ = ["KINDS", "routes", "tasks"]


@routes("POST /v1/subscription_schedules")
def create(call: Call) -> Document:
    """Create a schedule: of a running subscription, or of one that begins now or later."""
    _refuse_not_emulated(call)
    if "from_subscription" in call.params:
        return _from_subscription(call)
    if "customer" not in call.params:
        raise parameters.missing("customer")
    customer = call.named(CUSTOMER, call.params["customer"], "customer")
    call = call.on_clock(customer["test_clock"])
    given = call.params.get("start_date", "now")
    start = call.now if given == "now" else int(given)
    if start < call.now:
        raise not_emulated("start_date in the past")
    phases = read_phases(call, call.params.get("phases") or [], start)
    schedule = call.create(SCHEDULE, {**blank(call, customer), "phases": phases})
    if start == call.now:
        return start_subscription(call, schedule)
    call.due(PHASE, schedule["id"], start, customer["test_clock"], early=True)
    return schedule


@routes("GET /v1/subscription_schedules/{schedule}")
def retrieve(call: Call) -> Document:
    """Return one schedule, also after its end."""
    return call.in_path(SCHEDULE, "schedule")


@routes("GET /v1/subscription_schedules")
def index(call: Call) -> Document:
    """List schedules, newest first."""
    for name in ("canceled_at", "completed_at", "released_at", "customer_account"):
        if name in call.params:
            raise not_emulated(name)
    found = newest_first(call, SCHEDULE.object, "customer")
    if call.params.get("scheduled"):
        found = [one for one in found if one["status"] == "not_started"]
    if "customer" not in call.params:
        found = [one for one in found if one["test_clock"] is None]
    return page(call, found, noun=SCHEDULE.noun)


@routes("POST /v1/subscription_schedules/{schedule}")
def update(call: Call) -> Document:
    """Change what is still to come, and the phase that runs."""
    _refuse_not_emulated(call)
    schedule = _running(call)
    call = call.on_clock(schedule["test_clock"])
    params = call.params
    if "metadata" in params:
        schedule["metadata"] = merge_metadata(schedule["metadata"], params["metadata"])
    schedule["end_behavior"] = params.get("end_behavior", schedule["end_behavior"])
    schedule["default_settings"] = default_settings(call, schedule["default_settings"])
    if "phases" not in params:
        return call.save(SCHEDULE, schedule)
    return _with_phases(call, schedule, params["phases"])


@routes("POST /v1/subscription_schedules/{schedule}/cancel")
def cancel(call: Call) -> Document:
    """Cancel a schedule and its subscription, which is billed up to now unless that is not wanted."""
    schedule = _running(call)
    call = call.on_clock(schedule["test_clock"])
    subscription = call.store.get(SUBSCRIPTION.object, schedule["subscription"] or "")
    schedule = ended(call, schedule, "canceled")
    if subscription is not None and subscription["status"] not in ENDED:
        wanted = {name: call.params.get(name, True) for name in ("invoice_now", "prorate")}
        cancel_subscription(call, subscription, wanted)
    return schedule


@routes("POST /v1/subscription_schedules/{schedule}/release")
def release(call: Call) -> Document:
    """Let the subscription go on by itself."""
    schedule = _running(call)
    return released(call.on_clock(schedule["test_clock"]), schedule)


def _from_subscription(call: Call) -> Document:
    if strangers := sorted(set(call.params) - {"from_subscription"}):
        raise errors.only_from_subscription(strangers[0])
    subscription = call.named(SUBSCRIPTION, call.params["from_subscription"], "from_subscription")
    if subscription["schedule"] is not None:
        raise errors.already_scheduled(subscription["schedule"])
    if subscription["status"] in ENDED:
        raise errors.has_ended()
    call = call.on_clock(subscription["test_clock"])
    schedule = call.create(SCHEDULE, of_subscription(call, subscription))
    keep(call, {**subscription, "schedule": schedule["id"]})
    return entered(call, schedule, schedule["phases"][0])


def _with_phases(call: Call, schedule: Document, given: list[Document]) -> Document:
    """Return a schedule with other phases; those that are over may be left out, and stay."""
    current = current_of(schedule, call.now) if schedule["status"] == "active" else None
    over = [one for one in schedule["phases"] if current and one["end_date"] <= current["start_date"]]
    first = given[0].get("start_date") if given else None
    start = current["start_date"] if current else schedule["phases"][0]["start_date"]
    if current and isinstance(first, int) and first in [one["start_date"] for one in over]:
        over = [one for one in over if one["end_date"] <= first]
        start = first
    elif first is not None and first != start and current:
        raise errors.phases_apart("phases[0][start_date]")
    elif isinstance(first, int):
        start = first
    phases = read_phases(call, given, start)
    schedule = {**schedule, "phases": [*over, *phases]}
    if current is None:
        call.due(PHASE, schedule["id"], phases[0]["start_date"], schedule["test_clock"], early=True)
        return call.save(SCHEDULE, schedule)
    now = current_of(schedule, call.now)
    if now is None:
        raise errors.current_phase_is_missing()
    behavior = call.params.get("proration_behavior")
    return entered(call, schedule, now) if now == current else change_subscription(call, schedule, now, behavior)


def _running(call: Call) -> Document:
    schedule = call.in_path(SCHEDULE, "schedule")
    if schedule["status"] not in RUNNING:
        raise errors.is_over(schedule["status"])
    return schedule


def _refuse_not_emulated(call: Call) -> None:
    for name in ("customer_account", "pause_schedules"):
        if call.params.get(name):
            raise not_emulated(name)
    if call.params.get("end_behavior") in ("none", "renew"):
        raise not_emulated(f"end_behavior={call.params['end_behavior']}")
