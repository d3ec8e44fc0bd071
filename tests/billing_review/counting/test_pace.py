"""No more requests in a second than agreed."""

from __future__ import annotations

import dataclasses

import stripe

from billing_review.counting import Bound, Clock
from tests.billing_review.counting.shop import Shop, step, told


def test_requests_are_spread(shop: Shop, client: stripe.StripeClient) -> None:
    """Three requests at two a second wait twice, half a second each at least in sum, on a clock that only they move."""
    waits: list[float] = []
    clock = dataclasses.replace(Clock(), monotonic=lambda: 100.0, sleep=waits.append)
    counting = told(client, step("seat", shop.price()), bound=Bound(per_second=2), clock=clock)
    assert counting.calls == 3
    assert sorted(waits) == [0.5, 1.0]  # the clock stands still: the third one's turn is a second after the first's
