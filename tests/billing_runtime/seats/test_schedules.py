"""A subscription that a schedule manages keeps its seats in the phases that are to come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from billing_runtime import Billing
from tests.billing_runtime.seats.conftest import Watch, at_stripe, subscribed


def test_later_phases_have_the_new_number(opened: Callable[..., Billing], watch: Watch, provisioned: Any) -> None:
    """The next phase must not bring the old quantity back."""
    billing = opened()
    subscription = subscribed(billing, "org_1", 3)
    client = billing._context.api._client
    schedule = client.v1.subscription_schedules.create({"from_subscription": subscription})
    now = schedule.phases[0]
    item: Any = {"price": provisioned["prices"]["team.monthly"]["id"], "quantity": 3}
    phases: Any = [
        {"items": [item], "start_date": now.start_date, "end_date": now.end_date},
        {"items": [item], "duration": {"interval": "month", "interval_count": 1}},
    ]
    client.v1.subscription_schedules.update(schedule.id, {"phases": phases})
    billing.sync("org_1")
    assert billing.seats.sync("org_1", 7).after == 7
    changed = client.v1.subscription_schedules.retrieve(schedule.id)
    assert [[one.quantity for one in phase["items"]] for phase in changed.phases] == [[7], [7]]
    watch.advance(days=35)
    assert at_stripe(billing, "org_1") == [7]
