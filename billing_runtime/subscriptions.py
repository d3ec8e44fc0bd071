"""Subscriptions of an entity (https://docs.stripe.com/api/subscriptions)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing_runtime.subscription import Subscription, is_over, read_subscription

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stripe.params import SubscriptionItemListParams, SubscriptionListParams

    from billing_runtime._context import Context
    from billing_runtime.customers import Customers

Json = dict[str, Any]
_PRICE_PARAM = "items[0][price]"


class Subscriptions:
    """`billing.subscriptions`."""

    def __init__(self, context: Context, customers: Customers) -> None:
        self._context, self._customers = context, customers

    def of(self, entity_id: str) -> tuple[Subscription, ...]:
        """The entity's subscriptions that are not over, as Stripe has them now."""
        return self._of_customer(self._customers.require(entity_id).id)

    def _of_customer(self, customer_id: str) -> tuple[Subscription, ...]:
        return tuple(one for _, one in self._running(customer_id))

    def _running(self, customer_id: str) -> Iterator[tuple[Json, Subscription]]:
        filters: SubscriptionListParams = {"customer": customer_id, "status": "all"}
        found = self._context.api.pages(
            "list subscriptions", filters, lambda client, page: client.v1.subscriptions.list(page)
        )
        return ((body, self._read(body)) for body in found if not is_over(body["status"]))

    def _read(self, body: Json) -> Subscription:
        return read_subscription(self._context.manifest, body, self._items(body), self._context.limits.prefixes)

    def _items(self, body: Json) -> list[Json]:
        """All items: Stripe puts only the first ones into the subscription."""
        embedded: list[Json] = body["items"]["data"]
        if not body["items"].get("has_more"):
            return embedded
        filters: SubscriptionItemListParams = {"subscription": body["id"]}
        found = self._context.api.pages(
            "list subscription items", filters, lambda client, page: client.v1.subscription_items.list(page)
        )
        return list(found)
