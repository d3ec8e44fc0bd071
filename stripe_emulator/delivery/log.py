"""What became of the deliveries, for tests and people who look."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING, Any

from stripe_emulator.accounts import scope_named
from stripe_emulator.delivery.record import DELIVERY

if TYPE_CHECKING:
    from stripe_emulator.storage import Storage

Document = dict[str, Any]

_FILTERS = ("id", "event", "told", "type", "payload", "endpoint", "endpoint_account", "state", "account", "livemode")


def find(storage: Storage, filters: dict[str, str]) -> list[Document]:
    """Return the deliveries that agree with every filter, oldest first, or raise ValueError with one sentence."""
    if strangers := sorted(set(filters) - set(_FILTERS)):
        message = f"deliveries have no {', '.join(strangers)}; they are found by {', '.join(_FILTERS)}"
        raise ValueError(message)
    shown = [
        {**delivery, "account": scope_named(name).account, "livemode": scope_named(name).livemode}
        for name in storage.scopes(DELIVERY)
        for delivery in storage.table(name, DELIVERY).values()
    ]
    return [one for one in shown if all(fnmatch.fnmatchcase(_text(one[name]), filters[name]) for name in filters)]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
