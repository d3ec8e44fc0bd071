"""Stripe's meters end up equal to what was used: each kind of meter, each way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Reporting
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.outbox.conftest import KINDS, rows

if TYPE_CHECKING:
    from billing_runtime import Billing
    from stripe_emulator.client import EmulatorClient
    from tests.billing_runtime.outbox.conftest import Json, Time

WAYS = ["v1", "v2", "stream"]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Which of Stripe's ways takes usage."""
    return str(request.param)


@pytest.fixture
def billing(
    open_billing: Callable[..., Billing],
    data: Json,
    stripe_emulator: EmulatorClient,
    clock: Time,
    way: Any,
    any_store_url: str,
) -> Billing:
    """The shop's billing, which reports in that way."""
    base = stripe_emulator.url
    return open_billing(manifest=data, api_base=base, store=any_store_url, clock=clock, reporting=Reporting(api=way))


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_was_used_is_what_stripe_has(
    billing: Billing, backend: str, clock: Time, at_stripe: Callable[..., int]
) -> None:
    """A worker must tell everything that is due, once, and nothing more later."""
    for amount in (3, 4):
        for name in KINDS:
            billing.consume("org_1", name, amount)
        clock.pass_(hours=20)
    worker = billing.worker()
    worker.once()
    worker.once()
    counted = {name: at_stripe(name) for name in KINDS}
    assert counted == {"tokens": 7, "calls": 7, "stored": 7, "hourly": 7, "daily": 7, "days": 2}
    assert {row["state"] for row in rows(billing)} == {"sent"}
    assert billing.usage.lag().waiting == 0


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_is_given_back_is_taken_off(
    billing: Billing, backend: str, clock: Time, at_stripe: Callable[..., int]
) -> None:
    """A refund must reach Stripe whether its usage is still open or was told."""
    receipts = [[str(billing.consume("org_1", name, amount).receipt) for name in KINDS] for amount in (5, 3)]
    billing.refund(receipts[0][0], 1)
    assert billing.usage.flush("org_1").waiting == 0
    for receipt in receipts[0]:
        billing.refund(receipt, 2)
    billing.usage.flush()
    counted = {name: at_stripe(name) for name in KINDS}
    assert counted == {"tokens": 5, "calls": 6, "stored": 6, "hourly": 6, "daily": 6, "days": 1}
    for receipt in [*receipts[0], *receipts[1]]:
        billing.refund(receipt)
    assert billing.usage.flush().waiting == 0
    assert {at_stripe(name) for name in KINDS} == {0}
    assert (billing.usage.dead(), billing.usage.corrections()) == ([], [])
