"""Events of the last thirty days as the v2 namespace has them. https://docs.stripe.com/api/v2/core/events."""

from __future__ import annotations

from typing import Any

from stripe_emulator import thin_events
from stripe_emulator.call import Call
from stripe_emulator.errors import fields as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS: list[Kind] = []
routes = Routes()


@routes("GET /v2/core/events/{id}")
def retrieve(call: Call) -> Document:
    """Return one event with all that it tells."""
    found = find(call, call.path["id"])
    if found is None:
        raise errors.not_found()
    return thin_events.shown(found)


def find(call: Call, identifier: str) -> Document | None:
    """Return a thin event, kept or following from one that is."""
    kept = call.store.peek(thin_events.KEPT_AMONG, identifier)
    if kept is not None:
        return kept if kept["object"] == thin_events.THIN else None
    snapshot = thin_events.snapshot_of(identifier, livemode=call.scope.livemode)
    event = call.store.peek(thin_events.KEPT_AMONG, snapshot) if snapshot else None
    twins = [] if event is None or event["object"] == thin_events.THIN else thin_events.twins(event)
    return next((twin for twin in twins if twin["id"] == identifier), None)
