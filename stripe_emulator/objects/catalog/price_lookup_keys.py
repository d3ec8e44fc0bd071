"""Lookup keys: unique over all prices of an account, active or not."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import catalog as errors
from stripe_emulator.kinds import Kind

Document = dict[str, Any]


def take_lookup_key(call: Call, kind: Kind, price: Document, key: str | None) -> None:
    """Give the price a key, taking it from its holder if `transfer_lookup_key` says so; None clears."""
    holder = _holder(call, key) if key else None
    if holder is not None and holder["id"] != price["id"]:
        if not call.params.get("transfer_lookup_key"):
            raise errors.lookup_key_taken(holder["id"])
        call.save(kind, {**holder, "lookup_key": None})
    price["lookup_key"] = key


def _holder(call: Call, key: str) -> Document | None:
    return next((price for price in call.store.all("price") if price["lookup_key"] == key), None)
