"""What can be seen before an engine starts, so that it is said once and not for every resource."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from billing_cli.errors import UsageRefused

if TYPE_CHECKING:
    from billing_cli.engines.workplace import Workplace


def require_stripe(workplace: Workplace) -> None:
    """Refuse to start without a key, or towards an address where nobody answers."""
    settings = workplace.settings
    if not os.environ.get("STRIPE_API_KEY") and "stripe:apiKey" not in settings:
        raise UsageRefused.no_key()
    base = os.environ.get("STRIPE_API_BASE") or settings.get("stripe:apiBase")
    if isinstance(base, str):
        require_answer(base)


def require_answer(base: str) -> None:
    """Refuse an address where nobody listens."""
    parts = urlsplit(base)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        port = 0
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port:
        raise UsageRefused.no_address(base)
    try:
        socket.create_connection((parts.hostname, port), timeout=5).close()
    except OSError:
        raise UsageRefused.unreachable(f"{parts.scheme}://{parts.hostname}:{port}") from None
