"""Units that are lent out through Redis: fast, and never more than there are."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_runtime import InvalidInput, LeaseSettings
from billing_runtime._books.commit import Ledger
from tests.billing_runtime.consuming.test_consume import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import Billing
    from tests.billing_runtime.consuming.conftest import Time
    from tests.redis_server import Server

pytestmark = pytest.mark.redis


def used(billing: Billing, name: str = "calls", entity_id: str = "org_1") -> int:
    """What the store has counted as used, without what is only lent out."""
    (row,) = [one for one in rows(billing, "counter", entity_id) if one["name"] == name]
    return int(row["used"]) - int(row["held"])


def warm(billing: Billing, name: str = "calls", entity_id: str = "org_1") -> int:
    """Use it until decisions come from a lease; how many that were."""
    for number in range(1, 20):
        if billing.consume(entity_id, name).reason == "leased":
            return number
    pytest.fail("nothing was lent out")


def test_what_is_used_often_needs_no_store(billing: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decisions of a lease must neither wait for the disk nor ask Redis, and be exact once they are settled."""
    number = warm(billing)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "do", lambda *_: pytest.fail("asked the store"))
        made = [billing.consume("org_1", "calls") for _ in range(9)]
    assert [one.usage for one in made] == list(range(number + 1, number + 10))
    assert {(one.allowed, one.limit, one.receipt) for one in made} == {(True, 10_000, None)}
    assert [one.remaining for one in made] == [10_000 - one.usage for one in made]
    billing.leases.settle()
    assert used(billing) == number + 9
    assert billing.leases.bound("org_1", "calls") == 0


def test_stripe_and_the_history_are_told(billing: Billing) -> None:
    """What was used of a lease must stand in the history and on its way to Stripe, once it is settled."""
    number = warm(billing, "metered")
    billing.consume("org_1", "metered", 5)
    billing.leases.settle()
    (day,), (sent,) = rows(billing, "usage_day"), rows(billing, "outbox")
    assert (day["amount"], sent["amount"]) == (str(number + 5), str(number + 5))


