"""The subscription cache: what Stripe said last, for whoever asks, and never an older answer."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime._cache import Cache
from billing_runtime._cache.writing import Answer
from tests.billing_runtime.conftest import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from billing_runtime import Billing
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
pytestmark = pytest.mark.parametrize("backend", BACKENDS)


@pytest.fixture
def billing(
    open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient, any_store_url: str
) -> Billing:
    """The example's billing on the backend of the test."""
    stripe_emulator.clear_requests()
    return open_billing(manifest=provisioned, api_base=stripe_emulator.url, store=any_store_url)


@pytest.fixture
def cache(billing: Billing) -> Cache:
    """Its cache."""
    return billing._context.cache


@pytest.fixture
def customer(billing: Billing) -> str:
    """The customer of org_1, which has a subscription that the cache has not seen."""
    made = billing.customers.ensure("org_1", kind="organization")
    billing.subscribe("org_1", price="team.monthly", quantity=3)
    return made.id


def test_nothing_is_known_before_the_first_refresh(cache: Cache, stripe_emulator: EmulatorClient) -> None:
    """A look-up must neither fail nor ask Stripe."""
    stripe_emulator.clear_requests()
    assert cache.of("org_1") == ()
    assert stripe_emulator.count() == 0


def test_a_refresh_is_seen_without_the_network(cache: Cache, customer: str, stripe_emulator: EmulatorClient) -> None:
    """What one request told must be there for every look-up after it."""
    stripe_emulator.clear_requests()
    (refreshed,) = cache.refresh(customer)
    assert stripe_emulator.counts() == {"GET /v1/subscriptions": 1}
    assert cache.of("org_1") == (refreshed,)
    assert (refreshed.status, refreshed.customer_id, refreshed.entity_id) == ("trialing", customer, "org_1")
    assert refreshed.body["items"][0]["quantity"] == 3
    assert stripe_emulator.count() == 1


def test_another_process_sees_it_at_once(
    cache: Cache, customer: str, open_billing: Callable[..., Billing], provisioned: Json, any_store_url: str
) -> None:
    """What one process has remembered must not outlive a change by another."""
    other = open_billing(manifest=provisioned, store=any_store_url)._context.cache
    assert [one.status for one in other.of("org_1")] == ["trialing"]
    cache.refresh(customer)
    (seen,) = other.of("org_1")
    answer = Answer(customer, "org_1", cache.rows.next_number(), 0, [seen.body | {"status": "unpaid"}])
    cache.keep(answer)
    assert [one.status for one in other.of("org_1")] == ["unpaid"]


def test_an_older_fetch_never_overwrites_a_later_one(cache: Cache, customer: str) -> None:
    """Of two answers that arrive in the wrong order the one that was asked for later must stay."""
    (now,) = cache.refresh(customer)
    earlier, later = cache.rows.next_number(), cache.rows.next_number()
    cache.keep(Answer(customer, "org_1", later, 0, [now.body | {"status": "active"}]))
    held = cache.keep(Answer(customer, "org_1", earlier, 0, []))
    assert [one.status for one in held] == ["active"]
    assert [one.status for one in cache.of("org_1")] == ["active"]


def test_what_is_gone_at_stripe_is_gone_here(cache: Cache, customer: str, stripe_client: stripe.StripeClient) -> None:
    """A customer that was deleted at Stripe must keep no running subscription."""
    cache.refresh(customer)
    stripe_client.v1.customers.delete(customer)
    assert all(one.status == "canceled" for one in cache.refresh(customer))
    assert all(one.status == "canceled" for one in cache.of("org_1"))


