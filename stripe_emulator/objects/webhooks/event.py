"""Events of the last thirty days. https://docs.stripe.com/api/events."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.delivery.record import pending_webhooks
from stripe_emulator.errors import parameters, requests
from stripe_emulator.errors import webhooks as errors
from stripe_emulator.events import EVENT, kept_until
from stripe_emulator.long_lists import few, page_of
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [EVENT]
routes = Routes()

_MOST_TYPES = 20


@routes("GET /v1/events/{id}")
def retrieve(call: Call) -> Document:
    """Return one event."""
    event = call.in_path(EVENT)
    if not _is_here(call, event):
        raise requests.no_such(EVENT.noun, event["id"], param=EVENT.path_param, status=404)
    return shown(call, event)


@routes("GET /v1/events")
def index(call: Call) -> Document:
    """List events, newest first; a type may end with an asterisk."""
    wanted = _types(call)
    success = call.params.get("delivery_success")

    def look(event: Document) -> Document | None:
        if not _is_here(call, event) or (wanted and not any(_is_of(event["type"], one) for one in wanted)):
            return None
        if success is not None and success is not (pending_webhooks(call, event["id"]) == 0):
            return None
        return event

    listed = page_of(call, EVENT, look, _among(call, wanted))
    return {**listed, "data": [shown(call, event) for event in listed["data"]]}


def shown(call: Call, event: Document) -> Document:
    """Return an event as it is shown, with the number of those who have not got it yet."""
    public = {name: value for name, value in event.items() if name[:1] != "_"}
    return {**public, "pending_webhooks": pending_webhooks(call, event["id"])}


def _types(call: Call) -> list[str]:
    if "types" in call.params and "type" in call.params:
        raise parameters.exclusive(["type", "types"], None)
    types = list(call.params.get("types", []))
    if len(types) > _MOST_TYPES:
        raise errors.too_many_types(_MOST_TYPES)
    return types or [call.params[name] for name in ("type",) if name in call.params]


def _among(call: Call, types: list[str]) -> set[str] | None:
    """Return the ids of the events of these types, where that is sooner found than by a walk."""
    if not types or any("*" in name for name in types):
        return None
    rows = call.store.rows(EVENT.object)
    found: set[str] = set().union(*(rows.with_value("type", name) for name in types))
    return found if few(found, rows) else None


def _is_here(call: Call, event: Document) -> bool:
    """A thin event is none of this namespace, and an old one is forgotten within the hour."""
    return event["object"] == EVENT.object and kept_until(event) > call.now


def _is_of(name: str, wanted: str) -> bool:
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted
