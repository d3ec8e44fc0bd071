"""Asking Stripe for every subscription of a customer (https://docs.stripe.com/api/subscriptions/list)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime._cache.normal import normalised
from billing_runtime.errors import StripeRefused

if TYPE_CHECKING:
    from stripe.params import SubscriptionItemListParams, SubscriptionListParams

    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]

#: What pays is the subscription's own method or the customer's default one; both come with the same request.
OWN_METHOD = "data.default_payment_method"
DEFAULT_METHOD = "data.customer.invoice_settings.default_payment_method"


@dataclass(frozen=True, slots=True)
class Fetching:
    """Reads subscriptions as they are cached."""

    api: StripeApi

    def of_customer(self, customer_id: str) -> list[Json]:
        """Every subscription, those that are over too; none if Stripe no longer has the customer."""
        try:
            return self._listed(customer_id, [OWN_METHOD, DEFAULT_METHOD])
        except StripeRefused as refusal:
            if refusal.code == "resource_missing" and refusal.param == "customer":
                return []
            if "expand" not in (refusal.param or refusal.detail):
                raise
        return self._listed(customer_id, [OWN_METHOD])  # a deleted customer has no settings to look into

    def _listed(self, customer_id: str, expand: list[str]) -> list[Json]:
        filters: SubscriptionListParams = {"customer": customer_id, "status": "all", "expand": expand}
        found = self.api.pages("list subscriptions", filters, lambda client, page: client.v1.subscriptions.list(page))
        return [self.normalised(body) for body in found]

    def customer(self, customer_id: str) -> Json | None:
        """The customer; None if Stripe no longer has it."""
        try:
            found = self.api.read("read a customer", lambda client: client.v1.customers.retrieve(customer_id))
        except StripeRefused as refusal:
            if refusal.status == 404:
                return None
            raise
        return None if found.get("deleted") else found

    def normalised(self, body: Json) -> Json:
        """One subscription as it is cached, with all its items: Stripe embeds only the first ones."""
        embedded: list[Json] = body["items"]["data"]
        return normalised(body, self._items(body["id"]) if body["items"].get("has_more") else embedded)

    def _items(self, subscription_id: str) -> list[Json]:
        filters: SubscriptionItemListParams = {"subscription": subscription_id}
        found = self.api.pages(
            "list subscription items", filters, lambda client, page: client.v1.subscription_items.list(page)
        )
        return list(found)
