"""Subscriptions of an entity (https://docs.stripe.com/api/subscriptions)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from billing_runtime._creation import Making
from billing_runtime._quantity import quantity_for
from billing_runtime.customers import ENTITY, STACK
from billing_runtime.errors import StripeRefused
from billing_runtime.manifest import provisioned
from billing_runtime.subscription import Subscription, is_over, read_subscription

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stripe.params import SubscriptionCreateParams, SubscriptionItemListParams, SubscriptionListParams

    from billing_runtime._context import Context
    from billing_runtime._creation import Made
    from billing_runtime.catalog import Price
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

    def subscribe(self, entity_id: str, *, price: str, quantity: int | None = None) -> Subscription:
        """Subscribe the entity to a price; if it has such a subscription already, that one is returned unchanged."""
        wanted = self._context.manifest.price(price)
        count = quantity_for(wanted, quantity)
        customer = self._customers.require(entity_id).id
        with self._context.locks.of(entity_id):
            running = next((one for one in self._of_customer(customer) if one.has_price(price)), None)
            return running or self._subscribed(entity_id, wanted, self._request(entity_id, customer, wanted, count))

    def _of_customer(self, customer_id: str) -> tuple[Subscription, ...]:
        return tuple(one for _, one in self._running(customer_id))

    def _running(self, customer_id: str) -> Iterator[tuple[Json, Subscription]]:
        filters: SubscriptionListParams = {"customer": customer_id, "status": "all"}
        found = self._context.api.pages(
            "list subscriptions", filters, lambda client, page: client.v1.subscriptions.list(page)
        )
        return ((body, self._read(body)) for body in found if not is_over(body["status"]))

    def _subscribed(self, entity_id: str, price: Price, request: Json) -> Subscription:
        try:
            return self._made(entity_id, price, request)
        except StripeRefused as refusal:
            successor = self._successor(price, refusal)
            if successor is None:
                raise
            item = request["items"][0] | {"price": successor}
            return self._made(entity_id, price, request | {"items": [item]})

    def _made(self, entity_id: str, price: Price, request: Json) -> Subscription:
        making = Making(f"subscription:{price.key}", self._post, lambda _: self._find_lost(request["customer"], price))
        while True:
            made = self._context.creations.make(entity_id, making, request)
            subscription = self._current(made)
            if subscription is not None and (made.fresh or not subscription.over):
                return subscription
            # The subscription of this claim has ended since: this is a new one, not a repetition.
            self._context.creations.forget(entity_id, making, made.claim)

    def _find_lost(self, customer_id: str, price: Price) -> Json | None:
        """The subscription a lost answer was about."""
        return next((body for body, one in self._running(customer_id) if one.has_price(price.key)), None)

    def _current(self, made: Made) -> Subscription | None:
        """The subscription as it is; one made before this call is read again, for it may have ended."""
        if made.fresh and made.body is not None:
            return self._read(made.body)
        try:
            body = self._context.api.read(
                "read a subscription", lambda client: client.v1.subscriptions.retrieve(made.id)
            )
        except StripeRefused as refusal:
            if refusal.status == 404:
                return None
            raise
        return self._read(body)

    def _request(self, entity_id: str, customer: str, price: Price, quantity: int | None) -> Json:
        item: Json = {"price": provisioned(price)} | ({} if quantity is None else {"quantity": quantity})
        trial: Json = {"trial_period_days": price.trial_days} if price.trial_days else {}
        marks = {ENTITY: entity_id, STACK: self._context.manifest.owner}
        return {"customer": customer, "items": [item], "metadata": marks, **trial}

    def _post(self, request: Json, key: str) -> Json:
        return self._context.api.write(
            "create a subscription",
            key,
            lambda client, options: client.v1.subscriptions.create(cast("SubscriptionCreateParams", request), options),
        )

    def _successor(self, price: Price, refusal: StripeRefused) -> str | None:
        """The price that holds the lookup key now: a manifest may be older than the last `up`."""
        if refusal.param != _PRICE_PARAM or price.lookup_key is None:
            return None
        keys = [price.lookup_key]
        page = self._context.api.read(
            "look a price up", lambda client: client.v1.prices.list({"lookup_keys": keys, "active": True})
        )
        return next((found["id"] for found in page["data"] if found["id"] != price.id), None)

    def _read(self, body: Json) -> Subscription:
        return read_subscription(self._context.manifest, body, self._items(body))

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
