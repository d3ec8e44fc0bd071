"""Return links that only this application can make, and that end. Pure.

A link says for whom it is and where it leads, in plain sight and signed: `base64(JSON).base64(HMAC-SHA256)`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from billing_runtime.errors import ReturnInvalid

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 8192
_PURPOSE = b"billing return link 1"


@dataclass(frozen=True, slots=True)
class Return:
    """Who comes back, where they are led, until when; `scope` is the account and mode it was made for."""

    entity_id: str
    target: str
    until: int
    scope: str


def derived_secret(api_key: str) -> str:
    """A secret for signing, from another one: it tells nothing about it, and ends with it."""
    return hmac.new(api_key.encode(), _PURPOSE, hashlib.sha256).hexdigest()


def signed(what: Return, secret: str) -> str:
    """The link's token."""
    payload = _encoded(json.dumps(asdict(what), sort_keys=True, separators=(",", ":")).encode())
    return f"{payload}.{_encoded(_signature(payload, secret))}"


def verified(token: str, secrets: Sequence[str], *, now: int, scope: str) -> Return:
    """What the token says, or ReturnInvalid: nothing in it is read before its signature is known to be right."""
    payload, dot, signature = token.partition(".")
    given = _decoded(signature)
    if len(token) > _LONGEST or not dot or given is None or not _is_signed(payload, given, secrets):
        raise ReturnInvalid("signature")
    found = Return(**json.loads(_decoded(payload) or b"{}"))
    if found.scope != scope:
        raise ReturnInvalid("signature")
    if found.until < now:
        raise ReturnInvalid("expired")
    return found


def _is_signed(payload: str, signature: bytes, secrets: Sequence[str]) -> bool:
    # Every secret is tried, so that the time taken says nothing about which one it was.
    right = [hmac.compare_digest(_signature(payload, secret), signature) for secret in secrets]
    return any(right)


def _signature(payload: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), _PURPOSE + payload.encode(), hashlib.sha256).digest()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
