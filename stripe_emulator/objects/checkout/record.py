"""What checkout sessions and their line items are, and how they are shown."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind

Document = dict[str, Any]

INNER = 10  # so many line items stand in the session itself when they are asked for


EXPIRE = "checkout.expire"
"""The task that ends an open session."""


def lines_url(session: Document) -> str:
    """Return the address of the list of line items."""
    return f"/v1/checkout/sessions/{session['id']}/line_items"


def _view_session(_call: Call, session: Document) -> Document:
    lines = session["_lines"]
    shown = {
        "object": "list",
        "data": lines[:INNER],
        "has_more": len(lines) > INNER,
        "url": lines_url(session),
    }
    return {**session, "line_items": shown}


def _view_line(call: Call, line: Document) -> Document:
    return {**line, "price": call.store.peek("price", line["price"])}


def _events(before: Document | None, after: Document | None) -> list[str]:
    """A session is told when it is completed, when it has expired, and when a payment that took days has arrived."""
    if before is None or after is None:
        return []
    if before["status"] != after["status"]:
        return [{"complete": "checkout.session.completed", "expired": "checkout.session.expired"}[after["status"]]]
    arrived = before["payment_status"] == "unpaid" and after["payment_status"] == "paid"
    return ["checkout.session.async_payment_succeeded"] if arrived else []


CHECKOUT_SESSION = Kind(
    "checkout.session",
    "cs",
    "checkout.session",
    path_param="session",
    expandable={
        "customer": "customer",
        "invoice": "invoice",
        "payment_intent": "payment_intent",
        "setup_intent": "setup_intent",
        "subscription": "subscription",
    },
    on_request=frozenset({"line_items"}),
    view=_view_session,
    events=_events,
)
LINE_ITEM = Kind("item", "li", "item", view=_view_line)
