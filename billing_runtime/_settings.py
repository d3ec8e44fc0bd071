"""Key, address and manifest must fit together before any request is made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from billing_runtime.errors import ApiKeyMissing, NotProvisioned, UnsafeAddress, WrongMode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing_runtime.manifest import Manifest

STRIPE = "https://api.stripe.com"
_KEY = re.compile(r"(?:sk|rk)_(test|live)_[!-~]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """What is needed to talk to one Stripe account in one mode."""

    api_key: str = field(repr=False)
    api_base: str
    stack: str
    account: str
    livemode: bool


def settle(manifest: Manifest, api_key: str | None, api_base: str | None, environ: Mapping[str, str]) -> Settings:
    """The settings, or the error that says what does not fit."""
    key = api_key or environ.get("STRIPE_API_KEY") or ""
    base = (api_base or environ.get("STRIPE_API_BASE") or STRIPE).rstrip("/")
    live = _is_live(key)
    _refuse_unsafe(base, live=live)
    if manifest.account is None or manifest.livemode is None:
        raise NotProvisioned.account()
    if live != manifest.livemode:
        raise WrongMode.of(manifest.stack, manifest_live=manifest.livemode)
    return Settings(key, base, manifest.stack, manifest.account, live)


def _is_live(key: str) -> bool:
    if not key:
        raise ApiKeyMissing.absent()
    match = _KEY.fullmatch(key)
    if match is None:
        raise ApiKeyMissing.unknown_shape()
    return match[1] == "live"


def _refuse_unsafe(base: str, *, live: bool) -> None:
    if not _is_plain_url(base):
        raise UnsafeAddress.no_url()
    if live and base != STRIPE:
        raise UnsafeAddress.live_key(base)


def _is_plain_url(base: str) -> bool:
    try:
        url = urlsplit(base)
        _ = url.port  # a ValueError, like open brackets, if it is no number
    except ValueError:
        return False
    extras = url.query or url.fragment or "@" in url.netloc
    return url.scheme in {"http", "https"} and bool(url.hostname) and not extras
