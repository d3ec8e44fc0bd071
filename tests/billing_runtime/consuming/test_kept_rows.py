"""Rows that are kept in memory between decisions: never used when somebody else has changed them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import StoreError
from billing_runtime._books.outbox import OutboxRows
from billing_runtime._cache.writing import Answer
from tests.billing_runtime.consuming.test_consume import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import Billing
    from tests.billing_runtime.consuming.conftest import Time

Json = dict[str, Any]


@pytest.fixture
def other(open_billing: Callable[..., Billing], limited: Json, any_store_url: str, clock: Time) -> Billing:
    """Another process, as the store sees it: with connections of its own."""
    return open_billing(manifest=limited, store=any_store_url, clock=clock, api_base="http://127.0.0.1:9")


def subscription(clock: Time, **facts: Any) -> Json:
    """A subscription to the metered plan, as Stripe tells it."""
    now = int(clock.now.timestamp())
    price = {"id": "price_tokens", "product": "prod_ai", "metadata": {}, "recurring": {"interval": "month"}}
    item = {"id": "si_1", "current_period_start": now, "current_period_end": now + 30 * 86_400, "price": price}
    return {"id": "sub_1", "status": "active", "created": now, "customer": "cus_1", "items": [item]} | facts


def told(billing: Billing, clock: Time, *bodies: Json) -> None:
    """Stripe has told the subscriptions of an entity."""
    number = billing._context.cache.rows.next_number()
    answer = Answer("cus_1", "org_1", number, int(clock.now.timestamp()), list(bodies))
    billing._context.cache.keep(answer)


def test_two_processes_count_together(billing: Billing, other: Billing) -> None:
    """Whoever decides must see what others have counted, in the counter, the history and what Stripe will be told."""
    for number in range(1, 7):
        assert (billing, other)[number % 2].consume("org_1", "tokens", 10).usage == number * 10
    (day,), (counter,), (sent,) = (rows(billing, table) for table in ("usage_day", "counter", "outbox"))
    assert (day["amount"], counter["used"], counter["total"], sent["amount"]) == ("60", "60", "60", "60")


def test_what_was_given_back_elsewhere_may_be_used(billing: Billing, other: Billing) -> None:
    """A refund by another process must make room here, and be taken off the history and what Stripe will be told."""
    receipt = billing.consume("org_1", "credits", 100).receipt
    assert not billing.consume("org_1", "credits")
    other.refund(str(receipt))
    assert billing.consume("org_1", "credits", 100)
    assert [row["amount"] for row in rows(billing, "usage_day")] == ["100"]


def test_what_was_sealed_stays_as_it_is(billing: Billing) -> None:
    """Usage after the worker has taken a row must go into another one, also if this process wrote the first."""
    billing.consume("org_1", "tokens", 10)
    context = billing._context
    with context.store.transaction(context.scope) as change:
        change._connection.execute("UPDATE outbox SET state = 'sealed'")  # type: ignore[attr-defined]
    billing.consume("org_1", "tokens", 5)
    assert sorted(row["amount"] for row in rows(billing, "outbox")) == ["10", "5"]


def test_an_erased_entity_begins_anew(billing: Billing) -> None:
    """What was erased must not come back from memory."""
    billing.consume("org_1", "credits", 100)
    billing.personal_data.erase("org_1")
    assert billing.consume("org_1", "credits", 1).usage == 1
    assert [row["total"] for row in rows(billing, "counter")] == ["1"]


def test_what_could_not_be_written_was_not_counted(billing: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a failure everything must be as before it, in memory too."""
    billing.consume("org_1", "tokens", 10)

    def full(_: OutboxRows) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(OutboxRows, "flush", full)
        with pytest.raises(StoreError):
            billing.consume("org_1", "tokens", 10)
    assert not billing._ledger._kept.counters
    assert billing.consume("org_1", "tokens", 1).usage == 11
    assert [row["amount"] for row in rows(billing, "outbox")] == ["11"]


_REFUSE = {
    "sqlite": (
        "CREATE TRIGGER refuse BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END",
        "DROP TRIGGER refuse",
    ),
    "postgresql": (
        "ALTER TABLE outbox ADD CONSTRAINT refuse CHECK (entity_id = '') NOT VALID",
        "ALTER TABLE outbox DROP CONSTRAINT refuse",
    ),
}


def test_what_the_store_refuses_was_not_decided(billing: Billing, backend: str) -> None:
    """If the last of all writes fails, the caller must be told, and nothing of the decision may be there."""
    billing.consume("org_1", "tokens", 10)
    refuse, allow = _REFUSE["postgresql" if backend == "postgresql" else "sqlite"]
    context = billing._context
    with context.store.transaction(context.scope) as change:
        change._connection.execute(refuse)  # type: ignore[attr-defined]
    with pytest.raises(StoreError):
        billing.consume("org_1", "tokens", 10)
    with context.store.transaction(context.scope) as change:
        change._connection.execute(allow)  # type: ignore[attr-defined]
    assert billing.consume("org_1", "tokens", 1).usage == 11
    assert [row["amount"] for row in rows(billing, "outbox")] == ["11"]
    assert len(rows(billing, "decision")) == 2


def test_a_subscription_is_seen_at_once(billing: Billing, other: Billing, clock: Time) -> None:
    """What another process has heard of a subscription must hold for the next decision, also if it ends the access."""
    assert billing.consume("org_1", "tokens").limit == 1000
    told(other, clock, subscription(clock))
    assert billing.consume("org_1", "ai_tokens").limit == 100_000
    told(other, clock, subscription(clock, status="canceled"))
    assert billing.consume("org_1", "ai_tokens").limit == 0


def test_a_subscription_ends_by_itself(billing: Billing, clock: Time) -> None:
    """Access that ends must end at its time, although nothing is written then."""
    end = clock.now + timedelta(minutes=1)
    told(billing, clock, subscription(clock, cancel_at=int(end.timestamp())))
    assert billing.consume("org_1", "ai_tokens").allowed
    clock.pass_(seconds=59)
    assert billing.consume("org_1", "ai_tokens").allowed
    clock.pass_(seconds=1)
    assert not billing.consume("org_1", "ai_tokens")
