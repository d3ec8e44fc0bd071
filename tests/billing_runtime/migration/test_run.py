"""Carrying a plan out: what is sent, what is kept, what fails, and how fast it goes."""

from __future__ import annotations

from typing import Any

import pytest

from billing_runtime import MigrationRefused, MigrationStopped, PermissionMissing
from billing_runtime.migration import Pacing, Policy, Report
from billing_runtime.migration.record import read_record
from tests.billing_runtime.migration.conftest import BEGINNING, Shop

ONE = Pacing(at_once=1)
ON = Pacing(at_once=1, keep_going=True)


def moved(shop: Shop, target: str | None = None, pacing: Pacing = ONE, **policy: Any) -> Report:
    """Plan and run."""
    migrations = shop.migrations()
    return migrations.run(migrations.plan(shop.old, target, Policy(**policy)), shop.journal, pacing)


def result(report: Report) -> dict[str, Any]:
    """The result as published."""
    found: dict[str, Any] = report.as_json()["result"]
    return found


def changes(shop: Shop) -> list[dict[str, Any]]:
    """What was sent to subscriptions."""
    return [one["params"] for one in shop.emulator.requests(method="POST", path="/v1/subscriptions/sub_*")]


def failing_card(shop: Shop, name: str) -> None:
    """The customer's card is declined from now on."""
    customer = shop.subscription(name)["customer"]
    shop.client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    cards = shop.client.v1.customers.payment_methods.list(customer).data
    card = next(one.id for one in cards if one.card and one.card.last4 == "0341")
    shop.client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": card}})


@pytest.mark.parametrize("at_once", [1, 4])
def test_everybody_moves_with_all_they_have(shop: Shop, at_once: int) -> None:
    """Quantity, trial, metadata, period and other items are as before; only the price is another."""
    names = [shop.subscribe(number, metadata={"team": str(number)}) for number in range(1, 6)]
    names.append(shop.subscribe(7, trial_period_days=5))
    before = [shop.subscription(name) for name in names]
    shop.archive()
    report = moved(shop, pacing=Pacing(batch=4, at_once=at_once))
    assert result(report)["moved"] == 6
    assert [shop.lines(name) for name in names] == [{shop.new: number} for number in (1, 2, 3, 4, 5, 7)]
    for old, now in zip(before, map(shop.subscription, names), strict=True):
        assert {key: value for key, value in now.items() if key != "items"} == {
            key: value for key, value in old.items() if key != "items"
        }
        [was], [is_] = old["items"]["data"], now["items"]["data"]
        kept = ("id", "current_period_start", "current_period_end", "metadata", "created")
        assert [is_[name] for name in kept] == [was[name] for name in kept]


def test_two_calls_each_and_nothing_more_is_sent(shop: Shop) -> None:
    """A read and a write: the item, its price, its quantity, the proration."""
    name = shop.subscribe(3)
    migrations = shop.migrations()
    plan = migrations.plan(shop.old, None, Policy())
    shop.emulator.clear_requests()
    migrations.run(plan, shop.journal, ONE)
    item = plan.moves[0].item
    assert shop.emulator.counts() == {
        "GET /v1/subscriptions/{subscription_exposed_id}": 1,
        "POST /v1/subscriptions/{subscription_exposed_id}": 1,
    }
    assert changes(shop) == [
        {"items": {"0": {"id": item, "price": shop.new, "quantity": "3"}}, "proration_behavior": "none"}
    ]
    assert shop.moves_written(name) == 1


def test_prorations_have_the_moment_of_the_attempt(shop: Shop) -> None:
    """It lies in the running period even where clocks differ, and who cannot pay at once stays."""
    shop.subscribe(3)
    shop.now = BEGINNING + 100
    moved(shop, proration="always_invoice")
    [sent] = changes(shop)
    assert sent["proration_date"] == str(BEGINNING + 100)
    assert (sent["payment_behavior"], sent["off_session"]) == ("error_if_incomplete", "true")


