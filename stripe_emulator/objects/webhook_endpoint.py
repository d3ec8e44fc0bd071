"""Webhook endpoints. https://docs.stripe.com/api/webhook_endpoints."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import SplitResult, urlsplit

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import webhooks as errors
from stripe_emulator.ids import random_id
from stripe_emulator.kinds import Kind
from stripe_emulator.pagination import newest_first, page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

WEBHOOK_ENDPOINT = Kind("webhook_endpoint", "we", "webhook endpoint", path_param="webhook_endpoint")
KINDS = [WEBHOOK_ENDPOINT]
routes = Routes()

_MOST = 16  # per account and mode


@routes("POST /v1/webhook_endpoints")
def create(call: Call) -> Document:
    """Create an endpoint; this answer is the only one that has the signing secret."""
    _refuse_bad_url(call, call.params["url"])
    if len(call.store.all(WEBHOOK_ENDPOINT.object)) >= _MOST:
        raise errors.too_many(_MOST, "live" if call.scope.livemode else "test")
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
        _refuse_bad_url(call, params["url"])
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
    return page(call, newest_first(call, WEBHOOK_ENDPOINT.object), noun=WEBHOOK_ENDPOINT.noun)


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


def _refuse_bad_url(call: Call, url: str) -> None:
    address = _address(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise errors.no_scheme()
    if not _is_public(address.hostname):
        raise errors.not_public()
    if call.scope.livemode and address.scheme != "https":
        raise errors.not_https()


def _address(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        _ = address.port  # reading it finds a port that is no number
    except ValueError:
        raise errors.malformed() from None
    return address


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))
