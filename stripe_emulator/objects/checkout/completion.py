"""What happens when somebody fills in the page of a checkout session and presses the button.

https://docs.stripe.com/payments/checkout/how-checkout-works
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import payments
from stripe_emulator.objects.checkout.choices import Filled, chosen
from stripe_emulator.objects.checkout.record import CHECKOUT_SESSION, EXPIRE
from stripe_emulator.objects.checkout.start import details
from stripe_emulator.objects.customers import customer as customers
from stripe_emulator.objects.customers.payment_method import attach_to
from stripe_emulator.objects.customers.payment_method_record import PAYMENT_METHOD
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION
from stripe_emulator.objects.subscriptions.start import start

Document = dict[str, Any]


def complete(call: Call, identifier: str, filled: Filled) -> Document:
    """Pay, subscribe or save the card; a declined card leaves the session open, and a closed one is a ValueError."""
    session = call.named(CHECKOUT_SESSION, identifier, "session")
    if session["status"] != "open":
        message = f"the checkout session {identifier} is {session['status']}: nobody can complete it"
        raise ValueError(message)
    session = chosen(call, session, filled)
    email = filled.email or (session["customer_details"] or {}).get("email") or "customer@example.com"
    customer = _customer(call, session, email)
    method = _card(call, session, customer, filled.payment_method)
    subscription = _subscription(call, session, customer, method) if session["mode"] == "subscription" else None
    call.due(EXPIRE, identifier, None)
    return call.save(
        CHECKOUT_SESSION,
        {
            **session,
            "customer": customer and customer["id"],
            "customer_details": details(email, customer),
            "payment_status": "paid" if session["amount_total"] else "no_payment_required",
            "status": "complete",
            "subscription": subscription and subscription["id"],
            "url": None,
        },
    )


def _customer(call: Call, session: Document, email: str) -> Document | None:
    """Return the session's customer, or a new one where the session makes one."""
    if session["customer"]:
        return call.named(CUSTOMER, session["customer"], "customer")
    needed = session["mode"] == "subscription" or session["_future_usage"]
    if not needed and session["customer_creation"] != "always":
        return None
    return customers.create(replace(call, params={"email": email}))


def _card(call: Call, session: Document, customer: Document | None, name: str) -> str | None:
    """Attach the card that was typed in, unless none was asked for; refuse one that the bank refuses."""
    due = session["amount_total"]
    if session["mode"] == "subscription" and not due and session["payment_method_collection"] == "if_required":
        return None
    holder = customer["id"] if customer else "cus_guest"
    method = attach_to(call, holder, name, param="payment_method")
    if due and method["_outcome"] == "declined":
        raise payments.declined()
    if customer is None:  # a guest's card is used once and belongs to nobody
        call.save(PAYMENT_METHOD, {**method, "customer": None, "_detached": True})
        return None
    return str(method["id"])


def _subscription(call: Call, session: Document, customer: Document | None, method: str | None) -> Document:
    """Start the subscription with the emulator's own rules; what is paid once stands on its first invoice only."""
    lines = [(one, call.store.peek("price", one["price"])) for one in session["_lines"]]
    recurring = [one for one, price in lines if price is not None and price["type"] == "recurring"]
    items = [
        {"price": one["price"], **({} if one["quantity"] is None else {"quantity": one["quantity"]})}
        for one in recurring
    ]
    params = {
        **{name: value for name, value in session["_subscription_data"].items() if name != "proration_behavior"},
        "currency": session["currency"],
        "customer": customer and customer["id"],
        "items": items,
        **({"default_payment_method": method} if method else {}),
    }
    subscription = start(replace(call, params=params))
    if subscription["status"] == "incomplete":  # the bank asked for more, and the customer was there to answer
        subscription = call.save(SUBSCRIPTION, {**subscription, "status": "active"})
    return subscription