def test_the_limit_is_never_passed(open_leased: Callable[..., Billing]) -> None:
    """Of two processes with many threads, all together must be allowed just what the limit includes."""
    both = [open_leased(units=300), open_leased(units=300)]
    allowed = [0] * 8

    def use(place: int) -> None:
        while both[place % 2].consume("org_1", "calls", 7):
            allowed[place] += 7

    threads = [threading.Thread(target=use, args=(place,)) for place in range(len(allowed))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in both:
        one.leases.settle()
    while both[0].consume("org_1", "calls", 1):
        allowed[0] += 1
    assert sum(allowed) == 10_000 == used(both[0])


def test_the_last_units_are_found(open_leased: Callable[..., Billing], billing: Billing) -> None:
    """Nobody must be refused while units that nobody uses are lent out and can be asked back."""
    number = warm(billing)
    other = open_leased()
    assert other.consume("org_1", "calls", 10_000 - number - 10)
    assert not other.consume("org_1", "calls", 20)
    billing.leases.settle()
    assert other.consume("org_1", "calls", 10)
    assert used(other) == 10_000


def test_a_process_asks_its_own_units_back(billing: Billing) -> None:
    """Whoever has units lent out itself must not be refused for them."""
    number = warm(billing)
    assert billing.consume("org_1", "calls", 10_000 - number)
    assert not billing.consume("org_1", "calls")


def test_the_bound_is_what_is_lent_out(billing: Billing, clock: Time) -> None:
    """`bound` must say how much could be lost: the lease, less what was settled of it."""
    warm(billing)
    assert billing.leases.bound("org_1", "limits:calls") == 100
    assert billing.leases.bound("org_1", "credits") == 0
    for _ in range(20):
        billing.consume("org_1", "calls")
    billing._leasing.settle_ended()  # type: ignore[union-attr]
    assert billing.leases.bound("org_1", "calls") == 80
    clock.pass_(hours=2)
    assert billing.leases.bound("org_1", "calls") == 0


def test_a_killed_process_loses_what_it_has_not_told(open_leased: Callable[..., Billing], clock: Time) -> None:
    """Its units must be everybody's again when its lease is over, and nobody pays for what it did not tell."""
    killed, other = open_leased(), open_leased()
    number = warm(killed)
    for _ in range(5):
        killed.consume("org_1", "calls")
    bound = killed.leases.bound("org_1", "calls")
    killed._leasing.after_fork()  # type: ignore[union-attr]
    clock.pass_(hours=2)
    assert other.consume("org_1", "calls").usage == number - 1 + 1
    assert number + 5 - (number - 1) <= bound
    assert used(other) == number


@pytest.mark.parametrize("noticed", [True, False])
def test_what_is_told_too_late_is_lost(open_leased: Callable[..., Billing], clock: Time, *, noticed: bool) -> None:
    """After its lease has run out its units are everybody's: what is told of it then must be counted for nobody."""
    slow, other = open_leased(), open_leased()
    number = warm(slow)
    clock.pass_(hours=1, seconds=61)
    if noticed:
        assert other.consume("org_1", "calls", 10)
    slow.leases.settle()
    assert used(slow) == number - 1 + noticed * 10
    assert other.consume("org_1", "calls", 10_000 - used(slow))


def test_a_repeated_settlement_counts_once(billing: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    """If nobody knows whether it was written, it is told again, and must change nothing."""
    number = warm(billing)
    leasing = billing._leasing
    assert leasing is not None
    (slice_,) = leasing._slices.values()
    leasing._slices.clear()
    leasing._end(slice_)
    leasing._end(slice_)
    leasing.settle_ended()
    assert used(billing) == number


def test_a_lease_ends_with_its_window(open_leased: Callable[..., Billing], clock: Time) -> None:
    """What was lent out in one window must not be used in the next, and counts in the one in which it was used."""
    billing, other = open_leased(), open_leased()
    clock.now = datetime(2026, 3, 31, 23, 59, 30, tzinfo=UTC)
    number = warm(billing)
    clock.pass_(seconds=40)
    assert other.consume("org_1", "calls").usage == 1
    assert billing.consume("org_1", "calls").usage == 2
    billing.leases.settle()
    assert used(billing) == 2
    assert {row["day"]: row["amount"] for row in rows(billing, "usage_day")} == {
        1_774_915_200: str(number),
        1_775_001_600: "2",
    }
    (window,) = rows(billing, "counter_window")
    assert window["used"] == str(number)


def test_what_goes_to_the_store_directly(billing: Billing) -> None:
    """Calls with a key, a member, an action or without enforcement must be decided and kept one by one."""
    warm(billing)
    calls: list[dict[str, Any]] = [
        {"idempotency_key": "k"},
        {"member": "m"},
        {"action": "a"},
        {"enforce": False},
    ]
    for more in calls:
        assert billing.consume("org_1", "calls", **more).receipt is not None
    assert billing.consume_all("org_1", {"calls": 1, "free": 1}).receipt is not None
    with pytest.raises(InvalidInput):
        billing.consume("org_1", "calls", 0)


def test_small_limits_are_not_lent_out(billing: Billing) -> None:
    """Where little is left every decision must be the store's, and the last unit is somebody's."""
    made = [billing.consume("org_1", "credits") for _ in range(101)]
    assert [one.allowed for one in made] == [True] * 100 + [False]
    for name, most in (("images", 3), ("projects", 2)):
        asked = [billing.consume("org_1", name) for _ in range(10)]
        assert [one.receipt is not None for one in asked] == [True] * most + [False] * (10 - most)


def test_an_erased_entity_stays_erased(billing: Billing) -> None:
    """What was lent out to somebody who was erased must not make new rows of him."""
    warm(billing)
    billing.personal_data.erase("org_1")
    billing.leases.settle()
    assert rows(billing, "counter") == []


def test_closing_settles(open_leased: Callable[..., Billing], billing: Billing) -> None:
    """A process that ends must tell what it has used, and give everything back."""
    other = open_leased()
    number = warm(other)
    other.close()
    assert used(billing) == number
    assert billing.leases.bound("org_1", "calls") == 0


@pytest.fixture
def pair(open_leased: Callable[..., Billing]) -> list[Billing]:
    """Two processes."""
    return [open_leased(), open_leased()]


@given(amounts=st.lists(st.integers(1, 60), max_size=60), which=st.randoms(use_true_random=False))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sums_are_exact_whatever_happens(
    pair: list[Billing], redis_server: Server, amounts: list[int], which: Any
) -> None:
    """Uses, settlements and a Redis that forgets everything, in any order: what was allowed is what counts."""
    entity, allowed = f"org_{uuid4().hex}", 0
    for amount in amounts:
        one = which.choice(pair)
        allowed += amount if one.consume(entity, "calls", amount) else 0
        what = which.random()
        if what < 0.1:
            redis_server.flush()
        elif what < 0.2:
            one.leases.settle()
    for one in pair:
        one.leases.settle()
    assert amounts == [] or used(pair[0], entity_id=entity) == allowed


@pytest.mark.parametrize("wrong", [{"units": 0}, {"seconds": 0}, {"slices": 2.0}, {"share": 0.1}])
def test_settings_are_checked(backend: str, wrong: dict[str, Any]) -> None:
    """Settings that make no sense must be refused in a sentence."""
    with pytest.raises(InvalidInput, match="lease: "):
        LeaseSettings(**wrong)
