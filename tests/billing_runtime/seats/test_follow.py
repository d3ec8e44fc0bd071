"""Membership hooks record; one update follows, however many there were."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from billing_runtime import Billing, SeatPolicy, SeatsOutOfRange, StripeRefused, StripeUnavailable
from stripe_emulator.client import EmulatorClient
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.seats.conftest import Watch, at_stripe, subscribed

pytestmark = pytest.mark.parametrize("backend", BACKENDS)


@pytest.fixture
def billing(opened: Callable[..., Billing], any_store_url: str) -> Billing:
    """The example's billing, with one paying organization of three."""
    one = opened(store=any_store_url)
    subscribed(one, "org_1", 3)
    one.seats.sync("org_1", ["ann", "ben", "cem"])
    return one


def test_a_burst_of_joins_is_one_update(billing: Billing, stripe_emulator: EmulatorClient, watch: Watch) -> None:
    """Nothing is sent by the hooks; when their time has come, one look and one update tell Stripe of all."""
    stripe_emulator.clear_requests()
    for number in range(40):
        billing.seats.add("org_1", f"user_{number}")
    assert stripe_emulator.count() == 0
    assert billing.seats.status("org_1").pending
    assert billing.seats.sweep().synced == ()
    watch.advance(seconds=2)
    (done,) = billing.seats.sweep().synced
    assert (done.before, done.after) == (3, 43)
    assert stripe_emulator.count(method="POST") == 1
    assert stripe_emulator.count() == 3
    assert not billing.seats.status("org_1").pending
    assert billing.seats.sweep().synced == ()


def test_changes_that_cancel_each_other_write_nothing(
    billing: Billing, stripe_emulator: EmulatorClient, watch: Watch
) -> None:
    """Somebody who joins and leaves, and somebody who is added twice, changes no quantity."""
    stripe_emulator.clear_requests()
    billing.seats.add("org_1", "dan")
    billing.seats.remove("org_1", "dan")
    billing.seats.add("org_1", "ann")
    billing.seats.remove("org_1", "nobody")
    watch.advance(seconds=2)
    assert billing.seats.sweep().failed == {}
    assert stripe_emulator.count(method="POST") == 0
    assert at_stripe(billing, "org_1") == [3]


def test_who_they_are_and_what_happened(billing: Billing) -> None:
    """Seats have names, and a history."""
    billing.seats.sync("org_1", ["ben", "dan"])
    assert [one.id for one in billing.seats.members("org_1")] == ["ben", "dan"]
    told = [(one.what, one.holder_id) for one in billing.seats.history("org_1")]
    assert told[-3:] == [("left", "ann"), ("left", "cem"), ("joined", "dan")]
    assert at_stripe(billing, "org_1") == [2]


def test_the_maximum_bounds_members_and_invitations(billing: Billing) -> None:
    """The price allows fifty: the fifty-first is refused, by whatever way, and nothing is half done."""
    billing.seats.sync("org_1", [f"user_{number}" for number in range(48)])
    billing.seats.invite("org_1", "mail_1")
    billing.seats.add("org_1", "dan")
    with pytest.raises(Exception, match="has no free seat: of 50, 49 are held by members and 1 are kept"):
        billing.seats.add("org_1", "eve")
    with pytest.raises(SeatsOutOfRange):
        billing.seats.sync("org_1", [f"user_{number}" for number in range(51)])
    assert billing.seats.status("org_1").used == 50


def test_the_application_may_count_itself(
    opened: Callable[..., Billing], any_store_url: str, stripe_emulator: EmulatorClient, watch: Watch
) -> None:
    """With a hook its answer counts, so that members it keeps as deleted are not billed."""
    there = {"org_1": 7}
    billing = opened(store=any_store_url, count_members=there.__getitem__)
    subscribed(billing, "org_1", 3)
    assert billing.seats.sync("org_1").after == 7
    there["org_1"] = 6
    billing.seats.remove("org_1", "somebody")
    billing.seats.add("org_1", "somebody")
    watch.advance(seconds=2)
    assert [one.after for one in billing.seats.sweep().synced] == [6]
    assert billing.seats.count("org_1") == 6


