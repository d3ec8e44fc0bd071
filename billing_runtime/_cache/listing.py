"""Stripe's lists, page by page, for reconciliation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from billing_runtime._cache.fetching import DEFAULT_METHOD, OWN_METHOD
from billing_runtime.errors import StripeRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stripe.params import CustomerListParams, EventListParams, SubscriptionListParams

    from billing_runtime._cache.fetching import Fetching
    from billing_runtime._stripe import StripeApi

Json = dict[str, Any]
_PAGE = 100
_TYPES = 20  # as many types of events one request may name


@dataclass(frozen=True, slots=True)
class Listing:
    """Each call is one page after a place, and the next place; that is empty at the end."""

    api: StripeApi
    fetching: Fetching
    events_of: Sequence[str]

    def customers(self, after: str) -> tuple[list[Json], str]:
        """Customers, newest first (https://docs.stripe.com/api/customers/list)."""
        params = cast("CustomerListParams", _from(after))
        page = self.api.read("list customers", lambda client: client.v1.customers.list(params))
        return page["data"], _next(page)

    def subscriptions(self, after: str) -> tuple[list[tuple[Json, Json]], str]:
        """Customers with their subscriptions that are not cancelled (https://docs.stripe.com/api/subscriptions/list)."""
        try:
            page = self._subscriptions(after, [OWN_METHOD, DEFAULT_METHOD])
        except StripeRefused as refusal:
            if "expand" not in (refusal.param or refusal.detail):
                raise
            page = self._subscriptions(after, [OWN_METHOD, "data.customer"])
        return [(body["customer"], self.fetching.normalised(body)) for body in page["data"]], _next(page)

    def events(self, since: int, after: str) -> tuple[list[Json], str]:
        """Events from a Unix time on (https://docs.stripe.com/api/events/list); a place is `twenty types/event`."""
        number, _, last = after.partition("/")
        part = int(number or 0)
        types = list(self.events_of[part * _TYPES : (part + 1) * _TYPES])
        params = cast("EventListParams", _from(last) | {"types": types, "created": {"gte": since}})
        page = self.api.read("list events", lambda client: client.v1.events.list(params))
        if page["has_more"]:
            return page["data"], f"{part}/{_next(page)}"
        more = (part + 1) * _TYPES < len(self.events_of)
        return page["data"], f"{part + 1}/" if more else ""

    def _subscriptions(self, after: str, expand: list[str]) -> Json:
        params = cast("SubscriptionListParams", _from(after) | {"expand": expand})
        return self.api.read("list subscriptions", lambda client: client.v1.subscriptions.list(params))


def _from(after: str) -> Json:
    return {"limit": _PAGE} | ({"starting_after": after} if after else {})


def _next(page: Json) -> str:
    return str(page["data"][-1]["id"]) if page["has_more"] and page["data"] else ""
