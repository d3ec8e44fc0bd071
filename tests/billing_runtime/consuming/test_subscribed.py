"""Counters of real subscriptions: renewed and changed at the emulated Stripe, told of by events, late or never."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.billing_runtime.conftest import BACKENDS, create_price
from tests.billing_runtime.conftest import price as priced
from tests.billing_runtime.consuming.conftest import limit
from tests.billing_runtime.consuming.test_consume import rows
from tests.billing_runtime.inbox.conftest import SECRET, about, event, signature

if TYPE_CHECKING:
    import stripe

    from billing_runtime import Billing, Consumption
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
_entities = count()


class Shop:
    """An application whose clock is Stripe's; of what happens there it hears only when it is told."""

    def __init__(self, emulator: EmulatorClient) -> None:
        self.now, self._emulator = datetime(2026, 3, 1, 12, tzinfo=UTC), emulator
        self.billing: Billing
        self.pass_()

    def clock(self) -> datetime:
        """Now."""
        return self.now

    def pass_(self, **length: float) -> None:
        """Time goes by, here and at Stripe, which renews what is to be renewed."""
        self.now += timedelta(**length)
        self._emulator.clock.set(int(self.now.timestamp()))

    def tell(self, entity_id: str) -> None:
        """The event of a change arrives, and is worked on."""
        billing = self.billing
        held, customer = billing.subscription(entity_id), billing.customers.require(entity_id).id
        created = int(self.now.timestamp())
        body = event("customer.subscription.updated", about(str(held.id), customer), created=created)
        payload = json.dumps(body).encode()
        billing.webhook(payload, signature(payload, created, SECRET))
        billing.worker().once()
        assert (billing.inbox.waiting(), billing.inbox.dead()) == ([], [])

    def subscribed(self, plan: str) -> str:
        """Another entity, on a plan from now on."""
        entity_id = f"org_{next(_entities)}"
        self.billing.customers.ensure(entity_id, kind="organization")
        self.billing.subscribe(entity_id, plan=plan, interval="month")
        self.billing.sync(entity_id)
        return entity_id

    def change(self, entity_id: str, plan: str, interval: str = "month", *, told: bool = True) -> None:
        """The plan is changed now; the event comes at once, or not at all."""
        self.billing.change_plan(entity_id, plan=plan, interval=interval, when="now")
        if told:
            self.tell(entity_id)

    def images(self, entity_id: str) -> Consumption:
        """What was used of the limit that is counted by the period."""
        return self.billing.consumption(entity_id, "images")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """What must be so on every backend, of those that keep a record."""
    return str(request.param)


@pytest.fixture
def carry(request: pytest.FixtureRequest) -> str:
    """What a change of plan does with what is used."""
    return str(getattr(request, "param", "carry"))


@pytest.fixture
def shop(
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
    any_store_url: str,
    carry: str,
) -> Shop:
    """Two plans that cost nothing, by the month and by the year: small has 100 images a period, large has 1,000."""
    data = provisioned
    for rank, (name, size) in enumerate((("small", 100), ("large", 1000)), start=3):
        data["products"][name] = {"id": stripe_client.v1.products.create({"name": name}).id}
        limits = {"images": limit(size, per="period", carry=carry), "drafts": limit(size, per="month", carry=carry)}
        for interval in ("month", "year"):
            facts = priced(product=name, unit_amount_decimal="0", interval=interval, limits=limits)
            data["prices"][f"{name}.{interval}"] = facts | {"id": create_price(stripe_client, data, name, facts).id}
        prices = [f"{name}.month", f"{name}.year"]
        plan = {"product": name, "rank": rank, "prices": prices, "limits": limits, "group": "sizes"}
        data["plans"][name] = data["plans"]["team"] | plan
    shop = Shop(stripe_emulator)
    keys: Json = {"api_base": stripe_emulator.url, "webhook_secrets": {"app": SECRET}}
    shop.billing = open_billing(manifest=data, store=any_store_url, clock=shop.clock, **keys)
    return shop


def test_a_renewal_that_nobody_told_of(shop: Shop) -> None:
    """The next window must be open on time, and stay as it is when the event comes days later."""
    org = shop.subscribed("small")
    assert shop.billing.consume(org, "images", 100)
    assert not shop.billing.consume(org, "images", 1)
    shop.pass_(days=31)
    made = shop.billing.consume(org, "images", 60)
    assert (made.usage, made.resets_at) == (60, datetime(2026, 5, 1, 12, tzinfo=UTC))
    shop.pass_(days=3)
    shop.tell(org)
    assert (shop.images(org).usage, shop.images(org).resets_at) == (60, made.resets_at)
    assert not shop.billing.consume(org, "images", 41)


def test_up_down_and_back_mints_nothing(shop: Shop) -> None:
    """What was used must stay used under every plan of the window."""
    org = shop.subscribed("small")
    shop.billing.consume(org, "images", 80)
    for plan, left in (("large", 920), ("small", 20), ("large", 920)):
        shop.change(org, plan)
        assert (shop.images(org).usage, shop.images(org).remaining) == (80, left)
    assert shop.billing.consume(org, "images", 920)
    shop.change(org, "small")
    assert (shop.images(org).remaining, shop.images(org).overage) == (0, 900)
    shop.pass_(days=31)
    assert shop.images(org).remaining == 100


