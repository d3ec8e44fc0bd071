"""`billing.reserve`, `commit`, `release`, and `refund`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from billing_runtime import LimitReached, RefundTooLarge, ReservationEnded, UnknownReceipt
from tests.billing_runtime.consuming.test_consume import rows

if TYPE_CHECKING:
    from billing_runtime import Billing
    from tests.billing_runtime.consuming.conftest import Time


def used(billing: Billing, name: str = "credits") -> str:
    """What counts."""
    return next(str(row["used"]) for row in rows(billing, "counter") if row["name"] == name)


def test_what_is_held_counts_until_it_is_committed(billing: Billing) -> None:
    """Held units must count against the limit; a commit of less gives the rest back, and Stripe hears of it then."""
    held = billing.reserve("org_1", "tokens", 400)
    assert (bool(held), held.decision.remaining) == (True, 600)
    assert rows(billing, "outbox") == []
    made = held.commit(250)
    assert (made.receipt, used(billing, "tokens")) == (held.receipt, "250")
    assert [row["amount"] for row in rows(billing, "outbox")] == ["250"]
    assert held.commit(250).replayed
    with pytest.raises(ReservationEnded, match="committed before"):
        held.commit(251)


def test_more_than_was_reserved_is_counted_all_the_same(billing: Billing) -> None:
    """The work was done: what goes beyond the limit must be overage and not lost."""
    held = billing.reserve("org_1", "credits", 90)
    held.commit(110)
    assert used(billing) == "110"
    assert billing.refund(str(held.receipt)) == {"credits": 110}
    assert used(billing) == "0"


def test_a_reservation_expires(billing: Billing, clock: Time) -> None:
    """After its time the units must be free again; a commit after that counts what was done, once."""
    held = billing.reserve("org_1", "credits", 90, expires_in=timedelta(minutes=1))
    assert not billing.consume("org_1", "credits", 20)
    clock.pass_(seconds=60)
    assert billing.consume("org_1", "credits", 20).usage == 20
    assert held.commit(90).reason == "after its reservation expired"
    assert used(billing) == "110"
    assert not billing.reserve("org_1", "credits", 1)


def test_a_reservation_that_nobody_asks_about_expires(billing: Billing, clock: Time) -> None:
    """A worker must give back what it held, also in a window that has ended since and if nothing is used any more."""
    billing.reserve("org_1", "images", 3, expires_in=timedelta(hours=2))
    clock.pass_(hours=1, minutes=30)
    assert billing.consume("org_1", "images", 3)
    clock.pass_(hours=1)
    billing._context.chores.run_due()
    assert [(row["state"], row["expires_at"]) for row in rows(billing, "decision")] == [
        ("expired", None),
        ("done", None),
    ]
    assert [row["used"] for row in rows(billing, "counter_window")] == ["0"]


def test_the_block_commits_or_releases(billing: Billing) -> None:
    """A block that ends well must commit, one that raises must release, one that was refused must not run."""
    with billing.reserve("org_1", "credits", 10):
        pass
    with pytest.raises(ZeroDivisionError), billing.reserve("org_1", "credits", 20):
        _ = 1 / 0
    assert used(billing) == "10"
    with pytest.raises(LimitReached, match="limit reached"), billing.reserve("org_1", "credits", 91):
        pytest.fail("it ran")


def test_a_refund_goes_where_it_came_from(billing: Billing) -> None:
    """Parts must be given back until nothing is left, never more, and be taken off what Stripe is told."""
    receipt = str(billing.consume("org_1", "tokens", 100).receipt)
    assert billing.refund(receipt, 30, idempotency_key="r") == {"tokens": 30}
    assert billing.refund(receipt, 30, idempotency_key="r") == {"tokens": 30}
    with pytest.raises(RefundTooLarge, match="70 are left"):
        billing.refund(receipt, 71)
    assert billing.refund(receipt) == {"tokens": 70}
    assert billing.refund(receipt) == {"tokens": 0}
    assert (used(billing, "tokens"), rows(billing, "outbox")[0]["amount"]) == ("0", "0")
    assert rows(billing, "usage_day")[0]["amount"] == "0"


def test_receipts_that_are_none(billing: Billing) -> None:
    """Unknown receipts, and reservations that are open or over, must each be refused for their own reason."""
    with pytest.raises(UnknownReceipt):
        billing.refund("use_0")
    held = billing.reserve("org_1", "credits", 1)
    with pytest.raises(ReservationEnded, match="still open"):
        billing.refund(str(held.receipt))
    assert held.release()
    assert not billing.release(str(held.receipt))
    with pytest.raises(ReservationEnded, match="reserve again"):
        held.commit()
    with pytest.raises(ReservationEnded, match="is no reservation"):
        billing.release(str(billing.consume("org_1", "credits").receipt))
