"""Idempotency keys: the first answer is kept for a day and given again; in v2 for a month, and only if it was good.

https://docs.stripe.com/api/idempotent_requests, https://docs.stripe.com/api-v2-overview#idempotency
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from stripe_emulator.errors import requests as errors
from stripe_emulator.messages import Request, Response

if TYPE_CHECKING:
    from stripe_emulator.accounts import Scope
    from stripe_emulator.storage import Transaction

KEPT = 24 * 3600
KEPT_IN_V2 = 30 * 24 * 3600
LONGEST = 255


class IdempotencyKeys:
    """Which keys are in use at this moment, and what was answered under the others."""

    def __init__(self) -> None:
        self._in_flight: set[tuple[str, str]] = set()

    def begin(self, scope: Scope, key: str) -> None:
        """Take a key for the time of one request, or refuse."""
        if len(key) > LONGEST:
            raise errors.key_too_long()
        if (scope.name, key) in self._in_flight:
            raise errors.key_in_use(key)
        self._in_flight.add((scope.name, key))

    def end(self, scope: Scope, key: str) -> None:
        """Give the key free."""
        self._in_flight.discard((scope.name, key))


def replay(store: Transaction, request: Request, parameters: dict[str, Any], now: int) -> Response | None:
    """Return the answer this key already has, or refuse a key that was used for something else."""
    key = request.idempotency_key
    kept = _kept(store, request, now)
    if not key or kept is None:
        return None
    if request.is_v2 and (kept["path"], kept["method"], kept["digest"]) != _asked(request, parameters):
        raise errors.other_request()
    if kept["path"] != request.path:
        raise errors.other_endpoint(key, kept["path"], request.path)
    if kept["digest"] != _digest(parameters):
        raise errors.other_parameters(key)
    headers = {**kept["headers"], "Idempotent-Replayed": "true", "Original-Request": kept["request_id"]}
    return Response(kept["status"], kept["body"].encode(), headers)


def is_known(store: Transaction, request: Request, now: int) -> bool:
    """Say whether the request's key has an answer already."""
    return _kept(store, request, now) is not None


def keep(
    store: Transaction, request: Request, parameters: dict[str, Any], response: Response, *, now: int, request_id: str
) -> None:
    """Remember an answer under its key, in the same transaction as what it changed."""
    failed = response.status >= 400
    if request.idempotency_key is None or (request.is_v2 and failed):
        return
    path, method, digest = _asked(request, parameters)
    record = {
        "path": path,
        "method": method,
        "digest": digest,
        "status": response.status,
        "body": response.body.decode(),
        "headers": response.headers,
        "created": now,
        "request_id": request_id,
    }
    store.put("idempotency_key", request.idempotency_key, record)


def _kept(store: Transaction, request: Request, now: int) -> dict[str, Any] | None:
    key = request.idempotency_key
    kept = store.get("idempotency_key", key) if key else None
    period = KEPT_IN_V2 if kept is not None and kept["path"].startswith("/v2/") else KEPT
    return kept if kept is not None and now < kept["created"] + period else None


def _asked(request: Request, parameters: dict[str, Any]) -> tuple[str, str, str]:
    return request.path, request.method, _digest(parameters)


def _digest(parameters: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
