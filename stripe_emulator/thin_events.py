"""Thin events: a notification without its object. Those of v1 objects follow from the events that carry the object.

An event of `/v1/events` has a thin one of the same type with `v1.` before it, if Stripe has that type: nothing of it is
kept, its id is made of the other's. What only a thin event tells is announced, and kept among the events.
https://docs.stripe.com/api/v2/core/events, https://docs.stripe.com/event-destinations
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from stripe_emulator.parameters import thin_events
from stripe_emulator.thin_changes import further_types

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]

THIN = "v2.core.event"
KEPT_AMONG = "event"
"""The kind under which both sorts of events are kept, in one order."""


def announce_thin(call: Call, event: str, related_object: Document | None, data: Document | None) -> Document:
    """Make a thin event that follows from no change, such as `v1.billing.meter.no_meter_found`.

    `related_object` is a stored document, or None; `data` is what is shown when the event is fetched, or None.
    """
    document: Document = {
        "id": _prefix(livemode=call.scope.livemode) + call.ids.new("evt", call.store).removeprefix("evt_"),
        "object": THIN,
        "changes": None,
        "context": None,
        "created": call.now,
        "livemode": call.scope.livemode,
        "reason": _reason(call.request_id, call.idempotency_key),
        "related_object": None if related_object is None else related(related_object),
        "snapshot_event": None,
        "type": event,
        **({} if data is None else {"data": data}),
        "_made": call.account_time,
    }
    call.store.put(KEPT_AMONG, document["id"], document)
    return document


def twins(event: Document) -> list[Document]:
    """Return the thin events that go with an event that carries its object: of the same type, and more exact ones."""
    names = [f"v1.{name}" for name in (event["type"], *further_types(event))]
    return [_twin(event, name, number) for number, name in enumerate(names) if name in _published()]


def related(document: Document) -> Document:
    """Return the reference to an object: where it can be fetched."""
    if document["object"] == "billing.alert_triggered":
        document = document["alert"]
    collection = document["object"].replace(".", "/") + "s"
    version = "v2" if document["object"].startswith("v2.") else "v1"
    address = f"/{version}/{collection.removeprefix('v2/')}/{document['id']}"
    return {"id": document["id"], "type": document["object"], "url": address}


def shown(event: Document) -> Document:
    """Return a thin event as it is fetched."""
    public = {name: value for name, value in event.items() if name[:1] != "_"}
    return {**public, "created": moment(event["created"])}


def notification(event: Document) -> Document:
    """Return what is delivered of a thin event: all but its data and what changed."""
    return {name: value for name, value in shown(event).items() if name not in ("changes", "data")}


def snapshot_of(identifier: str, *, livemode: bool) -> str | None:
    """Return the id of the event that carries the object, for a thin one that follows from it."""
    prefix = _prefix(livemode=livemode)
    return f"evt_{identifier[len(prefix) : -1]}" if identifier.startswith(prefix) else None


def moment(seconds: int) -> str:
    """Write a time as the v2 namespace does."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@cache
def _published() -> frozenset[str]:
    return frozenset(thin_events())


def _twin(event: Document, name: str, number: int) -> Document:
    document, before = event["data"]["object"], event["data"].get("previous_attributes")
    return {
        "id": f"{_prefix(livemode=event['livemode'])}{event['id'].removeprefix('evt_')}{number}",
        "object": THIN,
        "changes": None if before is None else {"before": before, "after": {key: document.get(key) for key in before}},
        "context": None,
        "created": event["created"],
        "livemode": event["livemode"],
        "reason": _reason(event["request"]["id"], event["request"]["idempotency_key"]),
        "related_object": related(document) if "id" in document or "alert" in document else None,
        "snapshot_event": event["id"],
        "type": name,
    }


def _reason(request: str | None, key: str | None) -> Document | None:
    return None if request is None else {"type": "request", "request": {"id": request, "idempotency_key": key}}


def _prefix(*, livemode: bool) -> str:
    return "evt_61" if livemode else "evt_test_61"
