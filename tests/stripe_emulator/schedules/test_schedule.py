"""Subscription schedules through the official client.

https://docs.stripe.com/billing/subscriptions/subscription-schedules
"""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.stripe_emulator.payments.collecting import (
    DAY,
    FEBRUARY_28,
    HOUR,
    JANUARY_31,
    Life,
    life,
    monthly,
    subscribed,
)
from tests.stripe_emulator.payments.paying import refusal, told

MARCH_31 = 1_774_958_400  # 2026-03-31T12:00:00Z
APRIL_30 = 1_777_550_400  # 2026-04-30T12:00:00Z
MONTH: Any = {"interval": "month"}


def phase(price: str, quantity: int = 1, **params: Any) -> Any:
    """Return a phase of one price, a month long unless said otherwise."""
    length = {} if "end_date" in params or "duration" in params else {"duration": MONTH}
    return {"items": [{"price": price, "quantity": quantity}], **length, **params}


def schedule(somebody: Life, *phases: Any, **params: Any) -> Any:
    """Schedule a subscription for somebody."""
    given: Any = {"customer": somebody.customer, "phases": list(phases), **params}
    made = somebody.client.v1.subscription_schedules.create(given)
    somebody.subscription = str(made.subscription or "")
    return made


def now(somebody: Life, made: Any) -> Any:
    """Return the schedule as it is now."""
    return somebody.client.v1.subscription_schedules.retrieve(made.id)


def totals(somebody: Life) -> list[tuple[int, str | None]]:
    """Return what all invoices come to and how they ended, oldest first."""
    found = somebody.client.v1.invoices.list({"customer": somebody.customer, "limit": 100}).data[::-1]
    return [(one.total, one.status) for one in found]


@pytest.mark.belief("a schedule starts its subscription, whose first invoice is charged an hour later", "D")
def test_starts_now(client: stripe.StripeClient) -> None:
    """The subscription is active and names its schedule; the phases follow each other."""
    somebody = life(client)
    price = monthly(client)
    made = schedule(somebody, phase(price, 2), phase(price, 3))
    assert (made.status, made.end_behavior, made.test_clock) == ("active", "release", somebody.clock)
    assert (made.current_phase.start_date, made.current_phase.end_date) == (JANUARY_31, FEBRUARY_28)
    assert [(one.start_date, one.end_date) for one in made.phases] == [
        (JANUARY_31, FEBRUARY_28),
        (FEBRUARY_28, FEBRUARY_28 + 28 * DAY),
    ]
    found = client.v1.subscriptions.retrieve(somebody.subscription)
    assert (found.status, found.schedule, totals(somebody)) == ("active", made.id, [(2400, "draft")])
    somebody.to(JANUARY_31 + HOUR)
    assert totals(somebody) == [(2400, "paid")]


@pytest.mark.belief(
    "where a phase begins with a period, the renewal bills what the new phase says, without prorations", "D"
)
def test_phases_follow_each_other(client: stripe.StripeClient) -> None:
    """One month of one seat, then dearer, then two prices; each renewal is billed once and to the cent."""
    somebody = life(client)
    cheap, dear, extra = monthly(client, 1200), monthly(client, 2500), monthly(client, 300)
    both: Any = {"items": [{"price": dear}, {"price": extra, "quantity": 2}], "end_date": APRIL_30}
    made = schedule(
        somebody, phase(cheap, end_date=FEBRUARY_28), phase(dear, end_date=MARCH_31, metadata={"plan": "dear"}), both
    )
    somebody.to(FEBRUARY_28 + HOUR)
    assert totals(somebody) == [(1200, "paid"), (2500, "paid")]
    assert client.v1.subscriptions.retrieve(somebody.subscription).metadata.to_dict() == {"plan": "dear"}
    assert now(somebody, made).current_phase.start_date == FEBRUARY_28
    somebody.to(MARCH_31 + HOUR)
    assert totals(somebody)[2:] == [(2500 + 600, "paid")]
    somebody.to(APRIL_30 + HOUR)
    assert totals(somebody)[3:] == [(2500 + 600, "paid")]
    after = now(somebody, made)
    assert (after.status, after.subscription, after.released_subscription, after.released_at) == (
        "released",
        None,
        somebody.subscription,
        APRIL_30,
    )
    assert client.v1.subscriptions.retrieve(somebody.subscription).schedule is None
    assert told(client, "subscription_schedule") == [
        "subscription_schedule.created",
        "subscription_schedule.updated",
        "subscription_schedule.updated",
        "subscription_schedule.expiring",
        "subscription_schedule.released",
    ]


