"""Sessions that expired and can be taken up again: a link that makes a copy.

https://docs.stripe.com/payments/checkout/abandoned-carts
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.checkout.record import CHECKOUT_SESSION, EXPIRE

Document = dict[str, Any]

_DAY = 86400
_GOOD_FOR = 30 * _DAY
_ANEW = ("id", "object", "livemode", "created", "expires_at", "status", "url", "recovered_from")


def after_expiration(given: Document | None) -> Document | None:
    """Return what is to happen after the end, as Stripe echoes it."""
    recovery = (given or {}).get("recovery")
    if not recovery:
        return None
    blank = {"allow_promotion_codes": False, "enabled": False, "expires_at": None, "url": None}
    return {"recovery": {**blank, **recovery}}


def with_link(call: Call, session: Document) -> Document | None:
    """Return the same with a link, if there is to be one: it is good for thirty days."""
    after: Document | None = session["after_expiration"]
    if after is None or not after["recovery"]["enabled"]:
        return after
    link = call.hosted.url("checkout", f"/c/recover/{session['id']}")
    return {"recovery": {**after["recovery"], "expires_at": call.now + _GOOD_FOR, "url": link}}


def recover(call: Call, session: Document) -> Document:
    """Open a copy of an expired session; a ValueError says why it cannot be."""
    recovery: Document = (session["after_expiration"] or {}).get("recovery") or {"url": None}
    if recovery["url"] is None:
        message = f"the checkout session {session['id']} cannot be recovered"
        raise ValueError(message)
    if call.now >= recovery["expires_at"]:
        message = f"the link that recovers the checkout session {session['id']} has expired"
        raise ValueError(message)
    identifier = call.ids.new("cs_live" if call.scope.livemode else "cs_test", call.store)
    copied = {name: value for name, value in session.items() if name not in _ANEW}
    fields = {
        **copied,
        "allow_promotion_codes": session["allow_promotion_codes"] or recovery["allow_promotion_codes"] or None,
        "after_expiration": {"recovery": {**recovery, "expires_at": None, "url": None}},
        "created": call.now,
        "expires_at": call.now + _DAY,
        "recovered_from": session["id"],
        "status": "open",
        "url": call.hosted.url("checkout", f"/c/pay/{identifier}"),
    }
    call.due(EXPIRE, identifier, fields["expires_at"])
    return call.create(CHECKOUT_SESSION, fields, identifier=identifier)
