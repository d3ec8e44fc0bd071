"""Whether Stripe signed a webhook: https://docs.stripe.com/webhooks/signature.

Written out instead of using the SDK's, which reads the machine's clock, tries one secret, and takes a second to import.
A test holds it against the SDK's.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import TYPE_CHECKING

from billing_runtime.errors import WebhookStale, WebhookUnsigned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Seconds between signing and arrival, as Stripe's own libraries tolerate them.
TOLERANCE = 300

_HEADER_LIMIT = 4096
_SIGNED_AT = re.compile(r"[0-9]{1,12}")
_MADE = re.compile(r"[0-9a-f]{64}")


def verify(payload: bytes, header: str | None, secrets: Mapping[str, str], *, now: int) -> str:
    """The name of the secret that signed the payload; `now` is Unix time. Raises WebhookUnsigned or WebhookStale.

    A signature from the future is let pass: it was made by Stripe, and a slow clock here would refuse everything.
    """
    signed_at, signatures = _parsed(header)
    expected = f"{signed_at}.".encode() + payload
    signer = next((name for name, secret in secrets.items() if _made_with(secret, expected, signatures)), None)
    if signer is None:
        raise WebhookUnsigned.no_match(len(secrets))
    if now - int(signed_at) > TOLERANCE:
        raise WebhookStale.of(now - int(signed_at), TOLERANCE)
    return signer


def _parsed(header: str | None) -> tuple[str, list[str]]:
    """The moment and the signatures of scheme v1, of which there are several while a secret is replaced."""
    if not header:
        raise WebhookUnsigned.no_header()
    pairs = [part.strip().partition("=") for part in header.split(",")] if len(header) <= _HEADER_LIMIT else []
    moments = [value for name, _, value in pairs if name == "t" and _SIGNED_AT.fullmatch(value)]
    signatures = [value for name, _, value in pairs if name == "v1" and _MADE.fullmatch(value)]
    if len(moments) != 1 or not signatures:
        raise WebhookUnsigned.not_understood()
    return moments[0], signatures


def _made_with(secret: str, expected: bytes, signatures: Iterable[str]) -> bool:
    mine = hmac.new(secret.encode(), expected, sha256).hexdigest()
    return any([hmac.compare_digest(mine, theirs) for theirs in signatures])  # noqa: C419 - all, in the same time
