"""The requests of a migration: few, each with the permission that a restricted key needs for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from billing_runtime.errors import PermissionMissing, StripeRefused

if TYPE_CHECKING:
    from stripe.params import (
        PriceListParams,
        SubscriptionItemListParams,
        SubscriptionListParams,
        SubscriptionUpdateParams,
    )

    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]
_PRICE_EXPAND = ["product", "tiers", "currency_options"]


class Calls:
    """One account's prices and subscriptions."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    @property
    def attempts(self) -> int:
        """How often a request is tried in all."""
        return self._api.attempts

    def pause(self, attempt: int) -> None:
        """Wait as long as after so many attempts."""
        self._api.pause(attempt)

    def check_account(self) -> None:
        """Refuse the key of another account."""
        with _needing("read the account", "Account", "read"):
            self._api.check_account()

    def price(self, price_id: str) -> Json:
        """A price with its product, tiers and currency options."""
        doing = f"read the price {price_id}"
        with _needing(doing, "Prices", "read"):
            return self._api.read(
                doing, lambda client: client.v1.prices.retrieve(price_id, {"expand": list(_PRICE_EXPAND)})
            )

    def prices(self, *, active: bool, lookup_key: str | None = None) -> Iterator[Json]:
        """The account's prices, as lists show them."""
        filters: PriceListParams = {"active": active}
        if lookup_key is not None:
            filters["lookup_keys"] = [lookup_key]
        with _needing("list the prices", "Prices", "read"):
            yield from self._api.pages("list the prices", filters, lambda client, page: client.v1.prices.list(page))

    def activate_price(self, price_id: str, key: str, *, active: bool) -> None:
        """Make a price active, or archive it."""
        doing = f"{'activate' if active else 'archive'} the price {price_id}"
        with _needing(doing, "Prices", "write"):
            self._api.write(
                doing, key, lambda client, options: client.v1.prices.update(price_id, {"active": active}, options)
            )

    def subscriptions(self, price_id: str, customer: str | None = None) -> Iterator[Json]:
        """Every subscription on a price, ended ones too, with all of its items."""
        filters: SubscriptionListParams = {"price": price_id, "status": "all"}
        if customer is not None:
            filters["customer"] = customer
        with _needing("list the subscriptions", "Subscriptions", "read"):
            found = self._api.pages(
                "list the subscriptions", filters, lambda client, page: client.v1.subscriptions.list(page)
            )
            for body in found:
                yield self._whole(body)

    def subscription(self, subscription_id: str) -> Json:
        """One subscription as it is now, with all of its items."""
        doing = f"read the subscription {subscription_id}"
        with _needing(doing, "Subscriptions", "read"):
            return self._whole(self._api.read(doing, lambda client: client.v1.subscriptions.retrieve(subscription_id)))

    def change(self, subscription_id: str, params: Json, key: str) -> Json:
        """Change a subscription, under an idempotency key; tried once, for before it is repeated it is looked at."""
        doing = f"move the subscription {subscription_id}"
        with _needing(doing, "Subscriptions", "write"):
            return self._api.write(
                doing,
                key,
                lambda client, options: client.v1.subscriptions.update(
                    subscription_id, cast("SubscriptionUpdateParams", params), options
                ),
                attempts=1,
            )

    def _whole(self, body: Json) -> Json:
        """With all items: Stripe puts only the first ones into the subscription."""
        if not body["items"].get("has_more"):
            return body
        filters: SubscriptionItemListParams = {"subscription": body["id"]}
        found = self._api.pages(
            "list the subscription's items", filters, lambda client, page: client.v1.subscription_items.list(page)
        )
        return body | {"items": {"data": list(found), "has_more": False}}


@contextmanager
def _needing(doing: str, needed: str, verb: str) -> Iterator[None]:
    """Say which permission is missing where Stripe answers that one is."""
    try:
        yield
    except StripeRefused as refusal:
        if refusal.status == 403:
            raise PermissionMissing(doing, needed, verb, refusal.request_id) from None
        raise
