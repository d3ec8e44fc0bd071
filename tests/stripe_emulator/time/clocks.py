"""What tests with test clocks have in common: a clock, customers on it, and a step forward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

JANUARY_31 = 1_769_860_800  # 2026-01-31T12:00:00Z
DAY = 86400


def clock_at(client: stripe.StripeClient, moment: int = JANUARY_31, **params: Any) -> Any:
    """Return a new clock."""
    given: Any = {"frozen_time": moment, **params}
    return client.v1.test_helpers.test_clocks.create(given)


def advance(client: stripe.StripeClient, clock: Any, moment: int) -> Any:
    """Advance a clock and return it as it is when it has arrived."""
    client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": moment})
    return client.v1.test_helpers.test_clocks.retrieve(clock.id)


def customer_on(client: stripe.StripeClient, clock: Any, **params: Any) -> stripe.Customer:
    """Return a new customer in a clock's time."""
    given: Any = {"test_clock": clock.id, **params}
    return client.v1.customers.create(given)


def refusal(action: Callable[[], object]) -> Any:
    """Return the error that an action is answered with."""
    with pytest.raises(stripe.StripeError) as caught:
        action()
    return caught.value
