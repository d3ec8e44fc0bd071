"""What happens when somebody fills in the page of a checkout session and presses the button.

https://docs.stripe.com/payments/checkout/how-checkout-works
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.checkout.billing import bill_once
from stripe_emulator.objects.checkout.choices import Filled, chosen
from stripe_emulator.objects.checkout.discounting import redeem_once
from stripe_emulator.objects.checkout.paying import make_ready, pay_once
from stripe_emulator.objects.checkout.record import CHECKOUT_SESSION, EXPIRE
from stripe_emulator.objects.checkout.start import details
from stripe_emulator.objects.checkout.subscribing import subscribe
from stripe_emulator.objects.customers import customer as customers
from stripe_emulator.objects.customers.record import CUSTOMER, in_time_of

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
    owner = str(customer["id"]) if customer else None
    call = in_time_of(call, owner)
    if session["mode"] == "setup":
        return make_ready(call, session, owner, method)
    if session["mode"] == "payment" and session["invoice_creation"]["enabled"]:
        return bill_once(call, session, str(owner), method)
    if session["mode"] == "payment" and not session["amount_total"]:
        redeem_once(call, session, owner)
        return {"payment_status": "no_payment_required"}
    if session["mode"] == "payment":
        redeem_once(call, session, owner)
        return pay_once(call, session, owner, method)
    return subscribe(call, session, str(owner), method)


def _customer(call: Call, session: Document, email: str) -> Document | None:
    """Return the session's customer, or a new one where the session makes one."""
    if session["customer"]:
        return call.named(CUSTOMER, session["customer"], "customer")
    is_billed = session["mode"] == "subscription" or (session["invoice_creation"] or {}).get("enabled")
    needed = is_billed or session["_payment_data"].get("setup_future_usage")
    if not needed and session["customer_creation"] != "always":
        return None
    return customers.create(replace(call, params={"email": email}))
