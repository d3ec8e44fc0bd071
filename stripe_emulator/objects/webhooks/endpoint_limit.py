"""How many endpoints there may be: webhook endpoints and event destinations together."""

from __future__ import annotations

from stripe_emulator.call import Call
from stripe_emulator.errors import webhooks as errors
from stripe_emulator.kinds import Kind

WEBHOOK_ENDPOINT = Kind("webhook_endpoint", "we", "webhook endpoint", path_param="webhook_endpoint")
EVENT_DESTINATION = Kind("v2.core.event_destination", "ed", "event destination")

_MOST = 16  # per account and mode


def refuse_too_many(call: Call) -> None:
    """Answer 400 when there is no room for another one."""
    kinds = (WEBHOOK_ENDPOINT, EVENT_DESTINATION)
    if sum(len(call.store.all(kind.object)) for kind in kinds) >= _MOST:
        raise errors.too_many(_MOST, "live" if call.scope.livemode else "test")
