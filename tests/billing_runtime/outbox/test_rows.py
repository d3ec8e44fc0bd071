"""What is written with a decision, for each kind of meter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from billing_runtime import InvalidInput, Reporting
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.outbox.conftest import rows

if TYPE_CHECKING:
    from billing_runtime import Billing
    from tests.billing_runtime.outbox.conftest import Time


def told(billing: Billing, meter: str) -> list[tuple[str, str | None, int]]:
    """Amount, value and length of the wait of each row."""
    return [(row["amount"], row["value"], row["due_at"] - row["at"]) for row in rows(billing) if row["meter"] == meter]


@pytest.mark.parametrize("backend", BACKENDS)
def test_usage_of_a_slice_is_one_row(billing: Billing, backend: str, clock: Time) -> None:
    """Sums must be added up by the minute, each on its way at the minute's end; what is given back is taken off."""
    receipt = str(billing.consume("org_1", "tokens", 10).receipt)
    clock.pass_(seconds=5)
    billing.consume("org_1", "tokens", 20)
    clock.pass_(seconds=10)
    billing.consume("org_1", "tokens", 5)
    billing.refund(receipt, 4)
    assert told(billing, "tokens") == [("26", None, 2), ("5", None, 52)]


def test_the_last_seconds_of_a_period_are_told_at_once(billing: Billing, clock: Time) -> None:
    """A row must be due before its billing period ends, and never hold usage of two periods."""
    clock.set(clock.now.replace(day=31, hour=23, minute=59, second=45))
    billing.consume("org_1", "tokens", 1)
    clock.pass_(seconds=8)
    billing.consume("org_2", "tokens", 2)
    clock.pass_(seconds=7)
    billing.consume("org_1", "tokens", 4)
    assert told(billing, "tokens") == [("1", None, 5), ("4", None, 60)]
    assert [row["due_at"] - row["at"] for row in rows(billing, "org_2")] == [0]


def test_a_window_is_told_its_total(billing: Billing, clock: Time) -> None:
    """Rows of a meter with an event window must carry everything of the hour or day so far."""
    receipt = str(billing.consume("org_1", "hourly", 3).receipt)
    billing.consume("org_1", "daily", 3)
    clock.pass_(minutes=10)
    billing.consume("org_1", "hourly", 4)
    clock.pass_(hours=1)
    billing.consume("org_1", "hourly", 5)
    billing.consume("org_1", "daily", 6)
    billing.refund(receipt)
    assert [row[:2] for row in told(billing, "hourly")] == [("4", "4"), ("5", "5")]
    assert [row[:2] for row in told(billing, "daily")] == [("9", "9")]


def test_the_last_value_is_what_the_window_stands_at(billing: Billing, clock: Time) -> None:
    """A meter of last values must get the usage of the open window, in the billing period in which it changed."""
    receipt = str(billing.consume("org_1", "stored", 10).receipt)
    clock.pass_(minutes=2)
    billing.consume("org_1", "stored", 5)
    clock.pass_(days=20)
    billing.refund(receipt, 3)
    assert [row[:2] for row in told(billing, "stored")] == [("10", "10"), ("5", "15"), ("-3", "12")]
    assert len({row["period_start"] for row in rows(billing)}) == 2


def test_what_is_held_is_not_told(billing: Billing) -> None:
    """A level must be without reserved units until they are committed."""
    held = billing.reserve("org_1", "stored", 7)
    billing.consume("org_1", "stored", 2)
    assert told(billing, "stored")[0][:2] == ("2", "2")
    held.commit(6)
    assert told(billing, "stored")[0][:2] == ("8", "8")


def test_meters_count_whole_units(billing: Billing) -> None:
    """Neither a commit nor a refund may leave a part of a unit for a meter."""
    from decimal import Decimal

    held = billing.reserve("org_1", "tokens", 7)
    with pytest.raises(InvalidInput, match="counts whole units"):
        held.commit(Decimal("2.5"))
    with pytest.raises(InvalidInput, match="counts whole units"):
        billing.refund(str(billing.consume("org_1", "tokens", 7).receipt), Decimal("2.5"))


@pytest.mark.parametrize(
    ("settings", "said"), [({"api": "v3"}, "api"), ({"slice": 0}, "slice"), ({"threads": True}, "threads")]
)
def test_settings_that_make_no_sense(settings: dict[str, object], said: str) -> None:
    """They must be refused when they are made."""
    with pytest.raises(InvalidInput, match=said):
        Reporting(**settings)  # type: ignore[arg-type] # that is the point
