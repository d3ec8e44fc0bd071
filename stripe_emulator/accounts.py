"""Which account and mode an API key opens: `sk_test_NAME…` is account `acct_NAME` in test mode."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from stripe_emulator.errors import requests as errors

_KEY = re.compile(r"(?:sk|rk)_(test|live)_([A-Za-z0-9]+)(?:_\w*)?")


@dataclass(frozen=True)
class Scope:
    """One account in one mode: nothing is shared between two of them."""

    account: str
    livemode: bool

    @property
    def name(self) -> str:
        """Return the name under which the storage keeps this scope."""
        return f"{self.account}/{'live' if self.livemode else 'test'}"

    def other_mode(self) -> Scope:
        """Return the same account in the other mode."""
        return Scope(self.account, not self.livemode)


def scope_of(authorization: str | None, stripe_account: str | None = None) -> Scope:
    """Read the Authorization header, and refuse keys and accounts that Stripe would refuse."""
    key = key_of(authorization)
    if not key:
        raise errors.no_key()
    match = _KEY.fullmatch(key)
    if match is None:
        raise errors.bad_key(key)
    account = f"acct_{match[2]}"
    if stripe_account not in (None, "", account):
        raise errors.other_account(stripe_account or "")
    return Scope(account, match[1] == "live")


def scope_named(name: str) -> Scope:
    """Return the scope that the storage keeps under a name."""
    account, _, mode = name.partition("/")
    return Scope(account, mode == "live")


def key_of(authorization: str | None) -> str:
    """Return the key of an Authorization header, or nothing."""
    kind, _, value = (authorization or "").partition(" ")
    if kind.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return value.strip() if kind.lower() == "bearer" else ""
