"""What Stripe says about a subscription's next invoice: items and prices, discounts, what waits, billing credits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime.errors import StripeRefused
from billing_runtime.reading.credit import Credit, read_credit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stripe.params import InvoiceItemListParams, SubscriptionItemListParams, SubscriptionRetrieveParams
    from stripe.params.billing import CreditBalanceSummaryRetrieveParams, CreditGrantListParams

    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]

_OF_ITEM = ("price.tiers", "price.currency_options", "price.product", "discounts")
_EXPAND = ["discounts", "customer", *(f"items.data.{name}" for name in _OF_ITEM)]
_COUPON = ["applies_to", "currency_options"]
#: Coupons that a process remembers: what one takes off never changes at Stripe.
_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Stripe's objects. `discounts` are those of the whole invoice; `coupons` are by id, None for one that was deleted.

    `credits` may be used now; `credits_change` says that one begins or ends before the invoice is made.
    """

    subscription: Json
    items: Sequence[Json]
    pending: Sequence[Json]
    discounts: Sequence[Json]
    coupons: dict[str, Json | None]
    credits: Sequence[Credit]
    credits_change: bool


class Upcomings:
    """Reads them. Safe to share between threads."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api
        self._coupons: dict[str, Json | None] = {}

    def read(self, subscription_id: str, now: int) -> Upcoming:
        """Two requests, one more where usage is billed, and one for each coupon that is new and each billing credit."""
        params: SubscriptionRetrieveParams = {"expand": _EXPAND}
        body = self._api.read(
            "read a subscription", lambda client: client.v1.subscriptions.retrieve(subscription_id, params)
        )
        items = self._items(body)
        pending = self._pending(body)
        discounts = discounts_of(body)
        named = [*discounts, *_own(items), *_own(pending)]
        end = min((item["current_period_end"] for item in items), default=now)
        usable, change = self._credits(body, now, end) if any(map(is_metered, items)) else ([], False)
        return Upcoming(body, items, pending, discounts, self._coupons_of(named), usable, change)

    def _items(self, body: Json) -> list[Json]:
        """All items: Stripe puts only the first ones into the subscription."""
        embedded: list[Json] = body["items"]["data"]
        if not body["items"].get("has_more"):
            return embedded
        filters: SubscriptionItemListParams = {
            "subscription": body["id"],
            "expand": [f"data.{name}" for name in _OF_ITEM],
        }
        found = self._api.pages(
            "list subscription items", filters, lambda client, page: client.v1.subscription_items.list(page)
        )
        return list(found)

    def _pending(self, body: Json) -> list[Json]:
        """What waits for this invoice: the subscription's own invoice items, and those that wait for any invoice."""
        filters: InvoiceItemListParams = {
            "customer": _id(body["customer"]),
            "pending": True,
            "expand": ["data.discounts"],
        }
        found = self._api.pages("list invoice items", filters, lambda client, page: client.v1.invoice_items.list(page))
        mine = [one for one in found if one["currency"] == body["currency"] and _owner(one) in (None, body["id"])]
        return mine[::-1]

    def _coupons_of(self, discounts: Iterable[Json]) -> dict[str, Json | None]:
        found: dict[str, Json | None] = {}
        for discount in discounts:
            name = coupon_of(discount)
            if name not in self._coupons:
                if len(self._coupons) > _REMEMBERED:
                    self._coupons = {}
                self._coupons[name] = self._coupon(name)
            found[name] = self._coupons[name]
        return found

    def _coupon(self, name: str) -> Json | None:
        try:
            return self._api.read(
                "read a coupon", lambda client: client.v1.coupons.retrieve(name, {"expand": [*_COUPON]})
            )
        except StripeRefused as refusal:
            if refusal.status == 404:
                return None  # whoever has redeemed it keeps it
            raise

    def _credits(self, body: Json, now: int, end: int) -> tuple[list[Credit], bool]:
        """Those that may be used now, and whether any changes before the invoice is made."""
        filters: CreditGrantListParams = {"customer": _id(body["customer"])}
        grants = self._api.pages(
            "list billing credits", filters, lambda client, page: client.v1.billing.credit_grants.list(page)
        )
        found, change = [], False
        for grant in grants:
            monetary = grant["amount"].get("monetary") or {}
            if grant.get("voided_at") or monetary.get("currency") != body["currency"]:
                continue
            begins, ends = grant["effective_at"] or grant["created"], grant["expires_at"]
            if begins >= end or (ends is not None and ends <= now):
                continue
            left = self._left(grant)
            if left and (begins > now or (ends is not None and ends <= end)):
                change = True
            elif left:
                found.append(read_credit(grant, left))
        return found, change

    def _left(self, grant: Json) -> int:
        params: CreditBalanceSummaryRetrieveParams = {
            "customer": _id(grant["customer"]),
            "filter": {"type": "credit_grant", "credit_grant": grant["id"]},
        }
        summary = self._api.read(
            "read a billing credit", lambda client: client.v1.billing.credit_balance_summary.retrieve(params)
        )
        monetary = [one["available_balance"].get("monetary") or {} for one in summary["balances"]]
        return sum(
            int(one["value"]) for one in monetary if one.get("currency") == grant["amount"]["monetary"]["currency"]
        )


def discounts_of(body: Json) -> list[Json]:
    """The discounts of a whole invoice: the subscription's, or its customer's where it has none of its own."""
    own: list[Json] = [one for one in body.get("discounts") or [] if isinstance(one, dict)]
    customer = body["customer"] if isinstance(body["customer"], dict) else {}
    theirs = customer.get("discount")
    return own or ([theirs] if theirs else [])


def coupon_of(discount: Json) -> str:
    """The id of the coupon that a discount is of."""
    return _id((discount.get("source") or discount)["coupon"])


def is_metered(item: Json) -> bool:
    """Whether an item is paid by what is used."""
    return bool(item["price"]["recurring"]["usage_type"] == "metered")


def _own(things: Iterable[Json]) -> list[Json]:
    return [one for thing in things for one in thing.get("discounts") or [] if isinstance(one, dict)]


def _owner(item: Json) -> str | None:
    details = (item.get("parent") or {}).get("subscription_details") or {}
    found: str | None = details.get("subscription")
    return found


def _id(thing: str | Json) -> str:
    return thing if isinstance(thing, str) else thing["id"]