def test_a_customer_of_somebody_else_is_left_alone(
    cache: Cache, stripe_client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Accounts are shared: customers without our marks must be no error, and leave nothing behind."""
    stranger = stripe_client.v1.customers.create(
        {"metadata": {"billing:entity": "org_1", "billing:stack": "other/dev"}}
    )
    assert cache.refresh(stranger.id) == ()
    assert cache.refresh("cus_unknown") == ()
    assert cache.of("org_1") == ()


def test_a_customer_whose_making_was_not_kept_is_known_by_its_marks(
    cache: Cache, stripe_client: stripe.StripeClient, billing: Billing
) -> None:
    """A crash between Stripe's answer and our commit must not make a paying customer a stranger."""
    marks = {"billing:entity": "org_2", "billing:stack": "shop/dev", "billing:kind": "organization"}
    made = stripe_client.v1.customers.create({"metadata": marks})
    assert cache.refresh(made.id) == ()
    found = billing.customers.get("org_2")
    assert found is not None
    assert found.id == made.id


def test_numbers_only_grow_over_processes(cache: Cache, any_store_url: str) -> None:
    """No two fetches may ever have one number, whoever takes it."""
    program = (
        "from billing_runtime._store import Scope, open_store; from billing_runtime._cache.rows import Rows\n"
        f"rows = Rows(open_store({any_store_url!r}), Scope('acct_emulator', livemode=False))\n"
        "print(*[rows.next_number() for _ in range(20)])"
    )
    started = [subprocess.Popen([sys.executable, "-c", program], stdout=-1, text=True) for _ in range(3)]
    with ThreadPoolExecutor(4) as pool:
        mine = list(pool.map(lambda _: cache.rows.next_number(), range(40)))
    taken = mine + [int(word) for process in started for word in process.communicate()[0].split()]
    assert sorted(taken) == list(range(1, 101))


def test_many_refreshes_at_once_end_with_the_truth(
    cache: Cache, customer: str, billing: Billing, stripe_client: stripe.StripeClient
) -> None:
    """However many threads refresh while Stripe changes, the last refresh after the change must be what stays."""
    (before,) = cache.refresh(customer)
    item = before.body["items"][0]["id"]
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(cache.refresh, customer) for _ in range(8)]
        stripe_client.v1.subscription_items.update(item, {"quantity": 9})
        jobs += [pool.submit(cache.refresh, customer) for _ in range(8)]
        assert all(job.result() for job in jobs)
    (after,) = cache.of("org_1")
    assert after.body["items"][0]["quantity"] == 9


def test_since_when_it_is_past_due_is_kept(cache: Cache, customer: str) -> None:
    """The moment at which a subscription was first seen past due must stay while it is, and go when it is paid."""
    (now,) = cache.refresh(customer)

    def said(status: str, at: int) -> int | None:
        answer = Answer(customer, "org_1", cache.rows.next_number(), at, [now.body | {"status": status}])
        since: int | None = cache.keep(answer)[0].body["past_due_since"]
        return since

    assert [said("past_due", 100), said("past_due", 200)] == [100, 100]
    assert [said("active", 300), said("past_due", 400)] == [None, 400]


def test_what_may_be_stale_spares_the_way(
    cache: Cache, customer: str, open_billing: Callable[..., Billing], provisioned: Json, any_store_url: str
) -> None:
    """Where a second's age is allowed, the store is asked once a second; this process's own writes are seen at once."""
    now = [datetime(2026, 11, 27, tzinfo=UTC)]
    settings: Json = {"manifest": provisioned, "store": any_store_url, "clock": lambda: now[0]}
    reader = open_billing(**settings, stale=timedelta(seconds=1))._context.cache
    (one,) = reader.of("org_1")
    cache.keep(Answer(customer, "org_1", cache.rows.next_number(), 0, [one.body | {"status": "active"}]))
    assert reader.of("org_1") == (one,)
    now[0] += timedelta(seconds=1)
    assert [held.status for held in reader.of("org_1")] == ["active"]
    reader.keep(Answer(customer, "org_1", cache.rows.next_number(), 0, [one.body | {"status": "unpaid"}]))
    assert [held.status for held in reader.of("org_1")] == ["unpaid"]


def test_what_is_gone_is_not_brought_back_by_an_older_answer(cache: Cache, customer: str) -> None:
    """A subscription that a later look no longer saw must not come back with an answer that was asked for earlier."""
    (now,) = cache.refresh(customer)
    earlier, later = cache.rows.next_number(), cache.rows.next_number()
    assert cache.keep(Answer(customer, "org_1", later, 0, [])) == ()
    assert cache.keep(Answer(customer, "org_1", earlier, 0, [now.body])) == ()
    assert cache.keep(Answer(customer, "org_1", earlier, 0, [now.body], whole=False)) == ()


def test_a_page_of_reconciliation_is_no_exception(cache: Cache, customer: str) -> None:
    """A page that was asked for before a look, and written after it, must change nothing; a later one must."""
    (now,) = cache.refresh(customer)
    page, look, next_page = (cache.rows.next_number() for _ in range(3))

    def said(seq: int, status: str) -> list[str]:
        answer = Answer(customer, "org_1", seq, 0, [now.body | {"status": status}], whole=False)
        return [one.status for one in cache.keep(answer)]

    assert said(look, "active") == ["active"]
    assert said(page, "trialing") == ["active"]
    assert said(next_page, "unpaid") == ["unpaid"]
