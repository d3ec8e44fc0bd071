"""Events of the last thirty days. https://docs.stripe.com/api/events."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import requests as errors
from stripe_emulator.events import EVENT
from stripe_emulator.long_lists import page_of
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [EVENT]
routes = Routes()

_KEPT = 30 * 86400


@routes("GET /v1/events/{id}")
def retrieve(call: Call) -> Document:
    """Return one event."""
    event = call.in_path(EVENT)
    if event["object"] != EVENT.object:  # a thin one
        raise errors.no_such(EVENT.noun, event["id"], param=EVENT.path_param, status=404)
    return event


@routes("GET /v1/events")
def index(call: Call) -> Document:
    """List events, newest first; a type may end with an asterisk."""
    return page_of(call, EVENT, lambda one: one if _wanted(call, one) else None)


def _wanted(call: Call, event: Document) -> bool:
    if event["object"] != EVENT.object:
        return False
    types = call.params.get("types") or [call.params[name] for name in ("type",) if name in call.params]
    return event["created"] > call.now - _KEPT and (not types or any(_is_of(event["type"], one) for one in types))


def _is_of(name: str, wanted: str) -> bool:
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted
