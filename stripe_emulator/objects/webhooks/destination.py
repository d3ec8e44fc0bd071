"""Event destinations of the v2 namespace. https://docs.stripe.com/api/v2/core/event-destinations."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import MOST_METADATA, Call
from stripe_emulator.errors import StripeError
from stripe_emulator.errors import fields as errors
from stripe_emulator.ids import random_id
from stripe_emulator.objects.webhooks.destination_events import events_from_of, refuse_bad_events, snapshot_version_of
from stripe_emulator.objects.webhooks.endpoint_limit import EVENT_DESTINATION, refuse_too_many
from stripe_emulator.objects.webhooks.endpoint_url import refuse_bad_url
from stripe_emulator.pagination_v2 import page
from stripe_emulator.routing import Routes
from stripe_emulator.thin_events import announce_thin, moment, shown

Document = dict[str, Any]

KINDS = [EVENT_DESTINATION]
routes = Routes()

_SECRET = "webhook_endpoint.signing_secret"  # noqa: S105 - the name of a field
_URL = "webhook_endpoint.url"


@routes("POST /v2/core/event_destinations")
def create(call: Call) -> Document:
    """Create a destination; this answer is the only one that can have the signing secret."""
    fields = _fields(call)
    refuse_too_many(call)
    destination = call.create(EVENT_DESTINATION, fields)
    return _shown(call, destination)


@routes("GET /v2/core/event_destinations/{id}")
def retrieve(call: Call) -> Document:
    """Return one destination, with its address on request."""
    return _shown(call, _destination(call))


@routes("POST /v2/core/event_destinations/{id}")
def update(call: Call) -> Document:
    """Change name, description, events, address or metadata."""
    destination = _destination(call)
    params = call.params
    if "enabled_events" in params:
        refuse_bad_events(params["enabled_events"], destination["event_payload"])
    if "webhook_endpoint" in params:
        destination["_url"] = _url(call)
    if "metadata" in params:
        destination["metadata"] = _merged(destination["metadata"], params["metadata"])
    plain: Document = {name: params[name] for name in ("description", "enabled_events", "name") if name in params}
    return _shown(call, _save(call, {**destination, **plain}))


@routes("DELETE /v2/core/event_destinations/{id}")
def delete(call: Call) -> Document:
    """Delete a destination."""
    destination = _destination(call)
    call.store.remove(EVENT_DESTINATION.object, destination["id"])
    return {"id": destination["id"], "object": EVENT_DESTINATION.object}


@routes("POST /v2/core/event_destinations/{id}/disable")
def disable(call: Call) -> Document:
    """Deliver nothing until it is enabled again."""
    details = {"disabled": {"reason": "user"}}
    return _shown(call, _save(call, {**_destination(call), "status": "disabled", "status_details": details}))


@routes("POST /v2/core/event_destinations/{id}/enable")
def enable(call: Call) -> Document:
    """Deliver again."""
    return _shown(call, _save(call, {**_destination(call), "status": "enabled", "status_details": None}))


@routes("POST /v2/core/event_destinations/{id}/ping")
def ping(call: Call) -> Document:
    """Return the event that is sent for a trial."""
    return shown(announce_thin(call, "v2.core.event_destination.ping", _destination(call), None))


@routes("GET /v2/core/event_destinations")
def index(call: Call) -> Document:
    """List destinations, newest first."""
    listed = page(call, call.store.all(EVENT_DESTINATION.object)[::-1])
    return {**listed, "data": [_shown(call, destination) for destination in listed["data"]]}


def _fields(call: Call) -> Document:
    params = call.params
    _refuse_not_emulated(params["type"])
    refuse_bad_events(params["enabled_events"], params["event_payload"])
    return {
        "created": moment(call.now),
        "description": params.get("description", ""),
        "enabled_events": params["enabled_events"],
        "event_payload": params["event_payload"],
        "events_from": events_from_of(params),
        "metadata": _merged({}, params.get("metadata", {})),
        "name": params["name"],
        "snapshot_api_version": snapshot_version_of(call),
        "status": "enabled",
        "status_details": None,
        "type": params["type"],
        "updated": moment(call.now),
        "_number": call.store.count("event_destination_number"),
        "_secret": random_id("whsec", 32),
        "_url": _url(call),
    }


def _destination(call: Call) -> Document:
    destination = call.store.get(EVENT_DESTINATION.object, call.path["id"])
    if destination is None:
        raise errors.not_found()
    return destination


def _save(call: Call, destination: Document) -> Document:
    return call.save(EVENT_DESTINATION, {**destination, "updated": moment(call.now)})


def _shown(call: Call, destination: Document) -> Document:
    """Show the address and the secret only where they were asked for."""
    included = call.params.get("include", [])
    secret = destination["_secret"] if _SECRET in included else None
    url = destination["_url"] if _URL in included else None
    return {**destination, "webhook_endpoint": {"signing_secret": secret, "url": url}}


def _url(call: Call) -> str:
    if "webhook_endpoint" not in call.params:
        raise errors.invalid_fields([f"webhook_endpoint: {errors.REQUIRED}"])
    url = str(call.params["webhook_endpoint"]["url"])
    try:
        refuse_bad_url(call, url)
    except StripeError as error:
        raise errors.invalid_fields([f"{_URL}: {error.message}"]) from None
    return url


def _merged(old: dict[str, str], new: dict[str, str | None]) -> dict[str, str]:
    """Merge metadata: null removes a key."""
    merged = {key: value for key, value in {**old, **new}.items() if value is not None}
    if len(merged) > MOST_METADATA:
        raise errors.invalid_fields([f"metadata: Must have at most {MOST_METADATA} keys."])
    return merged


def _refuse_not_emulated(type_: str) -> None:
    if type_ != "webhook_endpoint":
        text = f"type: The Stripe emulator does not deliver to `{type_}`; Stripe itself does."
        raise errors.invalid_fields([text])