def test_a_clock_that_is_behind_stays_in_the_period(shop: Shop) -> None:
    """Stripe refuses prorations outside of it."""
    shop.subscribe(3)
    shop.now = BEGINNING - 3600
    assert result(moved(shop, proration="create_prorations"))["moved"] == 1
    assert changes(shop)[0]["proration_date"] == str(BEGINNING)


def test_a_quantity_that_changed_since_the_plan_is_kept(shop: Shop) -> None:
    """It is read right before the write."""
    name = shop.subscribe(3)
    migrations = shop.migrations()
    plan = migrations.plan(shop.old, None, Policy())
    shop.buy(name, 8)
    report = migrations.run(plan, shop.journal, ONE)
    assert shop.lines(name) == {shop.new: 8}
    assert (report.plan.totals[0].after, result(report)["currencies"]["usd"]["monthly_after"]) == (4200, "11200")


def test_what_changed_otherwise_since_the_plan_is_left(shop: Shop) -> None:
    """Ended, on a schedule, or moved by somebody else: each with its reason, and nothing is written to it."""
    ended, managed, others = shop.subscribe(), shop.subscribe(), shop.subscribe()
    migrations = shop.migrations()
    plan = migrations.plan(shop.old, None, Policy())
    shop.client.v1.subscriptions.cancel(ended)
    shop.changed(managed, schedule="sub_sched_1")
    [item] = shop.subscription(others)["items"]["data"]
    shop.client.v1.subscription_items.update(item["id"], {"price": shop.new})
    shop.emulator.clear_requests()
    report = migrations.run(plan, shop.journal, ONE)
    reasons = {reason: one["subscriptions"] for reason, one in result(report)["skipped"].items()}
    assert reasons == {"canceled": [ended], "schedule": [managed], "already_moved": [others]}
    assert changes(shop) == []


def test_a_failed_payment_leaves_its_customer_and_ends_the_run(shop: Shop) -> None:
    """Without --keep-going nothing new begins; the failure has Stripe's code and words."""
    rest, poor = shop.subscribe(2), shop.subscribe(3)
    failing_card(shop, poor)
    report = moved(shop, proration="always_invoice")
    found = result(report)
    assert (found["moved"], found["remaining"]) == (0, 1)
    [failed] = found["failed"]
    assert (failed["subscription"], failed["status"], failed["code"], failed["unknown"]) == (
        poor,
        402,
        "card_declined",
        False,
    )
    assert f"Stripe refused to move the subscription {poor}: Your card was declined." in failed["message"]
    assert (shop.lines(poor), shop.lines(rest)) == ({shop.old: 3}, {shop.old: 2})
    assert shop.subscription(poor)["status"] == "active"


def test_with_keep_going_the_others_move(shop: Shop) -> None:
    """One failure is one failure."""
    rest, poor = shop.subscribe(2), shop.subscribe(3)
    failing_card(shop, poor)
    found = result(moved(shop, pacing=ON, proration="always_invoice"))
    assert (found["moved"], len(found["failed"]), found["remaining"]) == (1, 1, 0)
    assert shop.lines(rest) == {shop.new: 2}


def test_the_failed_are_tried_again_under_a_new_key(shop: Shop) -> None:
    """A refusal is kept under its key for a day; whoever can pay by then is moved."""
    poor = shop.subscribe(3)
    failing_card(shop, poor)
    moved(shop, proration="always_invoice")
    customer = shop.subscription(poor)["customer"]
    shop.client.v1.payment_methods.attach("pm_card_amex", {"customer": customer})
    cards = shop.client.v1.customers.payment_methods.list(customer).data
    good = next(one.id for one in cards if one.card and one.card.brand == "amex")
    shop.client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": good}})
    found = result(shop.migrations().resume(shop.journal, ONE))
    assert (found["moved"], found["failed"], found["remaining"]) == (1, [], 0)
    assert shop.lines(poor) == {shop.new: 3}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_troubles_pass(shop: Shop, status: int) -> None:
    """They are tried again, under the same key, also where Stripe keeps its 500 under that key."""
    name = shop.subscribe(3)
    path = f"/v1/subscriptions/{name}"
    shop.emulator.fail_next(status, path=path, method="POST")
    shop.emulator.fail_next(status, path=path, method="GET")
    assert result(moved(shop))["moved"] == 1
    assert (shop.lines(name), shop.moves_written(name)) == ({shop.new: 3}, 1)


