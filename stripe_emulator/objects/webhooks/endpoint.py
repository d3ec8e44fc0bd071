"""Webhook endpoints. https://docs.stripe.com/api/webhook_endpoints."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.ids import random_id
from stripe_emulator.long_lists import listed
from stripe_emulator.objects.webhooks.endpoint_limit import WEBHOOK_ENDPOINT, refuse_too_many
from stripe_emulator.objects.webhooks.endpoint_url import refuse_bad_url
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [WEBHOOK_ENDPOINT]
routes = Routes()


@routes("POST /v1/webhook_endpoints")
def create(call: Call) -> Document:
    """Create an endpoint; this answer is the only one that has the signing secret."""
    refuse_bad_url(call, call.params["url"])
    refuse_too_many(call)
    endpoint = call.create(WEBHOOK_ENDPOINT, _fields(call))
    return {**endpoint, "secret": endpoint["_secret"]}


@routes("GET /v1/webhook_endpoints/{webhook_endpoint}")
def retrieve(call: Call) -> Document:
    """Return one endpoint, without its secret."""
    return call.in_path(WEBHOOK_ENDPOINT, "webhook_endpoint")


@routes("POST /v1/webhook_endpoints/{webhook_endpoint}")
def update(call: Call) -> Document:
    """Change address, events, description, metadata, or switch it off and on."""
    endpoint = call.in_path(WEBHOOK_ENDPOINT, "webhook_endpoint")
    params = call.params
    if "url" in params:
        refuse_bad_url(call, params["url"])
    if "metadata" in params:
        endpoint["metadata"] = merge_metadata(endpoint["metadata"], params["metadata"])
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    plain: Document = {name: params[name] for name in ("url", "enabled_events", "description") if name in params}
    return call.save(WEBHOOK_ENDPOINT, {**endpoint, **plain})


@routes("DELETE /v1/webhook_endpoints/{webhook_endpoint}")
def delete(call: Call) -> Document:
    """Delete an endpoint."""
    endpoint = call.in_path(WEBHOOK_ENDPOINT, "webhook_endpoint")
    call.store.remove(WEBHOOK_ENDPOINT.object, endpoint["id"])
    return {"id": endpoint["id"], "object": WEBHOOK_ENDPOINT.object, "deleted": True}


@routes("GET /v1/webhook_endpoints")
def index(call: Call) -> Document:
    """List endpoints, newest first."""
    return listed(call, WEBHOOK_ENDPOINT)


def _fields(call: Call) -> Document:
    return {
        "api_version": call.params.get("api_version"),
        "application": None,
        "created": call.now,
        "description": call.params.get("description"),
        "enabled_events": call.params["enabled_events"],
        "metadata": merge_metadata({}, call.params.get("metadata")),
        "status": "enabled",
        "url": call.params["url"],
        "_connect": call.params.get("connect", False),
        "_secret": random_id("whsec", 32),
    }
