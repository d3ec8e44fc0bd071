"""What restricted keys may do. https://docs.stripe.com/keys-api#limit-access"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.accounts import Scope, key_of
from stripe_emulator.errors import requests as errors

if TYPE_CHECKING:
    from stripe_emulator.messages import Request
    from stripe_emulator.storage import Storage

_TABLE = ("", "permissions")
_EXPIRED = ("", "expired_keys")
_LEVELS = ("none", "read", "write")


def restrict(storage: Storage, given: dict[str, Any]) -> dict[str, Any]:
    """Keep the permissions of a key, or raise ValueError with one sentence."""
    key, permissions = given.get("key"), given.get("permissions")
    if not isinstance(key, str) or not key.startswith("rk_"):
        message = "`key` is a restricted key: rk_test_… or rk_live_…"
        raise ValueError(message)
    if not isinstance(permissions, dict) or any(level not in _LEVELS for level in permissions.values()):
        message = "`permissions` says none, read or write for resources by their addresses, such as billing/meters"
        raise ValueError(message)
    storage.apply({(*_TABLE, key): {"permissions": permissions}})
    return {"key": key, "permissions": permissions}


def expire(storage: Storage, given: dict[str, Any]) -> dict[str, Any]:
    """Let a key expire, or raise ValueError with one sentence."""
    key = given.get("key")
    if not isinstance(key, str) or not key.startswith(("sk_", "rk_")):
        message = "`key` is a secret or restricted key: sk_test_… or rk_test_…"
        raise ValueError(message)
    storage.apply({(*_EXPIRED, key): {}})
    return {"status": "ok"}


def refuse_expired(storage: Storage, request: Request) -> None:
    """Answer 401 to a key that has expired."""
    key = key_of(request.headers.get("authorization"))
    if key in storage.table(*_EXPIRED):
        raise errors.expired_key(key)


def require(storage: Storage, request: Request, route: str, scope: Scope) -> None:
    """Answer 403 unless the key may do this; a key that nobody restricted may do everything."""
    key = key_of(request.headers.get("authorization"))
    kept = storage.table(*_TABLE).get(key)
    if kept is None:
        return
    method, resource = route.partition(" ")[0], _resource(route)
    needed = "read" if method == "GET" else "write"
    if _LEVELS.index(kept["permissions"].get(resource, "none")) < _LEVELS.index(needed):
        raise errors.not_permitted(key, scope.account, f"rak_{_singular(resource)}_{needed}")


def _resource(route: str) -> str:
    """The address without its version and from its first id on: `POST /v1/billing/meters/{id}` is billing/meters."""
    path = route.partition(" ")[2].partition("/{")[0]
    return path.split("/", 2)[2].removesuffix("/search")


def _singular(resource: str) -> str:
    return resource.rpartition("/")[2].removesuffix("s")