@pytest.mark.belief("a phase begins before the renewal of the same moment, however short the period is", "D")
def test_phase_comes_before_the_renewal(client: stripe.StripeClient) -> None:
    """A week at 12.00, and the next one at 25.00, not the other way round."""
    somebody = life(client)
    week: Any = {"interval": "week"}
    cheap, dear = monthly(client, 1200, interval="week"), monthly(client, 2500, interval="week")
    schedule(somebody, phase(cheap, duration=week), phase(dear, duration=week))
    somebody.to(JANUARY_31 + 7 * DAY + HOUR)
    assert totals(somebody) == [(1200, "paid"), (2500, "paid")]


@pytest.mark.belief("a phase that begins within a period is prorated as it says", "D")
@pytest.mark.parametrize(
    ("behavior", "billed"),
    [("create_prorations", [1200, 3000]), ("always_invoice", [1200, 600, 2400]), ("none", [1200, 2400])],
)
def test_phase_within_a_period(client: stripe.StripeClient, behavior: str, billed: list[int]) -> None:
    """After 14 of 28 days one seat becomes two: 6.00 more for the rest, at once, with the renewal, or never."""
    somebody, price = life(client), monthly(client)
    half = JANUARY_31 + 14 * DAY
    schedule(somebody, phase(price, end_date=half), phase(price, 2, end_date=APRIL_30, proration_behavior=behavior))
    somebody.to(FEBRUARY_28 + HOUR)
    assert [total for total, _ in totals(somebody)] == billed


@pytest.mark.belief("a schedule may begin later: until then there is no subscription", "D S")
def test_starts_later(client: stripe.StripeClient) -> None:
    """On its day the subscription begins, and the schedule is active."""
    somebody = life(client)
    made = schedule(somebody, phase(monthly(client)), start_date=JANUARY_31 + 5 * DAY)
    assert (made.status, made.subscription, made.current_phase) == ("not_started", None, None)
    assert [
        one.id for one in client.v1.subscription_schedules.list({"scheduled": True, "customer": somebody.customer}).data
    ] == [made.id]
    somebody.to(JANUARY_31 + 5 * DAY)
    after = now(somebody, made)
    assert (after.status, after.current_phase.start_date) == ("active", JANUARY_31 + 5 * DAY)
    somebody.subscription = after.subscription
    assert (somebody.status, client.v1.subscription_schedules.list({"scheduled": True}).data) == ("active", [])


@pytest.mark.belief("end_behavior cancel ends the subscription with the last phase", "M")
def test_ends_with_the_last_phase(client: stripe.StripeClient) -> None:
    """The schedule is completed, and nothing is billed afterwards."""
    somebody = life(client)
    made = schedule(somebody, phase(monthly(client)), end_behavior="cancel")
    somebody.to(FEBRUARY_28 + 40 * DAY)
    after = now(somebody, made)
    assert (after.status, after.completed_at, somebody.status) == ("completed", FEBRUARY_28, "canceled")
    assert totals(somebody) == [(1200, "paid")]
    assert told(client, "subscription_schedule")[-1] == "subscription_schedule.completed"


