"""Run one of Stripe's operations from inside: a page does what the API does, by the same rules and no others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import requests as errors
from stripe_emulator.objects import ROUTES
from stripe_emulator.routing import Operation

Document = dict[str, Any]

_OPERATIONS: dict[str, Operation] = {name: found for routes in ROUTES for name, found in routes.table.items()}


def operate(call: Call, name: str, params: Document | None = None, **path: str) -> Document:
    """Run `POST /v1/products/{id}` and its like within a call: its changes are kept or dropped with the call's."""
    method, _, template = name.partition(" ")
    address = template.format(**path)
    if name not in _OPERATIONS:
        raise errors.unrecognized_url(method, address)
    return _OPERATIONS[name](replace(call, params=params or {}, path=path, url=address))
