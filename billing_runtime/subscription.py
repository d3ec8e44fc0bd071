"""One subscription as the application sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from billing_runtime.clock import from_unix
from billing_runtime.marks import OURS, granting_terms

if TYPE_CHECKING:
    from datetime import datetime

    from billing_runtime.manifest import Manifest
    from billing_runtime.marks import Prefixes, Terms

Json = dict[str, Any]

# Statuses that Stripe never leaves (https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses).
_OVER = frozenset({"canceled", "incomplete_expired"})


@dataclass(frozen=True, slots=True)
class SubscriptionItem:
    """One item; `terms` are those of its own price, and None for a price that says none."""

    id: str
    price_id: str
    quantity: int | None
    terms: Terms | None
    current_period_start: datetime | None = None
    current_period_end: datetime | None = None
    interval: str | None = None
    interval_count: int | None = None

    @property
    def price(self) -> str | None:
        """The price's key in the manifest, also when the price has been replaced since, if that is known."""
        return self.terms.key if self.terms else None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription: its status, its items, its trial.

    `client_secret` confirms the first payment, or saves a card for later ones, in the application's page; it is there
    when the subscription was just made, or is incomplete.
    """

    id: str
    status: str
    customer_id: str
    items: tuple[SubscriptionItem, ...]
    trial_end: datetime | None = None
    cancel_at_period_end: bool = False
    client_secret: str | None = field(default=None, repr=False, compare=False)

    @property
    def over(self) -> bool:
        """Whether it has ended for good."""
        return is_over(self.status)

    def has_price(self, key: str) -> bool:
        """Whether an item is on this price of the catalog, or on one that it replaced."""
        return any(item.price == key for item in self.items)


def is_over(status: str) -> bool:
    """Whether a subscription of this status has ended for good."""
    return status in _OVER


def read_subscription(manifest: Manifest, body: Json, items: list[Json], prefixes: Prefixes = OURS) -> Subscription:
    """The view of Stripe's object."""
    return Subscription(
        id=body["id"],
        status=body["status"],
        customer_id=_id(body["customer"]),
        items=tuple(read_item(manifest, item, prefixes) for item in items),
        trial_end=from_unix(body.get("trial_end")),
        cancel_at_period_end=body.get("cancel_at_period_end", False),
        client_secret=_client_secret(body),
    )


def _client_secret(body: Json) -> str | None:
    """Of the first invoice's payment, else of the card to be saved; both only if they came along."""
    for holder, name in ((_within(body, "latest_invoice"), "confirmation_secret"), (body, "pending_setup_intent")):
        secret: str | None = _within(holder, name).get("client_secret")
        if secret:
            return secret
    return None


def _within(holder: Json, name: str) -> Json:
    """An object inside another one; nothing if it is only named by its id."""
    found = holder.get(name)
    return found if isinstance(found, dict) else {}


def read_item(manifest: Manifest, body: Json, prefixes: Prefixes = OURS) -> SubscriptionItem:
    """The view of an item of Stripe's, or of a cached one."""
    price = body["price"]
    return SubscriptionItem(
        id=body["id"],
        price_id=price["id"],
        quantity=body.get("quantity"),
        terms=granting_terms(manifest, price, prefixes),
        current_period_start=from_unix(body.get("current_period_start")),
        current_period_end=from_unix(body.get("current_period_end")),
        **interval_of(price),
    )


def interval_of(price: Json) -> dict[str, Any]:
    """How often a price renews, under the names of SubscriptionItem."""
    recurring = price.get("recurring") or {}
    return {"interval": recurring.get("interval"), "interval_count": recurring.get("interval_count")}


def _id(customer: str | Json) -> str:
    return customer if isinstance(customer, str) else customer["id"]
