"""Charges, of which money may have gone back: https://docs.stripe.com/api/charges/object"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._inbox.facts.reading import id_of, picked, read
from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi

_KEPT = (
    "id", "status", "amount", "amount_refunded", "refunded", "disputed", "currency", "payment_intent", "created",
)  # fmt: skip


def _read(api: StripeApi, event: InboxEvent) -> Fact | None:
    body = read(api, "read a charge", lambda client: client.v1.charges.retrieve(str(event.object_id)))
    return None if body is None else Fact(picked(body, _KEPT), id_of(body.get("customer")))


CHARGE = FactKind("charge", _read)
