"""Who sends to the meter event stream: the token of a session stands for the key that it was made with.

https://docs.stripe.com/api/v2/billing-meter-stream
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripe_emulator.accounts import Scope, key_of, scope_named
from stripe_emulator.errors import meters_v2 as errors

if TYPE_CHECKING:
    from stripe_emulator.messages import Request
    from stripe_emulator.storage import Storage

STREAM = "/v2/billing/meter_event_stream"
SESSION = "v2.billing.meter_event_session"


def scope_of_stream(storage: Storage, request: Request, now: int) -> Scope | None:
    """Return the scope of a request to the stream, or refuse it; None for every other address."""
    if request.path != STREAM:
        return None
    token = key_of(request.headers.get("authorization"))
    for scope in storage.scopes(SESSION):
        rows = storage.rows(scope, SESSION)
        for identifier in rows.with_value("_token", token):
            if rows.documents[identifier]["expires_at"] <= now:
                raise errors.session_expired()
            return scope_named(scope)
    raise errors.no_session()
