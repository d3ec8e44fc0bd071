"""Checkout sessions: https://docs.stripe.com/api/checkout/sessions/object"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._inbox.facts.reading import id_of, picked, read
from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi

_KEPT = (
    "id", "mode", "status", "payment_status", "subscription", "payment_intent", "setup_intent", "invoice",
    "amount_total", "currency", "client_reference_id", "created", "expires_at",
)  # fmt: skip


def _read(api: StripeApi, event: InboxEvent) -> Fact | None:
    body = read(
        api, "read a checkout session", lambda client: client.v1.checkout.sessions.retrieve(str(event.object_id))
    )
    return None if body is None else Fact(picked(body, _KEPT), id_of(body.get("customer")))


CHECKOUT_SESSION = FactKind("checkout.session", _read)
