"""What an active entitlement is, and the summary of a customer's that events show.

https://docs.stripe.com/api/entitlements/active-entitlement
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind

Document = dict[str, Any]

_INNER = 10  # so many stand in the summary itself


def entitlements_of(call: Call, customer: str) -> list[Document]:
    """Return a customer's active entitlements, oldest first; for reading only."""
    return call.store.where(ACTIVE_ENTITLEMENT.object, "_customer", customer)


def _view(call: Call, entitlement: Document) -> Document:
    feature = call.store.peek("entitlements.feature", entitlement["feature"]) or {}
    return {**entitlement, "lookup_key": feature.get("lookup_key")}


def _view_summary(call: Call, summary: Document) -> Document:
    customer = summary["customer"]
    found = entitlements_of(call, customer)[::-1]
    url = f"/v1/customer/{customer}/entitlements"
    listed = {"object": "list", "data": found[:_INNER], "has_more": len(found) > _INNER, "url": url}
    return {**summary, "entitlements": listed}


def _events(_before: Document | None, _after: Document | None) -> list[str]:
    return ["entitlements.active_entitlement_summary.updated"]


ACTIVE_ENTITLEMENT = Kind(
    "entitlements.active_entitlement",
    "ent",
    "active entitlement",
    expandable={"feature": "entitlements.feature"},
    view=_view,
)
SUMMARY = Kind("entitlements.active_entitlement_summary", "", "summary", view=_view_summary, events=_events)
