"""Payments on their way: https://docs.stripe.com/api/payment_intents/object"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._inbox.facts.reading import id_of, picked, read
from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi

_KEPT = ("id", "status", "amount", "amount_received", "currency", "latest_charge", "created", "canceled_at")


def _read(api: StripeApi, event: InboxEvent) -> Fact | None:
    body = read(api, "read a payment", lambda client: client.v1.payment_intents.retrieve(str(event.object_id)))
    if body is None:
        return None
    failure = body.get("last_payment_error") or {}
    why = {"failure": failure.get("code"), "decline": failure.get("decline_code")}
    return Fact(picked(body, _KEPT) | why, id_of(body.get("customer")))


PAYMENT_INTENT = FactKind("payment_intent", _read)
