"""What entities did on checkout pages, also where the payment takes days.

A page can be completed long before it is paid (https://docs.stripe.com/payments/checkout/fulfill-orders). So a purchase
is read from Stripe again at every event about its page and at every return, and never goes back from paid.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from billing_runtime.checkout.request import PRICES
from billing_runtime.checkout.session import Purchase
from billing_runtime.clock import from_unix
from billing_runtime.customers import ENTITY, STACK
from billing_runtime.errors import StripeRefused

if TYPE_CHECKING:
    from billing_runtime._context import Context
    from billing_runtime._store import Row

Json = dict[str, Any]
_log = logging.getLogger("billing_runtime")


@dataclass(frozen=True, slots=True)
class Purchases:
    """Keeps them."""

    context: Context

    def of(self, entity_id: str) -> tuple[Purchase, ...]:
        """Everything the entity completed on a checkout page, from the store alone, the oldest first."""
        with self.context.store.reading(self.context.scope) as reading:
            return tuple(map(_read, reading.all("purchases_of_entity", entity_id=entity_id)))

    def refresh(self, session_id: str) -> Purchase | None:
        """Ask Stripe for a page and keep what it has come to; None for one that is not this stack's."""
        try:
            body = self.context.api.read(
                "read a checkout session", lambda client: client.v1.checkout.sessions.retrieve(session_id)
            )
        except StripeRefused as refusal:
            if refusal.status == 404:
                return None
            raise
        return self._kept(body)

    def _kept(self, body: Json) -> Purchase | None:
        marks = body.get("metadata") or {}
        entity_id = marks.get(ENTITY)
        if marks.get(STACK) != self.context.manifest.owner or not entity_id:
            return None
        if body["status"] != "open":
            self._keep(body, entity_id, marks.get(PRICES, ""))
        return next((one for one in self.of(entity_id) if one.session_id == body["id"]), None)

    def _keep(self, body: Json, entity_id: str, prices: str) -> None:
        if body["mode"] == "setup" and body["status"] == "complete":
            self._use_saved_method(body)
        with self.context.store.transaction(self.context.scope) as change:
            change.run(
                "keep_purchase",
                session_id=body["id"],
                entity_id=entity_id,
                mode=body["mode"],
                prices=prices,
                status=body["status"],
                payment_status=body["payment_status"],
                created_at=body["created"],
            )

    def _use_saved_method(self, body: Json) -> None:
        """A card that was saved on a page is what the customer pays with from now on."""
        intent = body.get("setup_intent")
        if intent is None:
            return
        found = self.context.api.read("read a setup intent", lambda client: client.v1.setup_intents.retrieve(intent))
        method = found.get("payment_method")
        if found.get("status") == "succeeded" and method:
            self.context.api.write(
                "set what a customer pays with",
                f"billing-{uuid4().hex}",
                lambda client, options: client.v1.customers.update(
                    body["customer"], {"invoice_settings": {"default_payment_method": method}}, options
                ),
            )


def _read(row: Row) -> Purchase:
    created = from_unix(row["created_at"])
    assert created is not None  # noqa: S101 - the column is never empty
    prices = tuple(filter(None, row["prices"].split(",")))
    return Purchase(
        row["session_id"], row["entity_id"], row["mode"], prices, row["status"], row["payment_status"], created
    )
