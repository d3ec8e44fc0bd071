"""What checkout sessions and their line items are, and how they are shown."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind

Document = dict[str, Any]

INNER = 10  # so many line items stand in the session itself when they are asked for


def as_of_now(call: Call, session: Document) -> Document:
    """Return the session as it is now: nobody can pay any more once its time is over."""
    if session["status"] != "open" or call.now < session["expires_at"]:
        return session
    return expired(session)


def expired(session: Document) -> Document:
    """Return the session as it is after its end."""
    return {**session, "status": "expired", "url": None}


def lines_url(session: Document) -> str:
    """Return the address of the list of line items."""
    return f"/v1/checkout/sessions/{session['id']}/line_items"


def _view_session(call: Call, session: Document) -> Document:
    lines = session["_lines"]
    shown = {
        "object": "list",
        "data": lines[:INNER],
        "has_more": len(lines) > INNER,
        "url": lines_url(session),
    }
    return {**as_of_now(call, session), "line_items": shown}


def _view_line(call: Call, line: Document) -> Document:
    return {**line, "price": call.store.peek("price", line["price"])}


CHECKOUT_SESSION = Kind(
    "checkout.session",
    "cs",
    "checkout.session",
    path_param="session",
    expandable={"customer": "customer", "subscription": "subscription"},
    on_request=frozenset({"line_items"}),
    view=_view_session,
)
LINE_ITEM = Kind("item", "li", "item", view=_view_line)
