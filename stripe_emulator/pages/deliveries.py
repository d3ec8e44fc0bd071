"""What became of the events that endpoints asked for."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from stripe_emulator.accounts import Scope, scope_named
from stripe_emulator.pages.dashboard_objects import address, finder

if TYPE_CHECKING:
    from stripe_emulator.emulator import Emulator

Document = dict[str, Any]

_DELIVERY = "delivery"
_LATEST = 50
_LOOKS = {"delivered": "ok", "failed": "failed", "ready": "waiting", "waiting": "waiting"}


def latest_deliveries(emulator: Emulator) -> list[Document]:
    """Return the latest deliveries of all accounts, newest first."""
    found = [line for name in emulator.storage.scopes(_DELIVERY) for line in _latest(emulator, scope_named(name))]
    return sorted(found, key=lambda line: int(line["created"]), reverse=True)[:_LATEST]


def of_event(emulator: Emulator, scope: Scope, event: str) -> list[Document]:
    """Return the deliveries of one event, oldest first."""
    rows = emulator.storage.rows(scope.name, _DELIVERY)
    found = rows.sorted_newest_first(rows.with_value("event", event))[::-1]
    return [_line(emulator, scope, rows.documents[one]) for one in found]


def _latest(emulator: Emulator, scope: Scope) -> list[Document]:
    rows = emulator.storage.rows(scope.name, _DELIVERY)
    return [_line(emulator, scope, rows.documents[one]) for one in islice(rows.newest_first(), _LATEST)]


def _line(emulator: Emulator, scope: Scope, delivery: Document) -> Document:
    return {
        "created": delivery["created"],
        "type": delivery["type"],
        "href": address(scope, "event", delivery["event"]),
        "endpoint": delivery["endpoint"],
        "endpoint_href": finder(emulator, scope)("endpoint", delivery["endpoint"]) or "/_/events",
        "state": delivery["state"],
        "look": _LOOKS.get(delivery["state"], ""),
        "attempts": len(delivery["attempts"]),
    }
