"""Who wants which events: webhook endpoints, and the event destinations of the v2 namespace.

Those of a platform may ask for what happens in its connected accounts. https://docs.stripe.com/connect/webhooks
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stripe_emulator.accounts import CONNECTED, Scope

if TYPE_CHECKING:
    from stripe_emulator.storage import Storage

Document = dict[str, Any]

ENDPOINT = "webhook_endpoint"
DESTINATION = "v2.core.event_destination"


@dataclass(frozen=True)
class Addressee:
    """An endpoint or a destination, as a delivery needs it."""

    id: str
    account: str  # whose it is
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


def addressees(storage: Storage, scope: Scope) -> list[Addressee]:
    """Return who may hear of what happens in an account and mode: its own, then those of the platforms it is on."""
    own = [one for one in _of(storage, scope) if one.of_itself]
    platforms = [Scope(account, scope.livemode) for account in _platforms(storage, scope.account)]
    return own + [one for platform in platforms for one in _of(storage, platform) if one.of_others]


def addressee(storage: Storage, scope: Scope, identifier: str) -> Addressee | None:
    """Return one endpoint or destination of an account, unless it is deleted."""
    if (endpoint := storage.table(scope.name, ENDPOINT).get(identifier)) is not None:
        return _endpoint(endpoint, scope.account)
    destination = storage.table(scope.name, DESTINATION).get(identifier)
    return None if destination is None else _destination(destination, scope.account)


def _of(storage: Storage, scope: Scope) -> list[Addressee]:
    """Return an account's endpoints and destinations, in the order in which they were made."""
    endpoints = storage.table(scope.name, ENDPOINT).values()
    destinations = storage.table(scope.name, DESTINATION).values()
    return [_endpoint(one, scope.account) for one in endpoints] + [
        _destination(one, scope.account) for one in destinations
    ]


def _platforms(storage: Storage, account: str) -> list[str]:
    kept = storage.table(*CONNECTED).items()
    return [owner for owner, reached in kept if account in reached["accounts"] and owner.startswith("acct_")]


def _endpoint(document: Document, account: str) -> Addressee:
    return Addressee(
        id=document["id"],
        account=account,
        url=document["url"],
        events=frozenset(document["enabled_events"]),
        version=document["api_version"],
        is_thin=False,
        is_enabled=document["status"] == "enabled",
        of_others=document["_connect"],
        of_itself=not document["_connect"],
        secrets=_secrets(document),
    )


def _destination(document: Document, account: str) -> Addressee:
    sources = document["events_from"]
    return Addressee(
        id=document["id"],
        account=account,
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
