"""Which Stripe account a stack uses, and the guards that hold before any request.

https://docs.stripe.com/keys. The environment wins over the stack's configuration: it never gets into the state.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from billing_resources.errors import SettingsError

API_VERSION = "2026-10-28.endive"
API_BASE = "https://api.stripe.com"
ALLOW_DESTRUCTIVE = "BILLING_ALLOW_DESTRUCTIVE"
"""For a destroy: the engine configures the host for it with the settings of the last ``up``, not with today's."""
TEST_RATE, LIVE_RATE, ENDPOINT_RATE = 25, 100, 25
_COUNT = re.compile(r"[1-9][0-9]{0,3}")
_TEST, _LIVE, _ORGANIZATION = ("sk_test_", "rk_test_"), ("sk_live_", "rk_live_"), ("sk_org_",)


@dataclass(frozen=True)
class Settings:
    """What a stack's configuration and the environment say about Stripe."""

    api_key: str | None = None
    api_base: str = API_BASE
    api_version: str = API_VERSION
    mode: str | None = None
    account: str | None = None
    rate_limit: str | None = None
    allow_destructive: str | None = None

    @classmethod
    def of(cls, config: Mapping[str, str], environ: Mapping[str, str] | None = None) -> Settings:
        """Read the keys of the stack's configuration that are ours, and the environment over them."""
        env = os.environ if environ is None else environ
        return cls(
            api_key=env.get("STRIPE_API_KEY") or config.get("stripe:apiKey") or None,
            api_base=(env.get("STRIPE_API_BASE") or config.get("stripe:apiBase") or API_BASE).rstrip("/"),
            api_version=config.get("stripe:apiVersion") or API_VERSION,
            mode=config.get("stripe:mode") or None,
            account=config.get("stripe:account") or None,
            rate_limit=config.get("stripe:rateLimit") or None,
            allow_destructive=env.get(ALLOW_DESTRUCTIVE) or config.get("billing:allowDestructive") or None,
        )

    def guard(self) -> None:
        """Refuse what must not even start; the key may still be absent, a preview needs none."""
        if self.mode not in {None, "test", "live"}:
            raise SettingsError.unknown_mode(str(self.mode))
        if self.rate_limit is not None and not _COUNT.fullmatch(self.rate_limit):
            raise SettingsError.bad_rate_limit()
        if (self.allow_destructive or "true").lower() not in {"true", "false"}:
            raise SettingsError.unclear_permission()
        if self.api_key is None:
            return
        mode = key_mode(self.api_key)
        if self.mode is not None and mode is not None and mode != self.mode:
            raise SettingsError.wrong_mode(mode, self.mode)
        if mode != "test" and not self.is_stripe:
            raise SettingsError.live_key_elsewhere(_host(self.api_base))

    def require_key(self) -> str:
        """The key, or a sentence about how to give one."""
        self.guard()
        if self.api_key is None:
            raise SettingsError.no_key()
        return self.api_key

    @property
    def requests_per_second(self) -> int | None:
        """What stripe:rateLimit says, else what Stripe allows in the key's mode; other addresses have no limit."""
        if self.rate_limit is not None:
            return int(self.rate_limit)
        if not self.is_stripe:
            return None
        return TEST_RATE if self.api_key is None or key_mode(self.api_key) == "test" else LIVE_RATE

    @property
    def requests_per_endpoint(self) -> int | None:
        """Stripe's limit for each endpoint; who writes stripe:rateLimit knows the account's own limits."""
        return ENDPOINT_RATE if self.rate_limit is None and self.is_stripe else None

    @property
    def allows_destruction(self) -> bool:
        """Whether ``billing:allowDestructive`` is set; test stacks need no such permission."""
        return (self.allow_destructive or "").lower() == "true"

    @property
    def is_live(self) -> bool:
        """Whether the stack is known to be about real money."""
        return self.mode == "live" or (self.api_key is not None and key_mode(self.api_key) == "live")

    @property
    def is_test(self) -> bool:
        """Whether the stack is known to be about no money at all."""
        return self.mode == "test" or (self.api_key is not None and key_mode(self.api_key) == "test")

    @property
    def is_stripe(self) -> bool:
        """Whether requests go to Stripe itself."""
        parts = urlsplit(self.api_base)
        return parts.scheme == "https" and parts.hostname == "api.stripe.com"


def key_mode(key: str) -> str | None:
    """``test`` or ``live``; an organization's key does not say."""
    if key.startswith(_TEST):
        return "test"
    if key.startswith(_LIVE):
        return "live"
    if key.startswith(_ORGANIZATION):
        return None
    raise SettingsError.malformed_key()


def _host(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.hostname}"