def test_a_quantity_that_changes_between_two_attempts_is_kept(shop: Shop) -> None:
    """A repeated write has its own look right before it."""
    name = shop.subscribe(3)
    shop.emulator.fail_next(429, path=f"/v1/subscriptions/{name}", method="POST")
    migrations = shop.migrations(sleep=lambda _: shop.buy(name, 8))
    result_ = migrations.run(migrations.plan(shop.old, None, Policy()), shop.journal, ONE)
    assert result(result_)["moved"] == 1
    assert shop.lines(name) == {shop.new: 8}


@pytest.mark.parametrize("when", ["before", "after"])
def test_cut_connections_move_once(shop: Shop, when: str) -> None:
    """Whether Stripe had carried it out or not."""
    name = shop.subscribe(3)
    shop.emulator.cut_next(when, path=f"/v1/subscriptions/{name}", method="POST")
    assert result(moved(shop))["moved"] == 1
    assert (shop.lines(name), shop.moves_written(name)) == ({shop.new: 3}, 1)


def test_retries_are_bounded(shop: Shop) -> None:
    """Five attempts; then it is a failure whose outcome is not known, and a later run finds it out."""
    name = shop.subscribe(3)
    shop.emulator.cut_next("before", path=f"/v1/subscriptions/{name}", method="POST", count=5)
    [failed] = result(moved(shop))["failed"]
    assert (failed["unknown"], failed["status"]) == (True, None)
    assert "cannot be reached." in failed["message"]
    assert shop.emulator.count(method="POST", path=f"/v1/subscriptions/{name}") == 5
    found = result(shop.migrations().resume(shop.journal, ONE))
    assert (found["moved"], found["found"], found["failed"]) == (1, 1, [])
    assert shop.moves_written(name) == 1


def test_a_refusal_because_of_a_change_in_between_is_no_failure(shop: Shop) -> None:
    """Who ended between the look and the write stays, with that reason."""
    name = shop.subscribe(3)
    migrations = shop.migrations()
    plan = migrations.plan(shop.old, None, Policy())
    pause = shop.emulator.pause_next("before", path=f"/v1/subscriptions/{name}", method="POST")
    report = _with(shop, plan, pause, lambda: shop.client.v1.subscriptions.cancel(name))
    assert list(result(report)["skipped"]) == ["canceled"]
    assert result(report)["failed"] == []


