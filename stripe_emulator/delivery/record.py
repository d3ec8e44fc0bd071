"""A delivery: one event for one endpoint, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stripe_emulator.call import Call
    from stripe_emulator.delivery.addressee import Addressee

Document = dict[str, Any]

DELIVERY = "delivery"
"""The kind under which deliveries are kept."""

READY = "ready"  # is sent as soon as its turn comes, also after a restart
WAITING = "waiting"  # has its moment
DELIVERED = "delivered"
FAILED = "failed"  # is not tried any more
UNSENT = "unsent"  # the address is not in the forward table
CANCELLED = "cancelled"  # the endpoint was switched off or deleted, or the event forgotten
DROPPED = "dropped"  # by a rule of the test

STATES = (READY, WAITING, DELIVERED, FAILED, UNSENT, CANCELLED, DROPPED)
_OUTSTANDING = (READY, WAITING, FAILED, UNSENT, DROPPED)
TRY_AGAIN = "deliveries.try_again"
"""The task that lets a delivery be sent which waited."""


def new_delivery(call: Call, event: str, told: Document, endpoint: Addressee) -> Document:
    """Keep a delivery that is to be sent now; `event` is the one that is kept, `told` what the endpoint gets."""
    delivery: Document = {
        "id": call.ids.new("dlv", call.store),
        "event": event,
        "told": told["id"],
        "type": told["type"],
        "payload": "snapshot" if told["object"] == "event" else "thin",
        "endpoint": endpoint.id,
        "endpoint_account": endpoint.account,
        "created": call.account_time,
        "state": READY,
        "next_attempt": None,
        "attempts": [],
    }
    call.store.put(DELIVERY, delivery["id"], delivery)
    return delivery


def change(call: Call, delivery: Document, **fields: Any) -> None:
    """Keep what became of a delivery; one that waits is ready at its moment."""
    changed = {**delivery, "next_attempt": None, **fields}
    call.store.put(DELIVERY, delivery["id"], changed)
    call.due(TRY_AGAIN, delivery["id"], changed["next_attempt"])


def pending_webhooks(call: Call, event: str) -> int:
    """Return how many endpoints have not got an event, though they should have."""
    planned = call.store.where(DELIVERY, "event", event)
    return sum(one["payload"] == "snapshot" and one["state"] in _OUTSTANDING for one in planned)
