"""Replacing a price: its lookup key and its product's default move on, and no reader ever finds none or two."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine
from tests.billing_resources.programs import data, meter, metered, price, product

KEY = "team_monthly"


def default_of(client: stripe.StripeClient, engine: Engine) -> Any:
    """The default price of the product."""
    return client.v1.products.retrieve(engine.of("Product.team").id).default_price


@pytest.mark.rule("replaced", "Price")
def test_a_new_amount_is_a_new_price(engine: Engine, client: stripe.StripeClient) -> None:
    """The new price has the lookup key, and the old one is archived without it."""
    engine.up(product(), price(lookup_key=KEY))
    old = engine.of("Price.monthly").id
    assert engine.up(product(), price(lookup_key=KEY, unit_amount=1500))["Price.monthly"] == "replace"
    new = client.v1.prices.retrieve(engine.of("Price.monthly").id)
    assert (new.id != old, new.active, new.lookup_key, new.unit_amount) == (True, True, KEY, 1500)
    gone = client.v1.prices.retrieve(old)
    assert (gone.active, gone.lookup_key) == (False, None)
    assert engine.up(product(), price(lookup_key=KEY, unit_amount=1500))["Price.monthly"] == "same"


@pytest.mark.rule("replaced", "Price")
@pytest.mark.parametrize(
    "change",
    [
        {"currency": "eur"},
        {"recurring": {"interval": "year"}},
        {"recurring": None},
        {"transform_quantity": {"divide_by": 10, "round": "up"}},
        {"unit_amount_decimal": "1200.5"},
    ],
)
def test_what_stripe_cannot_change_replaces(change: dict[str, Any], ours: Engine) -> None:
    """Every immutable field makes a new price, and then nothing is left to do."""
    ours.up(product(), price())
    assert ours.up(product(), price(**change))["Price.monthly"] == "replace"
    assert ours.up(product(), price(**change))["Price.monthly"] == "same"


def test_the_default_moves_in_three_writes(
    engine: Engine, account: EmulatorClient, client: stripe.StripeClient
) -> None:
    """Create, move the default, archive: three writes, also where the host is not told the URN."""
    engine.up(product(), price(lookup_key=KEY, default=True))
    account.clear_requests()
    engine.up(product(), price(lookup_key=KEY, default=True, unit_amount=1500))
    assert account.count(method="POST") == 3
    assert default_of(client, engine) == engine.of("Price.monthly").id


def test_without_a_default_it_is_two_writes(ours: Engine, account: EmulatorClient) -> None:
    """Create and archive."""
    ours.up(product(), price(lookup_key=KEY))
    account.clear_requests()
    ours.up(product(), price(lookup_key=KEY, unit_amount=1500))
    assert account.count(method="POST") == 2


def test_a_default_that_nobody_declared_moves_as_well(engine: Engine, client: stripe.StripeClient) -> None:
    """A default set in the Dashboard follows its price, since Stripe refuses to archive a default."""
    engine.up(product(), price())
    client.v1.products.update(engine.of("Product.team").id, {"default_price": engine.of("Price.monthly").id})
    engine.up(product(), price(unit_amount=1500))
    assert default_of(client, engine) == engine.of("Price.monthly").id


def test_readers_always_find_exactly_one(ours: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """Before, between and after the three writes there is one active price under the lookup key."""
    ours.up(product(), price(lookup_key=KEY, default=True))
    pauses = [account.pause_next(method="POST") for _ in range(3)]
    amounts = []
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(ours.up, product(), price(lookup_key=KEY, default=True, unit_amount=1500))
        for pause in pauses:
            pause.wait_until_reached()
            amounts.append(_active_amounts(client))
            pause.release()
        run.result()
    assert [*amounts, _active_amounts(client)] == [[1200], [1500], [1500], [1500]]


def _active_amounts(client: stripe.StripeClient) -> list[int | None]:
    return [one.unit_amount for one in client.v1.prices.list({"lookup_keys": [KEY], "active": True}).data]


def test_default_costs_one_more_write(engine: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """Stripe takes a default only with the product, so such a create is two writes."""
    engine.up(product())
    account.clear_requests()
    engine.up(product(), price(default=True))
    assert account.count(method="POST") == 2
    assert default_of(client, engine) == engine.of("Price.monthly").id


@pytest.mark.parametrize("first", ["a", "b"])
def test_the_default_moves_between_prices(first: str, engine: Engine, client: stripe.StripeClient) -> None:
    """Whichever of the two is updated first, the declared one is the default at the end."""
    second = "b" if first == "a" else "a"
    engine.up(product(), price(first, default=True), price(second))
    engine.up(product(), price(first), price(second, default=True))
    assert default_of(client, engine) == engine.of(f"Price.{second}").id
    assert set(engine.up(product(), price(first), price(second, default=True)).values()) == {"same"}


def test_a_default_that_is_no_longer_declared_is_cleared(engine: Engine, client: stripe.StripeClient) -> None:
    """Removing ``default`` leaves the product without one."""
    engine.up(product(), price(default=True))
    assert engine.up(product(), price())["Price.monthly"] == "update"
    assert default_of(client, engine) is None


def test_another_default_is_not_cleared(ours: Engine, client: stripe.StripeClient) -> None:
    """Only a default that still is this price is given up."""
    ours.up(product(), price("a", default=True), price("b"))
    client.v1.products.update(ours.of("Product.team").id, {"default_price": ours.of("Price.b").id})
    ours.up(product(), price("a"), price("b"))
    assert default_of(client, ours) == ours.of("Price.b").id


def test_drift_of_the_default(engine: Engine, client: stripe.StripeClient) -> None:
    """A default that was moved in the Dashboard is found by refresh and moved back by the next run."""
    engine.up(product(), price(default=True))
    client.v1.products.update(engine.of("Product.team").id, {"default_price": ""})
    assert engine.refresh()["Price.monthly"] == "update"
    engine.up(product(), price(default=True))
    assert default_of(client, engine) == engine.of("Price.monthly").id


def test_deleting_the_default_clears_it_first(engine: Engine, client: stripe.StripeClient) -> None:
    """Stripe refuses to archive a default price, so the product gives it up first."""
    engine.up(product(), price(default=True))
    old = engine.of("Price.monthly").id
    engine.up(product())
    assert default_of(client, engine) is None
    assert not client.v1.prices.retrieve(old).active


def test_back_and_forth(engine: Engine, client: stripe.StripeClient) -> None:
    """1200, 1500 and 1200 again within a day are three prices: no answer is replayed."""
    engine.up(product(), price(lookup_key=KEY))
    first = engine.of("Price.monthly").id
    engine.up(product(), price(lookup_key=KEY, unit_amount=1500))
    engine.up(product(), price(lookup_key=KEY))
    now = client.v1.prices.retrieve(engine.of("Price.monthly").id)
    assert (now.id != first, now.active, now.unit_amount, now.lookup_key) == (True, True, 1200, KEY)


def test_forced_replacement_keeps_the_living_object(ours: Engine, client: stripe.StripeClient) -> None:
    """``--replace`` calls Create without Diff and then Delete: what Create answers must not be deleted."""
    ours.up(product(), price(lookup_key=KEY))
    assert ours.up(product(), price(lookup_key=KEY), replace=("Price.monthly",))["Price.monthly"] == "replace"
    now = client.v1.prices.retrieve(ours.of("Price.monthly").id)
    assert (now.active, now.lookup_key) == (True, KEY)


def test_an_archived_successor_is_not_taken(ours: Engine, client: stripe.StripeClient) -> None:
    """Replacing twice in one process does not come back to what was archived in between."""
    ours.up(product(), price())
    with ours.host() as stub:
        for amount in (1500, 1200, 1500):
            ours.run(stub, product(), price(unit_amount=amount))
    now = client.v1.prices.retrieve(ours.of("Price.monthly").id)
    assert (now.active, now.unit_amount) == (True, 1500)
    assert [one.active for one in client.v1.prices.list().data].count(True) == 1


def test_tiers_and_metered_prices(ours: Engine, client: stripe.StripeClient) -> None:
    """A changed tier replaces; the new price has the tiers as declared, the last one open."""
    tiers = [{"up_to": 100, "unit_amount": 0}, {"up_to": "inf", "unit_amount_decimal": "0.5", "flat_amount": 500}]
    ours.up(product(), meter(), metered(tiers=tiers, tiers_mode="graduated"))
    tiers = [{"up_to": 200, "unit_amount": 0}, tiers[1]]
    changed = (product(), meter(), metered(tiers=tiers, tiers_mode="graduated"))
    assert ours.up(*changed)["Price.usage"] == "replace"
    now = data(client.v1.prices.retrieve(ours.of("Price.usage").id, {"expand": ["tiers"]}))
    assert [(one["up_to"], one["unit_amount_decimal"]) for one in now["tiers"]] == [(200, "0"), (None, "0.5")]
    assert ours.up(*changed)["Price.usage"] == "same"


def test_a_successor_that_is_no_default(engine: Engine, client: stripe.StripeClient) -> None:
    """A new amount and no default any more, in one change: the product has none."""
    engine.up(product(), price(default=True))
    engine.up(product(), price(unit_amount=1500))
    assert default_of(client, engine) is None


@pytest.mark.rule("replaced", "Price")
@pytest.mark.parametrize("default", ["a", "b"])
def test_several_prices_of_a_product_at_once(default: str, ours: Engine, client: stripe.StripeClient) -> None:
    """Each key has one active price, the new one; the default is the one declared now, whether it moved or stayed."""
    keys = ("a", "b", "c")
    ours.up(product(), *(price(key, lookup_key=key, default=key == "a") for key in keys))
    changed = [price(key, lookup_key=key, unit_amount=1500, default=key == default) for key in keys]
    ops = ours.up(product(), *changed)
    assert [ops[f"Price.{key}"] for key in keys] == ["replace"] * 3
    active = client.v1.prices.list({"active": True}).data
    assert sorted((str(one.lookup_key), one.unit_amount) for one in active) == [(key, 1500) for key in keys]
    assert default_of(client, ours) == ours.of(f"Price.{default}").id
    assert set(ours.refresh().values()) == set(ours.up(product(), *changed).values()) == {"same"}


@pytest.mark.rule("replaced", "Price")
def test_another_meter_replaces(ours: Engine) -> None:
    """What bills from another meter is another price."""
    meters = (meter(), meter("words", event_name="words"))
    ours.up(product(), *meters, metered())
    recurring = {"interval": "month", "usage_type": "metered", "meter": "@Meter.words"}
    changed = (product(), *meters, price("usage", recurring=recurring))
    assert ours.up(*changed)["Price.usage"] == "replace"
    assert set(ours.up(*changed).values()) == {"same"}


@pytest.mark.parametrize(
    "args",
    [{"trial_days": 7}, {"seats": {"mode": "purchased"}}, {"limits": {"a": {"included": 1}}}, {"features": {"a": "1"}}],
)
def test_what_is_only_marked_never_replaces(args: dict[str, Any], ours: Engine) -> None:
    """Trials, seats, limits and features come, change and go in place."""
    ours.up(product(), price())
    before = ours.of("Price.monthly").id
    assert ours.up(product(), price(**args))["Price.monthly"] == "update"
    assert ours.up(product(), price())["Price.monthly"] == "update"
    assert ours.of("Price.monthly").id == before
