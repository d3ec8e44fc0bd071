"""The account a key belongs to. https://docs.stripe.com/api/accounts/retrieve."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import requests as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.routing import Routes

ACCOUNT = Kind("account", "acct", "account", path_param="account")
KINDS = [ACCOUNT]
routes = Routes()


@routes("GET /v1/account")
def retrieve_current(call: Call) -> dict[str, Any]:
    """Return the account of the key."""
    return _account(call)


@routes("GET /v1/accounts/{account}")
def retrieve(call: Call) -> dict[str, Any]:
    """Return the account of the key by its id; no other is in reach."""
    if call.path["account"] != call.scope.account:
        raise errors.other_account(call.path["account"])
    return _account(call)


def _account(call: Call) -> dict[str, Any]:
    """Make up the account: every one exists from its first request on."""
    name = call.scope.account.removeprefix("acct_")
    return {
        "id": call.scope.account,
        "object": "account",
        "business_profile": {"name": name, "support_email": None, "url": None},
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": "US",
        "default_currency": "usd",
        "details_submitted": True,
        "email": f"{name}@example.com",
        "payouts_enabled": True,
        "settings": {"dashboard": {"display_name": name, "timezone": "Etc/UTC"}},
        "type": "standard",
    }