@pytest.mark.belief("a schedule can be made of a running subscription, and gets its further phases by an update", "D S")
def test_from_subscription(client: stripe.StripeClient) -> None:
    """The first phase is the period that runs; the second one is dearer."""
    somebody = subscribed(life(client))
    made: Any = client.v1.subscription_schedules.create({"from_subscription": somebody.subscription})
    running = made.phases[0]
    assert (made.status, running.start_date, running.end_date) == ("active", JANUARY_31, FEBRUARY_28)
    assert client.v1.subscriptions.retrieve(somebody.subscription).schedule == made.id
    first = phase(running["items"][0].price, start_date=JANUARY_31, end_date=FEBRUARY_28)
    phases: Any = [first, phase(monthly(client, 2500), end_date=MARCH_31)]
    updated: Any = client.v1.subscription_schedules.update(
        made.id, {"phases": phases, "end_behavior": "cancel", "metadata": {"a": "b"}}
    )
    assert (len(updated.phases), updated.end_behavior, updated.metadata["a"]) == (2, "cancel", "b")
    somebody.to(FEBRUARY_28 + HOUR)
    assert totals(somebody) == [(1200, "paid"), (2500, "paid")]
    error = refusal(lambda: client.v1.subscription_schedules.create({"from_subscription": somebody.subscription}))
    assert (error.http_status, error.param) == (400, "from_subscription")
    somebody.to(MARCH_31)
    assert somebody.status == "canceled"


@pytest.mark.belief(
    "an update of the phase that runs changes the subscription at once, prorated as the request says", "D S"
)
def test_update_of_the_running_phase(client: stripe.StripeClient) -> None:
    """In the middle of the period one seat becomes three, invoiced at once: 12.00 more."""
    somebody, price = life(client), monthly(client)
    made = schedule(somebody, phase(price))
    somebody.to(JANUARY_31 + 14 * DAY)
    phases: Any = [phase(price, 3, start_date=JANUARY_31)]
    client.v1.subscription_schedules.update(made.id, {"phases": phases, "proration_behavior": "always_invoice"})
    found = client.v1.subscriptions.retrieve(somebody.subscription)
    assert [item.quantity for item in found["items"].data] == [3]
    somebody.to(JANUARY_31 + 14 * DAY + HOUR)
    assert totals(somebody) == [(1200, "paid"), (1200, "paid")]


@pytest.mark.belief("a released schedule leaves its subscription alone; a canceled one ends it", "D S")
@pytest.mark.parametrize(("verb", "status"), [("release", "active"), ("cancel", "canceled")])
def test_end_by_hand(client: stripe.StripeClient, verb: str, status: str) -> None:
    """Either way no further phase begins, and a second time there is nothing to end."""
    somebody, price = life(client), monthly(client)
    made = schedule(somebody, phase(price), phase(price, 5))
    somebody.to(JANUARY_31 + HOUR)
    end = getattr(client.v1.subscription_schedules, verb)
    assert end(made.id).status == {"release": "released", "cancel": "canceled"}[verb]
    assert somebody.status == status
    somebody.to(FEBRUARY_28 + HOUR)
    assert totals(somebody)[-1][0] == (1200 if verb == "release" else totals(somebody)[-1][0])
    assert refusal(lambda: end(made.id)).http_status == 400
    assert (
        refusal(lambda: client.v1.subscription_schedules.update(made.id, {"metadata": {"a": "b"}})).http_status == 400
    )


@pytest.mark.belief("a subscription's end cancels its schedule; where nobody paid, the schedule is aborted", "D S")
def test_end_of_the_subscription(client: stripe.StripeClient) -> None:
    """Canceled by hand it is canceled, and for want of payment it is aborted as well."""
    somebody, price = life(client), monthly(client)
    made = schedule(somebody, phase(price), phase(price))
    client.v1.subscriptions.cancel(somebody.subscription)
    assert now(somebody, made).status == "canceled"
    assert told(client, "subscription_schedule")[-1] == "subscription_schedule.canceled"
    another = life(client, "pm_card_chargeCustomerFail")
    long = schedule(another, phase(price, duration={"interval": "year"}))
    another.to(JANUARY_31 + HOUR + 15 * DAY)
    assert (another.status, now(another, long).status) == ("canceled", "canceled")
    assert "subscription_schedule.aborted" in told(client, "subscription_schedule")


