"""What an older version shows whole, looked up where a call may look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.versions.plan import plan_of

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]


def found_in(call: Call, name: str, identifier: str) -> Document | None:
    """Return an object as it is stored, also a deleted one; or what the steps back ask for by another name."""
    if name == "payments of an invoice":
        return {"data": call.store.where("invoice_payment", "invoice", identifier)}
    if name == "invoice of a payment":
        intent = call.store.peek("payment_intent", identifier)
        return {"id": intent["_invoice"]} if intent and intent["_invoice"] else None
    if name == "plan of a price":
        price = call.store.peek("price", identifier)
        return plan_of(price) if price and price["recurring"] else None
    return call.store.get(name, identifier) or call.store.get(f"deleted_{name}", identifier)
