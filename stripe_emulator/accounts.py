"""Which account and mode a request is about: `sk_test_NAME…` is account `acct_NAME` in test mode.

A platform's key reaches its connected accounts (`Stripe-Account`, `Stripe-Context`), an organization's key those of
the organization: https://docs.stripe.com/connect/authentication, https://docs.stripe.com/context,
https://docs.stripe.com/keys/organization-api-keys
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stripe_emulator.errors import requests as errors

if TYPE_CHECKING:
    from stripe_emulator.storage import Storage

CONNECTED = ("", "connected")
"""Where the storage keeps which accounts a platform, or an organization by its key, reaches."""

Reached = Mapping[str, dict[str, Any]]

_ORGANIZATION = re.compile(r"sk_org_(test|live)_([A-Za-z0-9]+)(?:_\w*)?")
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


def scope_of(authorization: str | None) -> Scope:
    """Return the account and mode of an Authorization header alone."""
    return scope_of_request({"authorization": authorization or ""}, {})


def scope_of_request(headers: dict[str, str], reached: Reached) -> Scope:
    """Read the key and the account of a request, and refuse those that Stripe would refuse."""
    key = key_of(headers.get("authorization"))
    if not key:
        raise errors.no_key()
    context = headers.get("stripe-context") or headers.get("stripe-account") or ""
    match = _KEY.fullmatch(key)
    if match is not None:
        return Scope(_reach(f"acct_{match[2]}", context, reached), match[1] == "live")
    organization = _ORGANIZATION.fullmatch(key)
    if organization is None or key not in reached:
        raise errors.bad_key(key)
    for header in ("Stripe-Context", "Stripe-Version"):
        if not headers.get(header.lower()):
            raise errors.organization_needs(header)
    return Scope(_reach(key, context, reached), organization[1] == "live")


def _reach(owner: str, context: str, reached: Reached) -> str:
    """Go from an account (or an organization's key) to the one that is named, by way of those named before it."""
    for account in context.split("/") if context else ():
        if account != owner and account not in reached.get(owner, {"accounts": ()})["accounts"]:
            raise errors.other_account(account)
        owner = account
    return owner


def connect(storage: Storage, given: dict[str, Any]) -> dict[str, Any]:
    """Keep which accounts a platform or an organization's key reaches, or raise ValueError with one sentence."""
    owner, accounts = given.get("owner"), given.get("accounts")
    if not isinstance(owner, str) or not (owner.startswith("acct_") or _ORGANIZATION.fullmatch(owner)):
        message = "`owner` is a platform's account, acct_…, or the key of an organization, sk_org_test_…"
        raise ValueError(message)
    if not isinstance(accounts, list) or not all(str(one).startswith("acct_") for one in accounts):
        message = "`accounts` is a list of accounts: acct_…"
        raise ValueError(message)
    storage.apply({(*CONNECTED, owner): {"accounts": accounts}})
    return {"accounts": accounts}


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