def test_a_failure_is_kept_and_tried_again_later(
    billing: Billing, stripe_emulator: EmulatorClient, watch: Watch
) -> None:
    """Stripe is down: what is wanted is not lost, the reason is told, and a later sweep mends it by itself."""
    stripe_emulator.fail_next(503, method="POST", path="/v1/subscription_items/*", count=5)
    with pytest.raises(StripeUnavailable):
        billing.seats.sync("org_1", ["ann"])
    assert billing.seats.status("org_1").failure == "Stripe gave no answer (503)"
    assert billing.seats.sweep().synced == ()
    watch.advance(seconds=30)
    assert [one.after for one in billing.seats.sweep().synced] == [1]
    assert billing.seats.status("org_1").failure is None


def test_one_entitys_failure_keeps_no_other(billing: Billing, stripe_emulator: EmulatorClient, watch: Watch) -> None:
    """A sweep goes on, and says what failed."""
    subscribed(billing, "org_2", 1)
    for entity in ("org_1", "org_2"):
        billing.seats.sync(entity, ["ann"])
        billing.seats.add(entity, "dan")
    watch.advance(seconds=2)
    stripe_emulator.fail_next(503, method="POST", path="/v1/subscription_items/*", count=5)
    done = billing.seats.sweep()
    assert (len(done.synced), len(done.failed)) == (1, 1)


def test_a_declined_card_can_refuse_the_seat(
    opened: Callable[..., Billing], any_store_url: str, stripe_emulator: EmulatorClient
) -> None:
    """With error_if_incomplete nobody has a seat that was not paid."""
    policy = SeatPolicy(increase={"month": "always_invoice"}, payment_behavior="error_if_incomplete")
    billing = opened(store=any_store_url, seats=policy)
    subscribed(billing, "org_1", 3)
    billing.seats.sync("org_1", 3)
    customer = billing.customers.require("org_1").id
    client = billing._context.api._client
    bad = client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": bad.id}})
    with pytest.raises(StripeRefused):
        billing.seats.sync("org_1", 5)
    assert at_stripe(billing, "org_1") == [3]
    assert billing.seats.status("org_1").failure == "Stripe refused (card_declined)"


def test_what_was_paid_comes_back_free(billing: Billing, stripe_emulator: EmulatorClient, watch: Watch) -> None:
    """Three, one, three again, four: only the fourth is billed; after the renewal the second is billed anew."""
    stripe_emulator.clear_requests()
    for count in (1, 3, 4):
        billing.seats.sync("org_1", count)
    watch.advance(days=32)
    billing.seats.sync("org_1", 2)
    watch.advance(days=32)
    billing.seats.sync("org_1", 3)
    sent = stripe_emulator.requests(method="POST", path="/v1/subscription_items/*")
    told = [(one["params"]["quantity"], one["params"]["proration_behavior"]) for one in sent]
    assert told == [
        ("1", "none"),
        ("3", "none"),
        ("4", "create_prorations"),
        ("2", "none"),
        ("3", "create_prorations"),
    ]


def test_drift_is_mended(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """What somebody changed at the dashboard is set right by a sweep over everyone, with one update, and only once."""
    client = billing._context.api._client
    (subscription,) = billing.subscriptions.of("org_1")
    client.v1.subscription_items.update(subscription.items[0].id, {"quantity": 9})
    billing._context.cache.refresh(subscription.customer_id)
    assert billing.seats.sweep().synced == ()
    (done,) = billing.seats.sweep(everyone=True).synced
    assert (done.before, done.after) == (9, 3)
    assert billing.seats.sweep(everyone=True).synced == ()


def test_twenty_join_and_leave_at_once_while_stripe_fails(
    opened: Callable[..., Billing], any_store_url: str, billing: Billing, stripe_emulator: EmulatorClient, watch: Watch
) -> None:
    """Whatever fails on the way and whoever writes last, the quantity ends at the true count."""
    others = [opened(store=any_store_url) for _ in range(3)]
    for status, when in ((503, {"count": 7}), (429, {"count": 5, "skip": 3}), (500, {"count": 2, "skip": 9})):
        stripe_emulator.fail_next(status, method="POST", path="/v1/subscription_items/*", **when)
    stripe_emulator.cut_next("after", method="POST", path="/v1/subscription_items/*", count=3, skip=2)

    def act(number: int) -> None:
        mine = others[number % 3]
        mine.seats.add("org_1", f"user_{number}")
        if number % 4 == 0:
            mine.seats.remove("org_1", f"user_{number}")
        watch_free: Any = mine.seats.sweep
        mine.seats.status("org_1")
        watch_free()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(act, range(20)))
    for _ in range(6):
        watch.advance(seconds=4000)
        billing.seats.sweep()
    assert at_stripe(billing, "org_1") == [3 + 15]
    assert not billing.seats.status("org_1").pending
