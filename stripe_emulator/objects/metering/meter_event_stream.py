"""The stream of meter events: many at once, with the token of a session, validated only when they are processed.

https://docs.stripe.com/api/v2/billing-meter-stream
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import fields
from stripe_emulator.ids import random_id
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.metering.intake import take
from stripe_emulator.objects.metering.meter_event_v2 import sent_of
from stripe_emulator.routing import Routes
from stripe_emulator.stream_sessions import SESSION
from stripe_emulator.thin_events import moment

Document = dict[str, Any]

METER_EVENT_SESSION = Kind(SESSION, "mtr_evt_sess", "meter event session")
KINDS = [METER_EVENT_SESSION]
routes = Routes()

_VALID = 15 * 60
_MOST = 100  # events of a request


@routes("POST /v2/billing/meter_event_session")
def create_session(call: Call) -> Document:
    """Open a session: its token is good for the stream, and for fifteen minutes."""
    token = random_id("mtr_evt_token", 48)
    kept = {"created": call.now, "expires_at": call.now + _VALID, "_token": token}
    session = call.create(METER_EVENT_SESSION, kept)
    times = {name: moment(session[name]) for name in ("created", "expires_at")}
    return {**session, **times, "authentication_token": token}


@routes("POST /v2/billing/meter_event_stream")
def create(call: Call) -> Document:
    """Take up to a hundred events; what is wrong with one comes in a report, and a repeated one counts once."""
    given = call.params["events"]
    if len(given) > _MOST:
        raise fields.invalid_fields([f"events: {fields.too_many(_MOST)}"])
    for sent in [sent_of(event, f"events[{index}].") for index, event in enumerate(given)]:
        take(call, sent, refused=())
    return {}
