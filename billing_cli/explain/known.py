"""The settings that mean something to us, with the variable that wins over each and what holds without any."""

from __future__ import annotations

from dataclasses import dataclass

from billing_resources._engine.settings import (
    ALLOW_DESTRUCTIVE,
    API_BASE,
    API_VERSION,
    ENDPOINT_RATE,
    LIVE_RATE,
    TEST_RATE,
)
from billing_review.parity.allowances import SETTING


@dataclass(frozen=True)
class Known:
    """One setting."""

    key: str
    default: str
    """What holds where nobody says anything, in words."""
    variable: str | None = None
    """The environment variable that wins over every file."""


KNOWN = {
    one.key: one
    for one in (
        Known("stripe:mode", "none: as the key is"),
        Known("stripe:account", "none: as the key opens, or the state remembers"),
        Known("stripe:apiKey", "none: a preview needs none", "STRIPE_API_KEY"),
        Known("stripe:apiBase", API_BASE, "STRIPE_API_BASE"),
        Known("stripe:apiVersion", API_VERSION),
        Known("stripe:rateLimit", f"{TEST_RATE} test, {LIVE_RATE} live, {ENDPOINT_RATE} an endpoint"),
        Known("billing:overrides", "none: the catalog as it is"),
        Known("billing:allowDestructive", "false", ALLOW_DESTRUCTIVE),
        Known("billing:protect", "false"),
        Known("billing:webhookSecrets", "none: as Stripe showed them at the create"),
        Known(SETTING, "none"),
    )
}
NAMESPACES = frozenset(key.partition(":")[0] for key in KNOWN)
