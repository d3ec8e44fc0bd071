"""`billing.consume`: the decision, its repetition, its refusal."""

from __future__ import annotations

import decimal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import ConsumeConflict, InvalidInput, UnknownName

if TYPE_CHECKING:
    from billing_runtime import Billing
    from tests.billing_runtime.consuming.conftest import Time


def rows(billing: Billing, table: str, entity_id: str = "org_1") -> list[dict[str, Any]]:
    """What the store has of an entity."""
    context = billing._context
    with context.store.reading(context.scope) as reading:
        return [dict(row) for row in reading.all(f"export_{table}", entity_id=entity_id)]


def test_what_is_allowed_is_counted(billing: Billing) -> None:
    """A use within the limit must be allowed, with what it leaves and when that begins anew."""
    made = billing.consume("org_1", "credits", 30)
    assert (bool(made), made.usage, made.limit, made.remaining, made.overage) == (True, 30, 100, 70, 0)
    assert (made.resets_at, made.reason) == (datetime(2026, 4, 1, tzinfo=UTC), "included")
    assert made.receipt is not None
    assert billing.consume("org_1", "limits:credits", 70).remaining == 0
    assert billing.consume("org_2", "credits", 1).usage == 1


def test_what_is_not_allowed_leaves_nothing(billing: Billing) -> None:
    """A use beyond the limit must be refused as a whole, and count nothing."""
    billing.consume("org_1", "credits", 95)
    refused = billing.consume("org_1", "credits", 6)
    assert (bool(refused), refused.usage, refused.remaining, refused.receipt) == (False, 95, 5, None)
    assert refused.reason == "limit reached"
    assert billing.consume("org_1", "credits", 5).remaining == 0
    assert not billing.consume("org_1", "denied")
    assert len(rows(billing, "decision")) == 2


def test_without_enforcement_nothing_is_refused(billing: Billing) -> None:
    """With `enforce=False` usage must pass the limit: `remaining` stops at 0, `overage` tells the excess."""
    made = billing.consume("org_1", "credits", 130, enforce=False)
    assert (bool(made), made.usage, made.remaining, made.overage) == (True, 130, 0, 30)
    assert made.reason == "not enforced"


def test_a_limit_may_let_more_through(billing: Billing) -> None:
    """Where the plan allows overage, or bills it, a use beyond the limit must be allowed and called that."""
    for name, amount, over in (("seconds", 12, 2), ("tokens", 1500, 500)):
        made = billing.consume("org_1", name, amount)
        assert (bool(made), made.overage, made.remaining, made.reason) == (True, over, 0, "overage")
    free = billing.consume("org_1", "free", 10**12)
    assert (free.limit, free.remaining, free.overage) == (None, None, 0)


def test_a_decision_is_kept_as_it_was(billing: Billing) -> None:
    """Whatever members and actions are called, a repeated call must find what was answered, and a refund undo it."""
    odd: Any = {"member": 'a "b" \\ %s', "action": "50 % off é"}
    first = billing.consume("org_1", "credits", Decimal("1.50"), idempotency_key="k", **odd)
    again = billing.consume("org_1", "credits", Decimal("1.50"), idempotency_key="k", **odd)
    assert again == first._replace(replayed=True)
    assert billing.refund(str(first.receipt)) == {"credits": Decimal("1.50")}
    (day,) = rows(billing, "usage_day")
    assert (day["member_id"], day["action"], Decimal(day["amount"])) == (*odd.values(), 0)


def test_the_same_key_counts_once(billing: Billing) -> None:
    """A repeated call must answer what was answered first, whatever has happened since; another call is refused."""
    first = billing.consume("org_1", "credits", 30, idempotency_key="k")
    billing.consume("org_1", "credits", 50)
    again = billing.consume("org_1", "credits", 30, idempotency_key="k")
    assert (again.usage, again.remaining, again.receipt, again.replayed) == (30, 70, first.receipt, True)
    assert billing.consume("org_1", "credits", 1).usage == 81
    with pytest.raises(ConsumeConflict, match="key 'k' was used before"):
        billing.consume("org_1", "credits", 31, idempotency_key="k")
    assert billing.consume("org_2", "credits", 31, idempotency_key="k").usage == 31


def test_a_refusal_does_not_use_the_key_up(billing: Billing, clock: Time) -> None:
    """What was refused must be allowed under the same key once there is room."""
    billing.consume("org_1", "images", 3)
    assert not billing.consume("org_1", "images", 1, idempotency_key="k")
    clock.pass_(hours=2)
    assert billing.consume("org_1", "images", 1, idempotency_key="k")


def test_several_names_are_all_or_nothing(billing: Billing) -> None:
    """If one of them is refused none must be counted; the decision tells of each."""
    refused = billing.consume_all("org_1", {"credits": 5, "images": 4})
    assert (bool(refused), refused.limit, refused.of("credits").allowed) == (False, 3, True)
    assert billing.consume_all("org_1", {"credits": 5, "images": 3})
    assert rows(billing, "counter")[0]["used"] == "5"


def test_parts_of_units_are_exact(billing: Billing) -> None:
    """Decimals must add up exactly, whatever precision the calling thread has set; a meter takes whole units only."""
    with decimal.localcontext() as context:
        context.prec = 3
        for _ in range(2):
            billing.consume("org_1", "credits", Decimal("0.1000001"))
        made = billing.consume("org_1", "credits", Decimal("0.1000001"))
    assert (made.usage, made.remaining) == (Decimal("0.3000003"), Decimal("99.6999997"))
    with pytest.raises(InvalidInput, match="counts whole units"):
        billing.consume("org_1", "tokens", Decimal("0.5"))
    assert billing.consume("org_1", "tokens", Decimal("2.0")).usage == 2


@pytest.mark.parametrize("amount", [0, -1, 1.5, True, "1", Decimal("NaN"), Decimal("-0.1"), 10**15, Decimal("1e-10")])
def test_amounts_that_are_none(billing: Billing, amount: Any) -> None:
    """Nothing, less than nothing, floats and what is no number must be refused before anything is counted."""
    with pytest.raises(InvalidInput, match="amount"):
        billing.consume("org_1", "credits", amount)
    assert rows(billing, "counter") == []


def test_names_that_nobody_sells(billing: Billing) -> None:
    """A name in no plan must be an error that lists near names, for it is the program's mistake."""
    with pytest.raises(UnknownName, match="credits"):
        billing.consume("org_1", "credit")


def test_one_unit_left_and_many_callers(billing: Billing) -> None:
    """Exactly one of them must get it."""
    billing.consume("org_1", "credits", 99)
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: billing.consume("org_1", "credits"), range(64)))
    assert sum(map(bool, made)) == 1


def test_what_stripe_has_to_be_told(billing: Billing, clock: Time) -> None:
    """Usage with a meter must be in the outbox with its decision, added up; without one it must not."""
    billing.consume("org_1", "credits", 5)
    for amount in (10, 20):
        billing.consume("org_1", "tokens", amount)
    clock.pass_(minutes=1)
    billing.consume("org_1", "tokens", 5)
    assert [row["amount"] for row in rows(billing, "outbox")] == ["30", "5"]
    assert [(row["name"], row["amount"]) for row in rows(billing, "usage_day")] == [("credits", "5"), ("tokens", "35")]