@pytest.mark.parametrize("carry", ["reset"], indirect=True)
def test_a_plan_begins_at_nothing_once(shop: Shop) -> None:
    """With `reset` a new plan must begin at 0, and whoever comes back to one must find what had been counted."""
    org = shop.subscribed("small")
    shop.billing.consume(org, "images", 100)
    shop.change(org, "large")
    assert shop.images(org).remaining == 1000
    shop.billing.consume(org, "images", 400)
    shop.change(org, "small")
    assert (shop.images(org).usage, shop.images(org).remaining) == (500, 0)
    shop.change(org, "large")
    assert shop.images(org).remaining == 600


@pytest.mark.parametrize("carry", ["prorate"], indirect=True)
def test_the_time_of_the_change_counts(shop: Shop) -> None:
    """Each plan must have its share by the time of the event, whenever the next use is, and if there never was one."""
    used, idle = shop.subscribed("small"), shop.subscribed("small")
    for org in (used, idle):
        shop.tell(org)
    shop.billing.consume(used, "images", 1)
    shop.pass_(days=31 * 4 / 5)
    for org in (used, idle):
        shop.change(org, "large")
    shop.pass_(days=5)
    shares = 100 * 4 // 5 + 1000 // 5
    assert (shop.images(used).limit, shop.images(idle).limit) == (shares, shares)
    assert shop.billing.consume(idle, "images", 10).limit == shares
    shop.pass_(days=5)
    assert shop.images(idle).limit == 1000


@pytest.mark.parametrize("carry", ["prorate"], indirect=True)
def test_a_change_in_a_window_in_which_nothing_was_used(shop: Shop) -> None:
    """The plan that was left must have its share of the new window also if nobody had looked since the last one."""
    org = shop.subscribed("small")
    shop.billing.consume(org, "images", 1)
    shop.pass_(days=31 + 15)
    shop.change(org, "large")
    shop.pass_(days=5)
    assert shop.images(org).limit == 550


def test_another_interval_takes_along_what_was_used(shop: Shop) -> None:
    """Stripe begins a year anew where it was a month: the use must go along, whether or not the event has come."""
    for told in (True, False):
        org = shop.subscribed("small")
        shop.billing.consume(org, "images", 70)
        shop.pass_(days=10)
        shop.change(org, "small", "year", told=told)
        found = shop.images(org)
        assert (found.usage, found.window_start, found.remaining) == (70, shop.now, 30)
        assert found.resets_at == shop.now.replace(year=shop.now.year + 1)


def test_months_inside_a_year(shop: Shop) -> None:
    """A limit by the month must begin anew each month of a yearly plan, and one by the period must not."""
    org = shop.subscribed("small")
    shop.change(org, "small", "year")
    for name in ("images", "drafts"):
        shop.billing.consume(org, name, 100)
    shop.pass_(days=31)
    assert not shop.billing.consume(org, "images")
    assert shop.billing.consume(org, "drafts", 100).resets_at == datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_who_cancels_and_comes_back_has_used_what_he_used(shop: Shop) -> None:
    """A new subscription in the same days must not be a new allowance."""
    org = shop.subscribed("small")
    shop.billing.consume(org, "images", 90)
    shop.billing.cancel(org, when="now")
    assert not shop.billing.consume(org, "images")
    shop.pass_(days=1)
    shop.billing.subscribe(org, plan="small", interval="month")
    shop.billing.sync(org)
    assert (shop.images(org).usage, shop.images(org).remaining) == (90, 10)


STEPS = st.lists(
    st.tuples(st.just("consume"), st.integers(1, 400), st.booleans())
    | st.tuples(st.just("refund"), st.integers(0, 9))
    | st.tuples(st.just("change"), st.sampled_from(["small", "large"]), st.booleans())
    | st.tuples(st.just("pass"), st.sampled_from([0.5, 4, 12, 31]))
    | st.just(("tell",)),
    min_size=5,
    max_size=12,
)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(STEPS)
def test_any_life_of_a_subscription(shop: Shop, steps: list[Any]) -> None:
    """Usage must be what decisions of the window took, and enforced ones never pass the plan, whoever was told what."""
    org = shop.subscribed("small")
    made: list[tuple[datetime, str, int]] = []
    for kind, *values in steps:
        found = shop.images(org)
        if kind == "consume":
            amount, enforce = values
            decision = shop.billing.consume(org, "images", amount, enforce=enforce)
            assert bool(decision) == (not enforce or amount <= (found.remaining or 0))
            made += [(found.window_start, str(decision.receipt), amount)] if decision else []
        elif kind == "refund" and made:
            _, receipt, _ = made.pop(values[0] % len(made))
            shop.billing.refund(receipt)
        elif kind == "change" and (held := shop.billing.subscription(org).plan) and held.key != values[0]:
            shop.change(org, values[0], told=values[1])
        elif kind == "pass":
            shop.pass_(days=values[0])
        elif kind == "tell":
            shop.tell(org)
        found = shop.images(org)
        assert found.usage == sum(amount for window, _, amount in made if window == found.window_start)
    assert all(int(row["used"]) >= 0 for row in rows(shop.billing, "counter_window", org))
