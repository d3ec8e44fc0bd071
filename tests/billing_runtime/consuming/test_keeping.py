"""How long decisions are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from billing_runtime import UnknownReceipt
from tests.billing_runtime.consuming.test_consume import rows

if TYPE_CHECKING:
    from billing_runtime import Billing
    from tests.billing_runtime.consuming.conftest import Time


def test_old_decisions_go_and_what_they_counted_stays(billing: Billing, clock: Time) -> None:
    """After its time a decision must be gone; open reservations, counters and the history must not."""
    old = str(billing.consume("org_1", "credits", 5, idempotency_key="k").receipt)
    clock.pass_(days=399)
    held = billing.reserve("org_1", "credits", 1, expires_in=timedelta(days=1))
    billing.worker().once()
    assert billing.refund(old, 1) == {"credits": 1}
    clock.pass_(days=2)
    billing.worker().once()
    with pytest.raises(UnknownReceipt):
        billing.refund(old)
    assert [row["receipt"] for row in rows(billing, "decision")] == [held.receipt]
    assert [row["amount"] for row in rows(billing, "usage_day")] == ["4"]
