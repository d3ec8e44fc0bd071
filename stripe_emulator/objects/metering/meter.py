"""Meters: what usage is counted, under which event name. https://docs.stripe.com/api/billing/meter."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import meters as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.long_lists import listed
from stripe_emulator.routing import Routes

Document = dict[str, Any]


def _events(before: Document | None, after: Document | None) -> list[str]:
    """A change of status is told as such; everything else is an update."""
    if after is None:
        return []
    if before is None:
        return ["billing.meter.created"]
    if before["status"] == after["status"]:
        return ["billing.meter.updated"]
    return ["billing.meter.reactivated" if after["status"] == "active" else "billing.meter.deactivated"]


METER = Kind("billing.meter", "mtr", "meter", events=_events)
KINDS = [METER]
routes = Routes()


@routes("POST /v1/billing/meters")
def create(call: Call) -> Document:
    """Create a meter; its event name must not be in use by another active one."""
    params = call.params
    _refuse_taken(call, params["event_name"])
    fields = {
        "created": call.now,
        "customer_mapping": params.get("customer_mapping")
        or {"event_payload_key": "stripe_customer_id", "type": "by_id"},
        "default_aggregation": params["default_aggregation"],
        "display_name": params["display_name"],
        "event_name": params["event_name"],
        "event_time_window": params.get("event_time_window"),
        "status": "active",
        "status_transitions": {"deactivated_at": None},
        "updated": call.now,
        "value_settings": params.get("value_settings") or {"event_payload_key": "value"},
    }
    return call.create(METER, fields)


@routes("GET /v1/billing/meters/{id}")
def retrieve(call: Call) -> Document:
    """Return one meter."""
    return call.in_path(METER)


@routes("POST /v1/billing/meters/{id}")
def update(call: Call) -> Document:
    """Change the display name, the only thing that may change."""
    meter = call.in_path(METER)
    return call.save(METER, {**meter, **call.params, "updated": call.now})


@routes("POST /v1/billing/meters/{id}/deactivate")
def deactivate(call: Call) -> Document:
    """Stop taking events; the history is kept and the event name becomes free."""
    return _become(call, "inactive", call.now)


@routes("POST /v1/billing/meters/{id}/reactivate")
def reactivate(call: Call) -> Document:
    """Take events again, unless another meter has the event name by now."""
    meter = call.in_path(METER)
    if meter["status"] == "inactive":
        _refuse_taken(call, meter["event_name"])
    return _become(call, "active", None)


@routes("GET /v1/billing/meters")
def index(call: Call) -> Document:
    """List meters, newest first."""
    return listed(call, METER, "status")


def active_meter(call: Call, event_name: str) -> Document | None:
    """Return the active meter that counts these events."""
    return next((meter for meter in meters_named(call, event_name) if meter["status"] == "active"), None)


def meters_named(call: Call, event_name: str) -> list[Document]:
    """Return the meters that ever counted these events, oldest first; for reading only."""
    return call.store.where(METER.object, "event_name", event_name)


def _refuse_taken(call: Call, event_name: str) -> None:
    if active_meter(call, event_name):
        raise errors.event_name_taken(event_name)


def _become(call: Call, status: str, deactivated_at: int | None) -> Document:
    meter = call.in_path(METER)
    if meter["status"] == status:
        raise errors.already("meter", status)
    transitions = {"deactivated_at": deactivated_at}
    return call.save(METER, {**meter, "status": status, "status_transitions": transitions, "updated": call.now})