def _with(shop: Shop, plan: Any, pause: Any, act: Any) -> Report:
    """Run a plan, and act while its write is held."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(shop.migrations().run, plan, shop.journal, ONE)
        pause.wait_until_reached()
        act()
        pause.release()
        return running.result()


def test_batches_are_separated_by_pauses(shop: Shop) -> None:
    """So many, then so long; none after the last."""
    for _ in range(5):
        shop.subscribe()
    slept: list[float] = []
    migrations = shop.migrations(sleep=slept.append)
    migrations.run(migrations.plan(shop.old, None, Policy()), shop.journal, Pacing(batch=2, pause=1.5, at_once=2))
    assert slept == [1.5, 1.5]


def test_seats_are_raised_to_the_minimum(shop: Shop) -> None:
    """Only if told to; otherwise they stay and are listed."""
    roomy = shop.price(1400, metadata={"billing:type": "per_seat", "billing:seats": "purchased minimum=3 maximum=5"})
    small, fitting, large = (shop.subscribe(quantity) for quantity in (1, 4, 6))
    plan = shop.migrations().plan(shop.old, roomy, Policy())
    assert {skip.reason: skip.detail for skip in plan.skips} == {
        "below_minimum": "1 of at least 3",
        "above_maximum": "6 of at most 5",
    }
    moved(shop, roomy, raise_to_minimum=True)
    assert [shop.lines(name) for name in (small, fitting, large)] == [{roomy: 3}, {roomy: 4}, {shop.old: 6}]


def test_another_interval_starts_a_period_if_allowed(shop: Shop) -> None:
    """And who cannot pay for it stays."""
    yearly = shop.price(12000, recurring={"interval": "year"})
    name, poor = shop.subscribe(2), shop.subscribe(1)
    failing_card(shop, poor)
    found = result(moved(shop, yearly, ON, allow_interval_change=True))
    assert (found["moved"], [one["subscription"] for one in found["failed"]]) == (1, [poor])
    assert (shop.lines(name), shop.lines(poor)) == ({yearly: 2}, {shop.old: 1})
    assert changes(shop)[0]["payment_behavior"] == "error_if_incomplete"


@pytest.mark.parametrize(
    ("allowed", "needed", "verb"),
    [
        ({}, "Account", "read"),
        ({"account": "read"}, "Prices", "read"),
        ({"account": "read", "prices": "read"}, "Subscriptions", "read"),
    ],
)
def test_a_missing_permission_is_named(shop: Shop, allowed: dict[str, str], needed: str, verb: str) -> None:
    """By the object and the verb, before anything is changed."""
    key = "rk_test_emulator_ci"
    shop.emulator.restrict(key, allowed)
    with pytest.raises(PermissionMissing, match=f"lacks the permission {needed}: {verb}") as missing:
        shop.migrations(api_key=key).plan(shop.old, None, Policy())
    assert (missing.value.object, missing.value.verb, key in str(missing.value)) == (needed, verb, False)


def test_a_permission_that_is_missing_at_the_write_stops_the_run(shop: Shop) -> None:
    """It would be missing for all the others, too; what is left to do is in the journal."""
    names = [shop.subscribe() for _ in range(3)]
    key = "rk_test_emulator_ci"
    shop.emulator.restrict(key, {"account": "read", "prices": "read", "subscriptions": "read"})
    migrations = shop.migrations(api_key=key)
    plan = migrations.plan(shop.old, None, Policy())
    with pytest.raises(MigrationStopped, match=r"lacks the permission Subscriptions: write.*--resume"):
        migrations.run(plan, shop.journal, Pacing(keep_going=True))
    assert len(read_record(shop.journal).todo) == 3
    assert result(shop.migrations().resume(shop.journal))["moved"] == 3
    assert all(shop.lines(name) == {shop.new: 1} for name in names)


def test_a_key_that_is_refused_stops_the_run(shop: Shop) -> None:
    """With keep_going as well."""
    for _ in range(3):
        shop.subscribe()
    migrations = shop.migrations()
    plan = migrations.plan(shop.old, None, Policy())
    shop.emulator.fail_next(401, path="/v1/subscriptions/*", count=None)
    with pytest.raises(MigrationStopped, match="The migration stopped there"):
        migrations.run(plan, shop.journal, ON)


def test_a_target_that_was_archived_meanwhile_is_refused(shop: Shop) -> None:
    """When a migration is taken up again, the prices must still fit."""
    shop.subscribe()
    shop.emulator.fail_next(400, path="/v1/subscriptions/sub_*", method="POST")
    moved(shop)
    shop.client.v1.prices.update(shop.new, {"active": False})
    with pytest.raises(MigrationRefused, match="is archived: Stripe puts nobody on an archived price"):
        shop.migrations().resume(shop.journal)


def test_what_is_over_stays_over(shop: Shop) -> None:
    """A second resume asks for the two prices only, and writes nothing."""
    shop.subscribe()
    moved(shop)
    before = shop.journal.read_bytes()
    shop.emulator.clear_requests()
    assert result(shop.migrations().resume(shop.journal))["moved"] == 1
    assert shop.journal.read_bytes() == before
    assert set(shop.emulator.counts()) == {"GET /v1/account", "GET /v1/prices/{price}"}
