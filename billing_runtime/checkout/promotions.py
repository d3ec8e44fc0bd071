"""Promotion codes by name, or as customers type them (https://docs.stripe.com/api/promotion_codes)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._near import unknown_name
from billing_runtime.manifest import provisioned

if TYPE_CHECKING:
    from billing_runtime._context import Context


def promotion_code_id(context: Context, given: str | None) -> str | None:
    """Stripe's id of the code: of that name in the manifest, else of that wording at Stripe, while it is active."""
    if given is None:
        return None
    known = context.manifest.promotion_codes
    if given in known:
        return provisioned(known[given])
    page = context.api.read(
        "look a promotion code up",
        lambda client: client.v1.promotion_codes.list({"code": given, "active": True, "limit": 1}),
    )
    if not page["data"]:
        raise unknown_name("promotion code", given, known)
    return str(page["data"][0]["id"])
