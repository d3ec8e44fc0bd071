"""The signature of a delivery. https://docs.stripe.com/webhooks#verify-manually"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence


def signature_header(body: bytes, secrets: Sequence[str], timestamp: int) -> str:
    """Return the value of `Stripe-Signature`: one signature for each secret, over the moment and the body."""
    signed = f"{timestamp}.".encode() + body
    signatures = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={timestamp}", *(f"v1={signature}" for signature in signatures)])


def secrets_at(secrets: Sequence[tuple[str, int | None]], moment: int) -> list[str]:
    """Return the secrets that sign at a moment: the endpoint's, and the one before it while that is still in use."""
    return [secret for secret, until in secrets if until is None or moment < until]
