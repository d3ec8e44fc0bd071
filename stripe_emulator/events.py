"""Events: what a request or the time changed, told with the object as it is and what it was.

They follow from the documents alone: each kind says which types a change from one document to another makes.
https://docs.stripe.com/api/events
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from stripe_emulator.expand import Presenter
from stripe_emulator.kinds import Kind

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]
Kinds = dict[str, Kind]

EVENT = Kind("event", "evt", "event", as_is=True)


def record(call: Call, kinds: Kinds) -> list[Document]:
    """Store the events of everything that this call changed, before it is committed, and return them."""
    made = [
        _event(call, event_type, shown, previous)
        for kind, before, after in _touched(call, kinds)
        for event_type, shown, previous in _told(call, kinds, kind, before, after)
    ]
    return made + [_event(call, name, _shown(call, kinds, one), None) for name, one in call.store.announced]


def difference(before: Document, after: Document) -> Document:
    """Return what the fields that changed were before: hashes field by field, lists and the rest whole."""
    changed: Document = {}
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        inner = isinstance(old, dict) and isinstance(new, dict) and old.get("object") == new.get("object")
        changed[name] = difference(old, new) if inner and isinstance(old, dict) and isinstance(new, dict) else old
    return dict(sorted(changed.items()))


def _touched(call: Call, kinds: Kinds) -> list[tuple[Kind, Document | None, Document | None]]:
    """Return what changed, in the order of the changes; an object also changes with its parts."""
    found: dict[tuple[str, str], tuple[Kind, Document | None, Document | None]] = {}
    for name, identifier, before, after in call.store.changed():
        kind = kinds.get(name)
        if kind is None:
            continue
        if kind.part_of is None:
            found.setdefault((name, identifier), (kind, before, after))
            continue
        field, whole = kind.part_of
        owner = str((after or before or {})[field])
        found.setdefault((whole, owner), (kinds[whole], *_twice(call, whole, owner)))
    return list(found.values())


def _twice(call: Call, name: str, identifier: str) -> tuple[Document | None, Document | None]:
    """Return a document before and after."""
    return call.store.before().peek(name, identifier), call.store.peek(name, identifier)


def _told(
    call: Call, kinds: Kinds, kind: Kind, before: Document | None, after: Document | None
) -> list[tuple[str, Document, Document | None]]:
    types = kind.events(before, after)
    if not types:
        return []
    past = replace(call, store=call.store.before())
    was = None if before is None else _shown(past, kinds, before)
    shown = was if after is None else _shown(call, kinds, after)
    if shown is None or (was == shown and after is not None):
        return []
    previous = None if was is None or after is None else difference(was, shown)
    return [(name, shown, previous if name.endswith(".updated") else None) for name in types]


def _shown(call: Call, kinds: Kinds, document: Document) -> Document:
    return Presenter(call, kinds).show(document, [])


def _event(call: Call, name: str, shown: Document, previous: Document | None) -> Document:
    data = {"object": shown} if previous is None else {"object": shown, "previous_attributes": previous}
    fields = {
        "api_version": call.api_version,
        "created": call.on_clock(_clock_of(call, shown)).now,
        "data": data,
        "pending_webhooks": 0,
        "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
        "type": name,
    }
    return call.create(EVENT, fields)


def _clock_of(call: Call, shown: Document) -> str | None:
    """Return the test clock whose time an object lives in: its own or its customer's."""
    clock = shown.get("test_clock")
    customer = shown.get("customer")
    if clock is None and isinstance(customer, str):
        clock = (call.store.peek("customer", customer) or {}).get("test_clock")
    return clock if isinstance(clock, str) else None
