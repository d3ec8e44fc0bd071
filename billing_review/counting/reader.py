"""Asks Stripe: bounded, paced, and again where the same question may be answered a moment later.

The SDK's `raw_request` answers JSON. Its objects would cost more than all the rest: 100,000 subscriptions have twenty
million fields, and counting looks at a few of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billing_review.counting.bound import Bound
from billing_review.counting.clock import Clock
from billing_review.counting.failures import Stopped, is_passing
from billing_review.counting.listing import PAGE, Listing, Page, Slice
from billing_review.counting.pace import Budget, Pace

if TYPE_CHECKING:
    import stripe

Object = Mapping[str, Any]

_ATTEMPTS, _PATIENCE = 6, 90.0
_INNER = {"/v1/subscriptions": "items", "/v1/checkout/sessions": "line_items"}
"""The lists inside of an object, of which it has only the beginning."""


class Reader:
    """The requests of one counting; may be used by several threads."""

    def __init__(self, client: stripe.StripeClient, bound: Bound, clock: Clock) -> None:
        self._client = client
        self._bound = bound
        self._budget = Budget(bound.calls)
        self._pace = Pace(bound.per_second, clock)

    @property
    def calls(self) -> int:
        """How many requests there were."""
        return self._budget.used

    def page(self, read: Slice) -> Page:
        """The next page of a slice, its objects with all of their inner lists."""
        found = self.get(read.listing.noun, read.listing.path, read.params())
        inner = _INNER.get(read.listing.path)
        objects = [self._whole(one, inner) if inner else one for one in found["data"]]
        return Page(tuple(objects), bool(found["has_more"]))

    def everything(self, listing: Listing) -> list[Object]:
        """All objects of a short list."""
        found: list[Object] = []
        read: Slice | None = Slice(listing)
        while read is not None:
            page = self.page(read)
            found += page.objects
            read = Slice(listing, after=str(page.objects[-1]["id"])) if page.has_more else None
        return found

    def get(self, noun: str, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """One answer, or Stopped."""
        import stamina
        import stripe

        try:
            for attempt in stamina.retry_context(
                on=is_passing, attempts=_ATTEMPTS, timeout=_PATIENCE, wait_initial=0.25, wait_max=8
            ):
                with attempt:
                    return self._ask(path, params)
        except stripe.StripeError as error:
            raise Stopped.of(error, noun) from error
        raise AssertionError  # the last attempt raises

    def _ask(self, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        if not self._budget.take():
            raise Stopped.at_bound(self._bound.calls)
        self._pace.wait()
        answer: Any = self._client.raw_request("get", path, **params)
        return dict(answer.data)

    def _whole(self, found: Object, inner: str) -> Object:
        """The object with the rest of its items, where it has more than it shows."""
        shown = found.get(inner)
        if not shown or not shown["has_more"]:
            return found
        if inner == "items":
            rest = Listing("Subscriptions", "/v1/subscription_items", {"subscription": found["id"]})
        else:
            rest = Listing("Checkout Sessions", f"/v1/checkout/sessions/{found['id']}/line_items")
        after: dict[str, Any] = {"limit": PAGE, "starting_after": shown["data"][-1]["id"]}
        more = self.get(rest.noun, rest.path, {**rest.params, **after})  # 20 items and 40 lines are the most
        return {**found, inner: {"data": [*shown["data"], *more["data"]], "has_more": False}}
