"""What happens when somebody fills in the page of a checkout session and presses the button.

https://docs.stripe.com/payments/checkout/how-checkout-works
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import payments
from stripe_emulator.objects.checkout.choices import Filled, chosen
from stripe_emulator.objects.checkout.paying import allowed, make_ready, pay_once
from stripe_emulator.objects.checkout.record import CHECKOUT_SESSION, EXPIRE
from stripe_emulator.objects.checkout.start import details
from stripe_emulator.objects.customers import customer as customers
from stripe_emulator.objects.customers.payment_method import attach_to
from stripe_emulator.objects.customers.record import CUSTOMER, in_time_of
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
    done = _done(call, session, customer, filled.payment_method)
    call.due(EXPIRE, identifier, None)
    return call.save(
        CHECKOUT_SESSION,
        {
            **session,
            "customer": customer and customer["id"],
            "customer_details": details(email, customer),
            "status": "complete",
            "url": None,
            **done,
            "_attempt": None,
        },
    )


def _done(call: Call, session: Document, customer: Document | None, method: str) -> Document:
    """Do what the session is for, and return what it names afterwards."""
    owner = customer and customer["id"]
    call = in_time_of(call, owner)
    if session["mode"] == "setup":
        return make_ready(call, session, owner, method)
    if session["mode"] == "payment" and not session["amount_total"]:
        return {"payment_status": "no_payment_required"}
    if session["mode"] == "payment":
        return pay_once(call, session, owner, method)
    return _subscribe(call, session, str(owner), method)


def _customer(call: Call, session: Document, email: str) -> Document | None:
    """Return the session's customer, or a new one where the session makes one."""
    if session["customer"]:
        return call.named(CUSTOMER, session["customer"], "customer")
    needed = session["mode"] == "subscription" or session["_payment_data"].get("setup_future_usage")
    if not needed and session["customer_creation"] != "always":
        return None
    return customers.create(replace(call, params={"email": email}))


def _card(call: Call, session: Document, customer: str, name: str) -> str | None:
    """Attach the card that was typed in, unless none was asked for; refuse one that the bank refuses."""
    due = session["amount_total"]
    if not due and session["payment_method_collection"] == "if_required":
        return None
    method = attach_to(call, customer, allowed(call, session, name), param="payment_method")
    if due and method["_outcome"] == "declined":
        raise payments.declined()
    return str(method["id"])


def _subscribe(call: Call, session: Document, customer: str, name: str) -> Document:
    """Start the subscription with the emulator's own rules; what is paid once stands on its first invoice only."""
    method = _card(call, session, customer, name)
    lines = [(one, call.store.peek("price", one["price"])) for one in session["_lines"]]
    recurring = [one for one, price in lines if price is not None and price["type"] == "recurring"]
    items = [
        {"price": one["price"], **({} if one["quantity"] is None else {"quantity": one["quantity"]})}
        for one in recurring
    ]
    params = {
        **{name: value for name, value in session["_subscription_data"].items() if name != "proration_behavior"},
        "currency": session["currency"],
        "customer": customer,
        "items": items,
        **({"default_payment_method": method} if method else {}),
    }
    subscription = start(replace(call, params=params))
    if subscription["status"] == "incomplete":  # the bank asked for more, and the customer was there to answer
        subscription = call.save(SUBSCRIPTION, {**subscription, "status": "active"})
    status = "paid" if session["amount_total"] else "no_payment_required"
    return {"subscription": subscription["id"], "payment_status": status}
