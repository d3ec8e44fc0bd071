"""Rules over several fields of an event destination, each named for what it states.

https://docs.stripe.com/event-destinations
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from billing_resources._engine.facts import is_deferred, is_known
from billing_resources._engine.rules import endpoint_is_public

Problems = list[tuple[str, str]]
_PLACES = ("webhook_endpoint", "amazon_eventbridge", "azure_event_grid")


def place_fits_its_type(args: dict[str, Any]) -> Problems:
    """Each type has the object of its name, and no other."""
    kind = args.get("type", "webhook_endpoint")
    if is_deferred(kind):
        return []
    found = [] if args.get(kind) is not None else [(str(kind), f"is required with type {kind}")]
    odd = [name for name in _PLACES if name != kind and args.get(name) is not None]
    return found + [(name, f"belongs to type {name}") for name in odd]


def address_is_public(args: dict[str, Any]) -> Problems:
    """Stripe delivers to public addresses only."""
    endpoint = args.get("webhook_endpoint")
    if not is_known(endpoint) or not isinstance(endpoint, Mapping):
        return []
    return [(f"webhook_endpoint.{path}", said) for path, said in endpoint_is_public(dict(endpoint))]


def versions_are_for_snapshots(args: dict[str, Any]) -> Problems:
    """Thin events have no version: they only name the object."""
    if args.get("event_payload", "thin") == "thin" and args.get("snapshot_api_version") is not None:
        return [("snapshot_api_version", "belongs to event_payload snapshot")]
    return []


def destination_as_declared(destination: Mapping[str, Any]) -> dict[str, Any]:
    """An event destination with its secret where a webhook endpoint has it."""
    shown = (destination.get("webhook_endpoint") or {}).get("signing_secret")
    return {**destination, "secret": shown or destination.get("secret")}


ALL = (place_fits_its_type, address_is_public, versions_are_for_snapshots)
