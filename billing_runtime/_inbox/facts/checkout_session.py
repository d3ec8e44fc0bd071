"""Checkout sessions: https://docs.stripe.com/api/checkout/sessions/object"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing_runtime._inbox.facts.lines import every, session_line
from billing_runtime._inbox.facts.reading import id_of, picked, read
from billing_runtime._inbox.handler import Fact, FactKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stripe.params.checkout import SessionLineItemListParams

    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]
_KEPT = (
    "id", "mode", "status", "payment_status", "subscription", "payment_intent", "setup_intent", "invoice",
    "amount_total", "currency", "client_reference_id", "created", "expires_at",
)  # fmt: skip


def _read(api: StripeApi, event: InboxEvent) -> Fact | None:
    name = str(event.object_id)
    body = read(
        api,
        "read a checkout session",
        lambda client: client.v1.checkout.sessions.retrieve(name, {"expand": ["line_items"]}),
    )
    if body is None:
        return None

    def rest() -> Iterable[Json]:
        filters: SessionLineItemListParams = {}
        return api.pages(
            "read a checkout page's lines",
            filters,
            lambda client, page: client.v1.checkout.sessions.line_items.list(name, page),
        )

    more = {
        "invoice_creation": bool((body.get("invoice_creation") or {}).get("enabled")),
        "lines": [session_line(line) for line in every(body.get("line_items"), rest)],
    }
    return Fact(picked(body, _KEPT) | more, id_of(body.get("customer")))


CHECKOUT_SESSION = FactKind("checkout.session", _read)
