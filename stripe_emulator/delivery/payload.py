"""What an endpoint gets: the event in the endpoint's own version, or the notification of a thin event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stripe_emulator import thin_events
from stripe_emulator.delivery.record import pending_webhooks
from stripe_emulator.versions import shaped_event

if TYPE_CHECKING:
    from stripe_emulator.call import Call
    from stripe_emulator.delivery.addressee import Addressee
    from stripe_emulator.versions import Find

Document = dict[str, Any]


def body_of(call: Call, event: Document, delivery: Document, endpoint: Addressee, find: Find) -> bytes:
    """Return the body of a delivery, as Stripe writes it: indented."""
    account = call.scope.account if endpoint.account != call.scope.account else None  # of a platform
    if delivery["payload"] == "thin":
        return _written({**thin_events.notification(_told(event, delivery)), "context": account})
    public = {name: value for name, value in event.items() if name[:1] != "_"}
    counted = {**public, "pending_webhooks": pending_webhooks(call, event["id"])}
    shaped = shaped_event(counted, endpoint.version, find) if endpoint.version else counted
    return _written({**shaped, "account": account} if account else shaped)


def _told(event: Document, delivery: Document) -> Document:
    if event["object"] == thin_events.THIN:
        return event
    return next(twin for twin in thin_events.twins(event) if twin["id"] == delivery["told"])


def _written(body: Document) -> bytes:
    return json.dumps(body, indent=2).encode()
