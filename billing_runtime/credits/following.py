"""What follows for credits when Stripe tells of a payment, a refund, a dispute or a void."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from billing_runtime._inbox.facts.reading import read
from billing_runtime.clock import to_unix
from billing_runtime.credits.buying import Buy, Recover
from billing_runtime.credits.payments import (
    Offer,
    bought_on_invoice,
    bought_on_page,
    paid_on_invoice,
    paid_on_page,
)
from billing_runtime.errors import NoCustomer
from billing_runtime.marks import terms_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing_runtime._books.commit import Ledger
    from billing_runtime._context import Context
    from billing_runtime._inbox.hooks import BillingEvent

_PAGES = ("checkout.session.completed", "checkout.session.async_payment_succeeded")
_BACK = ("charge.refunded", "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed")
_REMEMBERED = 4096


class Following:
    """Hooks that may be called any number of times, in any order."""

    def __init__(self, context: Context, ledger: Ledger) -> None:
        self._context, self._ledger, self._settings = context, ledger, context.credits
        self._keys: dict[str, Offer | None] = {}

    def listen(self) -> None:
        """Hear of what moves money; of payments only if there is something that they buy."""
        hooks = self._context.hooks
        for name in _BACK:
            hooks.add(name, lambda told: self._recover(told, told.fact.get("payment_intent")))
        hooks.add("invoice.voided", lambda told: self._recover(told, told.object_id))
        if self._settings.top_ups:
            hooks.add("invoice.paid", self._invoice)
            for name in _PAGES:
                hooks.add(name, self._page)

    def grant_invoice(self, entity_id: str, invoice: Mapping[str, Any]) -> int:
        """Grant what a paid invoice has bought, as far as it was not granted before; how many grants that were."""
        bought, top_up = bought_on_invoice(invoice, self._offer), invoice.get("top_up")
        if invoice.get("status") != "paid" or not (bought or top_up):
            return 0
        return self._ledger.do(Buy(entity_id, paid_on_invoice(invoice), tuple(bought), self._debt, top_up))

    def customer_of(self, entity_id: str) -> str:
        """The entity's customer. Raises NoCustomer."""
        found = self._context.entities.customer_id(entity_id)
        if found is None:
            raise NoCustomer.of(entity_id)
        return found

    def _invoice(self, told: BillingEvent) -> None:
        if told.entity_id is not None and told.fact:
            self.grant_invoice(told.entity_id, told.fact)

    def _page(self, told: BillingEvent) -> None:
        if told.entity_id is None or not told.fact:
            return
        bought = bought_on_page(told.fact, to_unix("created", told.created), self._offer)
        if bought:
            self._ledger.do(Buy(told.entity_id, paid_on_page(told.fact), tuple(bought), self._debt))

    def _recover(self, told: BillingEvent, named: str | None) -> None:
        if told.entity_id is not None and named is not None:
            self._ledger.do(Recover(told.entity_id, named, self._debt))

    @property
    def _debt(self) -> bool:
        return self._settings.clawback == "debt"

    def _offer(self, price_id: str) -> Offer | None:
        """What a price buys; one that the catalog no longer sells says itself which it was."""
        sold = self._context.manifest.price_with_id(price_id)
        if sold is not None:
            return self._named(sold.key, sold.type)
        if price_id not in self._keys:
            if len(self._keys) > _REMEMBERED:
                self._keys.clear()
            self._keys[price_id] = self._of_replaced(price_id)
        return self._keys[price_id]

    def _of_replaced(self, price_id: str) -> Offer | None:
        body = read(self._context.api, "read a price", lambda client: client.v1.prices.retrieve(price_id))
        terms = None if body is None else terms_of(self._context.manifest, body)
        return None if terms is None else self._named(terms.key, terms.type)

    def _named(self, key: str | None, type_: Any) -> Offer | None:
        top_up = self._settings.top_ups.get(key or "")
        if top_up is None:
            return None
        return Offer(replace(top_up, name=self._context.limits.plain(top_up.name)), type_)
