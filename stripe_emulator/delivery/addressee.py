"""Who wants which events: webhook endpoints, and the event destinations of the v2 namespace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stripe_emulator.storage import Transaction

Document = dict[str, Any]

ENDPOINT = "webhook_endpoint"
DESTINATION = "v2.core.event_destination"


@dataclass(frozen=True)
class Addressee:
    """An endpoint or a destination, as a delivery needs it."""

    id: str
    url: str
    events: frozenset[str]
    version: str | None  # None: the account's, which is the newest
    is_thin: bool
    is_enabled: bool
    of_others: bool  # receives what happens in connected accounts
    of_itself: bool  # receives what happens in the account itself
    secrets: tuple[tuple[str, int | None], ...]  # and until when an old one signs beside the new one

    def wants(self, name: str) -> bool:
        """Say whether events of a type are sent here.

        `*` leaves out the types that Stripe sends only where they are named; the emulator makes none of those.
        """
        return name in self.events or "*" in self.events


def addressees(store: Transaction) -> list[Addressee]:
    """Return every endpoint and destination of an account and mode, in the order in which they were made."""
    endpoints = [_endpoint(one) for one in store.all(ENDPOINT)]
    return endpoints + [_destination(one) for one in store.all(DESTINATION)]


def addressee(store: Transaction, identifier: str) -> Addressee | None:
    """Return one of them, unless it is deleted."""
    if (endpoint := store.peek(ENDPOINT, identifier)) is not None:
        return _endpoint(endpoint)
    destination = store.peek(DESTINATION, identifier)
    return None if destination is None else _destination(destination)


def _endpoint(document: Document) -> Addressee:
    return Addressee(
        id=document["id"],
        url=document["url"],
        events=frozenset(document["enabled_events"]),
        version=document["api_version"],
        is_thin=False,
        is_enabled=document["status"] == "enabled",
        of_others=document["_connect"],
        of_itself=not document["_connect"],
        secrets=_secrets(document),
    )


def _destination(document: Document) -> Addressee:
    sources = document["events_from"]
    return Addressee(
        id=document["id"],
        url=document["_url"],
        events=frozenset(document["enabled_events"]),
        version=document["snapshot_api_version"],
        is_thin=document["event_payload"] == "thin",
        is_enabled=document["status"] == "enabled",
        of_others="@accounts" in sources,
        of_itself="@self" in sources,
        secrets=_secrets(document),
    )


def _secrets(document: Document) -> tuple[tuple[str, int | None], ...]:
    rolled = [(secret, until) for secret, until in document.get("_rolled", [])]
    return ((document["_secret"], None), *rolled)