@pytest.mark.belief("a phase may be a trial, carry a discount, and name how it is paid", "D S")
def test_settings_of_a_phase(client: stripe.StripeClient) -> None:
    """A free month, then one at half price, then the whole one, sent by invoice at the schedule's default."""
    somebody, price = life(client), monthly(client)
    half = client.v1.coupons.create({"percent_off": 50, "duration": "forever"}).id
    defaults: Any = {"collection_method": "charge_automatically", "description": "Team"}
    sent: Any = {"collection_method": "send_invoice", "invoice_settings": {"days_until_due": 7}}
    made = schedule(
        somebody,
        phase(price, end_date=FEBRUARY_28, trial=True),
        phase(price, end_date=FEBRUARY_28 + 28 * DAY, discounts=[{"coupon": half}]),
        phase(price, duration=MONTH, **sent),
        default_settings=defaults,
    )
    assert (made.phases[0].trial_end, somebody.status) == (FEBRUARY_28, "trialing")
    assert client.v1.subscriptions.retrieve(somebody.subscription).description == "Team"
    somebody.to(FEBRUARY_28 + HOUR)
    assert (somebody.status, totals(somebody)[-1]) == ("active", (600, "paid"))
    somebody.to(FEBRUARY_28 + 28 * DAY)
    found = client.v1.subscriptions.retrieve(somebody.subscription)
    assert (found.collection_method, found.days_until_due, found.discounts) == ("send_invoice", 7, [])


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"phases": []}, "phases"),
        ({"phases": [{"duration": MONTH}]}, "phases[0][items]"),
        ({"end_behavior": "renew"}, "end_behavior=renew"),
        ({"start_date": JANUARY_31 - DAY}, "start_date in the past"),
        ({"customer": "cus_nope"}, "customer"),
        ({"phases": [{"items": [{"price": "price_nope"}]}]}, "phases[0][items][0][price]"),
    ],
)
def test_refusals(client: stripe.StripeClient, change: Any, param: str) -> None:
    """What no schedule can be is refused, and nothing is stored."""
    somebody = life(client)
    given: Any = {"customer": somebody.customer, "phases": [phase(monthly(client))], **change}
    error = refusal(lambda: client.v1.subscription_schedules.create(given))
    assert (error.http_status, error.param) == (400, param)
    assert client.v1.subscription_schedules.list({"customer": somebody.customer}).data == []


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"end_date": FEBRUARY_28, "duration": MONTH}, "phases[0][end_date]"),
        ({"end_date": JANUARY_31}, "phases[0][end_date]"),
        ({"transfer_data": {"destination": "acct_1"}}, "phases[0][transfer_data]"),
        ({"default_payment_method": "pm_nope"}, "phases[0][default_payment_method]"),
    ],
)
def test_refused_phases(client: stripe.StripeClient, wrong: Any, param: str) -> None:
    """A phase ends once, and after it begins."""
    somebody = life(client)
    error = refusal(lambda: schedule(somebody, {**phase(monthly(client), **wrong), **wrong}))
    assert (error.http_status, error.param) == (400, param)


def test_scheduled_subscription_is_not_paused(client: stripe.StripeClient) -> None:
    """A schedule decides when its subscription does what; further phases join the one that runs."""
    somebody, price = life(client), monthly(client)
    made = schedule(somebody, phase(price))
    assert refusal(lambda: client.v1.subscriptions.pause(somebody.subscription)).http_status == 400
    apart: Any = {"phases": [phase(price, start_date=JANUARY_31 + DAY)]}
    error = refusal(lambda: client.v1.subscription_schedules.update(made.id, apart))
    assert error.param == "phases[0][start_date]"
    both: Any = {"from_subscription": somebody.subscription, "end_behavior": "cancel"}
    assert refusal(lambda: client.v1.subscription_schedules.create(both)).param == "end_behavior"
