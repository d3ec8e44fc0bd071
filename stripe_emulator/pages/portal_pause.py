"""Pausing in the portal: for one of the configuration's durations, or until the customer comes back."""

from __future__ import annotations

from typing import Any

from stripe_emulator.objects.portal.pause_end import RESUME, end_of
from stripe_emulator.operate import operate
from stripe_emulator.pages.portal_visit import PortalVisit
from stripe_emulator.pages.refusals import RefusedError

Document = dict[str, Any]


def pause(visit: PortalVisit, given: Document) -> Document:
    """Pause a subscription; where durations are configured, one of them is chosen by its place, the first by itself."""
    settings = visit.require("subscription_pause", "pause their subscription")["duration"]
    subscription = visit.subscription(given.get("subscription"))
    options, place = settings["interval_options"], int(given.get("duration", 0))
    if settings["type"] == "interval_options" and not 0 <= place < len(options):
        message = f"the portal's configuration has no duration {place}: there are {len(options)}, counted from 0"
        raise RefusedError(message)
    name = "POST /v1/subscriptions/{subscription}/pause"
    paused = operate(visit.call, name, {"type": "subscription"}, subscription=subscription["id"])
    if settings["type"] == "interval_options":
        at = end_of(visit.call.now, options[place])
        visit.call.due(RESUME, subscription["id"], at, visit.customer["test_clock"])
    return paused


def resume(visit: PortalVisit, given: Document) -> Document:
    """Take up a paused subscription again."""
    visit.require("subscription_pause", "resume their subscription")
    subscription = visit.subscription(given.get("subscription"))
    visit.call.due(RESUME, subscription["id"], None)
    name = "POST /v1/subscriptions/{subscription}/resume"
    return operate(visit.call, name, {}, subscription=subscription["id"])
