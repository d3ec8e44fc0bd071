"""Which deliveries an event makes: kept with it in one transaction, so that a kill loses none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stripe_emulator.delivery.addressee import Addressee, addressees
from stripe_emulator.delivery.record import new_delivery
from stripe_emulator.thin_events import THIN, twins

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]

PING = "v2.core.event_destination.ping"


def plan(call: Call, events: list[Document]) -> None:
    """Keep a delivery of each event for every endpoint and destination that is enabled and wants it."""
    enabled = [one for one in addressees(call.storage, call.scope) if one.is_enabled]
    for event in events if enabled else []:
        for endpoint in enabled:
            for told in told_to(endpoint, event):
                new_delivery(call, event["id"], told, endpoint)


def told_to(endpoint: Addressee, event: Document) -> Iterator[Document]:
    """Return what an endpoint gets of an event: the event itself, or the thin ones that go with it."""
    if event["object"] == THIN:
        if _concerns(endpoint, event):
            yield event
    elif endpoint.is_thin:
        yield from (twin for twin in twins(event) if endpoint.wants(twin["type"]))
    elif endpoint.wants(event["type"]):
        yield event


def _concerns(endpoint: Addressee, event: Document) -> bool:
    """A ping goes to the destination that was pinged, whatever it wants and in whichever shape."""
    if event["type"] == PING:
        return bool(event["related_object"]["id"] == endpoint.id)
    return endpoint.is_thin and endpoint.wants(event["type"])
