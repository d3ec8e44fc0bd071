"""The end of an open checkout session, by its time or before it."""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.checkout.record import CHECKOUT_SESSION, EXPIRE
from stripe_emulator.objects.checkout.recovery import with_link
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS: list[Kind] = []
routes = Routes()
tasks = Tasks()


def close(call: Call, session: Document) -> Document:
    """End a session: nobody can pay any more, but a link to begin anew may be left."""
    call.due(EXPIRE, session["id"], None)
    after = with_link(call, session)
    return call.save(CHECKOUT_SESSION, {**session, "after_expiration": after, "status": "expired", "url": None})


@tasks(EXPIRE)
def expire(call: Call, identifier: str) -> None:
    """End the session, its time is over."""
    session = call.store.get(CHECKOUT_SESSION.object, identifier)
    if session is not None and session["status"] == "open":
        close(call, session)
