"""What was told long ago takes little room, and stays what it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.outbox.conftest import KINDS, rows

if TYPE_CHECKING:
    from billing_runtime import Billing
    from tests.billing_runtime.outbox.conftest import Time


def compared(billing: Billing) -> list[tuple[str, int, int, int | None]]:
    """What drift says."""
    return [(one.meter, one.used, one.told, one.stripe) for one in billing.usage.drift("org_1")]


@pytest.mark.parametrize("backend", BACKENDS)
def test_old_rows_become_one_for_each_day(
    billing: Billing, backend: str, clock: Time, at_stripe: Callable[..., int]
) -> None:
    """Fifty minutes of three days must become a few rows, with the same sums, also after a refund of what is folded."""
    receipts = {}
    for _ in range(3):
        for _ in range(18):
            for name in KINDS:
                receipts[name] = str(billing.consume("org_1", name, 2).receipt)
            clock.pass_(minutes=1)
            billing.usage.flush()
        billing.refund(receipts["tokens"], 1)
        clock.pass_(days=1)
    billing.usage.flush()
    before, many = compared(billing), len(rows(billing))
    clock.pass_(days=4)
    billing.worker().once()
    assert len(rows(billing)) < many / 10
    assert compared(billing) == before
    for name, receipt in receipts.items():
        billing.refund(receipt, 1)
        billing.consume("org_1", name, 1)
    assert billing.usage.flush().waiting == 0
    assert [one.units for one in billing.usage.corrections()] == [-1]  # of the calls, which were told one by one
    assert [one[1] for one in compared(billing)] == [one[1] + (one[0] == "days") for one in before]
    assert {one.difference for one in billing.usage.drift()} == {0}
    assert at_stripe("tokens") == 3 * 18 * 2 - 3


def test_periods_that_nobody_asks_about(billing: Billing, clock: Time, customer: str) -> None:
    """After more than a year usage of a period must be gone; what was given up stays until somebody decides."""
    billing.consume("org_1", "tokens", 2)
    billing.usage.flush()
    billing.consume("org_2", "tokens", 2)
    clock.set(datetime(2027, 6, 1, tzinfo=UTC))
    billing.worker().once()
    assert (rows(billing), [row["state"] for row in rows(billing, "org_2")]) == ([], ["dead"])
