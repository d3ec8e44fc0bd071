"""Checkout sessions: a page on which somebody pays, subscribes or saves a card. https://docs.stripe.com/api/checkout/sessions."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import checkout as errors
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.long_lists import few, page_of
from stripe_emulator.objects.checkout.expiry import close
from stripe_emulator.objects.checkout.record import CHECKOUT_SESSION, LINE_ITEM, lines_url
from stripe_emulator.objects.checkout.relining import relined
from stripe_emulator.objects.checkout.start import start
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [CHECKOUT_SESSION, LINE_ITEM]
routes = Routes()

_FILTERS = ("customer", "payment_intent", "payment_link", "status", "subscription")


@routes("POST /v1/checkout/sessions")
def create(call: Call) -> Document:
    """Open a session."""
    return start(call)


@routes("GET /v1/checkout/sessions/{session}")
def retrieve(call: Call) -> Document:
    """Return one session, also after its end."""
    return call.in_path(CHECKOUT_SESSION, "session")


@routes("POST /v1/checkout/sessions/{session}")
def update(call: Call) -> Document:
    """Change the metadata, and the line items of an open session."""
    session = call.in_path(CHECKOUT_SESSION, "session")
    for name in ("collected_information", "payment_intent_data", "shipping_options"):
        if call.params.get(name):
            raise not_emulated(name)
    if "metadata" in call.params:
        session["metadata"] = merge_metadata(session["metadata"], call.params["metadata"])
    if "line_items" in call.params:
        session = relined(call, session)
    return call.save(CHECKOUT_SESSION, session)


@routes("POST /v1/checkout/sessions/{session}/expire")
def expire(call: Call) -> Document:
    """End an open session before its time."""
    session = call.in_path(CHECKOUT_SESSION, "session")
    if session["status"] != "open":
        raise errors.not_open(session["status"])
    return close(call, session)


@routes("GET /v1/checkout/sessions")
def index(call: Call) -> Document:
    """List sessions, newest first."""
    if "customer_account" in call.params:
        raise not_emulated("customer_account")
    return page_of(call, CHECKOUT_SESSION, lambda one: _looked_at(call, one), _among(call))


@routes("GET /v1/checkout/sessions/{session}/line_items")
def line_items(call: Call) -> Document:
    """List the line items in their order on the page."""
    session = call.in_path(CHECKOUT_SESSION, "session")
    return page(call, session["_lines"], noun=LINE_ITEM.noun, url=lines_url(session))


def _among(call: Call) -> set[str] | None:
    """Return every session that can be asked for, where that is known to be few."""
    rows = call.store.rows(CHECKOUT_SESSION.object)
    if "customer" in call.params:
        found = rows.with_value("customer", call.params["customer"])
    elif "status" in call.params:
        found = rows.with_value("status", call.params["status"])
    else:
        return None
    return found if few(found, rows) else None


def _looked_at(call: Call, session: Document) -> Document | None:
    email = call.params.get("customer_details", {}).get("email")
    if email is not None and (session["customer_details"] or {}).get("email") != email:
        return None
    wanted = all(session[name] == call.params[name] for name in _FILTERS if name in call.params)
    return session if wanted else None
