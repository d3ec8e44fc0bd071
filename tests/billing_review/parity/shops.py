"""Manifests of a small shop, written by hand, and what the tests do to them."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from billing_review.parity.allowances import Allowance
from billing_review.parity.environment import Environment
from billing_review.parity.manifest import environment_of_manifest
from billing_review.parity.parity import Parity, compare

TODAY = date(2026, 11, 27)
IMMUTABLE = {"Price": frozenset({"unit_amount", "currency", "tiers", "recurring", "product"})}
_BLANK: dict[str, Any] = {
    "seats": None,
    "tiers": None,
    "tiers_mode": None,
    "transform_quantity": None,
    "currency_options": {},
    "trial_days": None,
    "meter": None,
    "limits": {},
    "features": {},
    "default": False,
    "interval": "month",
    "interval_count": 1,
}
SHOP: dict[str, Any] = {
    "version": 1,
    "project": "shop",
    "stack": "staging",
    "account": "acct_staging",
    "livemode": False,
    "api_version": "2026-10-28.endive",
    "catalog_digest": "sha256:0",
    "plans": {
        "team": {
            "product": "team",
            "audience": ["organization"],
            "rank": 2,
            "name": "Team",
            "badge": None,
            "free": False,
            "limits": {"members": {"included": 50, "per": "lifetime", "overage": "block", "meter": None}},
            "features": {"sso": "included"},
            "prices": ["team.monthly", "team.volume"],
        }
    },
    "products": {"team": {"id": "prod_1"}, "cloud": {"id": "prod_2"}},
    "prices": {
        "team.monthly": {
            **_BLANK,
            "id": "price_1",
            "product": "team",
            "type": "per_seat",
            "seats": {"mode": "follow", "minimum": 1, "maximum": None},
            "currency": "usd",
            "unit_amount_decimal": "1200",
            "currency_options": {"jpy": {"unit_amount_decimal": "1800", "tiers": None}},
            "lookup_key": "team_monthly",
            "trial_days": 14,
            "default": True,
        },
        "team.volume": {
            **_BLANK,
            "id": "price_2",
            "product": "team",
            "type": "per_seat",
            "seats": {"mode": "follow", "minimum": 5, "maximum": None},
            "currency": "usd",
            "unit_amount_decimal": None,
            "tiers_mode": "volume",
            "tiers": [
                {"up_to": 20, "unit_amount_decimal": "1200", "flat_amount_decimal": None},
                {"up_to": "inf", "unit_amount_decimal": "950.5", "flat_amount_decimal": "100"},
            ],
            "lookup_key": "team_volume",
        },
        "cloud.tokens": {
            **_BLANK,
            "id": "price_3",
            "product": "cloud",
            "type": "metered",
            "currency": "eur",
            "unit_amount_decimal": "0.4",
            "lookup_key": "cloud_tokens",
            "meter": "tokens",
        },
    },
    "meters": {
        "tokens": {
            "id": "mtr_1",
            "event_name": "tokens",
            "formula": "sum",
            "customer_key": "stripe_customer_id",
            "value_key": "value",
            "window": None,
        }
    },
    "alerts": {"many": {"id": "alrt_1", "title": "Many", "meter": "tokens", "gte": 80000, "status": "active"}},
    "webhook_endpoints": {
        "app": {"id": "we_1", "url": "https://staging.example.com/stripe", "api_version": "2026-10-28.endive"}
    },
    "features": {},
    "portal_configurations": {},
    "retired": {"prices": {}},
}


def shop(stack: str = "staging", **changes: Any) -> dict[str, Any]:
    """The manifest as a stack has it; a change names a place, ``prices__team.monthly__trial_days=7``."""
    made: dict[str, Any] = copy.deepcopy(SHOP) | {"stack": stack, "account": f"acct_{stack}"}
    for place, value in changes.items():
        *outer, last = place.split("__")
        holder: Any = made
        for step in outer:
            holder = holder[step]
        if value is GONE:
            del holder[last]
        else:
            holder[last] = value
    return made


GONE = object()
"""What is taken away."""


def environment(
    manifest: dict[str, Any], *allowed: Allowance, own: frozenset[tuple[str, str]] = frozenset()
) -> Environment:
    """A manifest as it is compared."""
    return environment_of_manifest(manifest, allowed=allowed, own_addresses=own)


def compared(*changes: dict[str, Any], allowed: tuple[Allowance, ...] = ()) -> Parity:
    """Staging as it is, and production with each of the changes."""
    production = environment(shop("production", **{key: value for one in changes for key, value in one.items()}))
    return compare([environment(shop(), *allowed), production], TODAY, immutable=IMMUTABLE)


def sentences(parity: Parity) -> list[str]:
    """What differs, in words."""
    return [one.sentence for pair in parity.pairs for one in pair.differences]
