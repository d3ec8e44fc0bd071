"""Disputes: https://docs.stripe.com/api/disputes/object"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime._inbox.facts.reading import id_of, picked, read
from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi

_KEPT = ("id", "status", "amount", "currency", "reason", "charge", "payment_intent", "created")


def _read(api: StripeApi, event: InboxEvent) -> Fact | None:
    """A dispute does not say whose it is; its charge does."""
    body = read(api, "read a dispute", lambda client: client.v1.disputes.retrieve(str(event.object_id)))
    if body is None:
        return None
    charge = str(id_of(body["charge"]))
    paid = read(api, "read a charge", lambda client: client.v1.charges.retrieve(charge)) or {}
    return Fact(picked(body, _KEPT), id_of(paid.get("customer")))


DISPUTE = FactKind("dispute", _read)
