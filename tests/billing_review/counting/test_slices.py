"""Long lists are read in slices side by side, and the numbers are those of reading everything one by one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_review.counting import Bound, count
from billing_review.report import Affected
from tests.billing_review.counting.population import Subscriber, settle
from tests.billing_review.counting.shop import Shop, change, counted, step

if TYPE_CHECKING:
    import stripe

    from stripe_emulator import EmulatorClient

JANUARY = 1_767_225_600  # 2026-01-01
STATUSES = ("active", "trialing", "past_due", "canceled", "incomplete", "incomplete_expired", "unpaid", "paused")
KEYS = ("a", "b", "c")


def naive(subscribers: list[Subscriber], key: str, amount: int) -> Affected:
    """Count one price by looking at everybody."""
    on = [(one, quantity) for one in subscribers for price, quantity in one.items if price == key]
    served = [(one, quantity) for one, quantity in on if one.status in {"active", "trialing", "past_due"}]
    statuses = Counter(one.status for one, _ in served)
    paid = sum(quantity * amount for one, quantity in served if one.status != "trialing")
    return Affected(
        active=statuses["active"],
        trialing=statuses["trialing"],
        past_due=statuses["past_due"],
        seats=sum(quantity for _, quantity in served),
        customers=len({one.customer for one, _ in served}),
        monthly_revenue={"usd": paid} if any(one.status != "trialing" for one, _ in served) else {},
    )


def named(subscribers: list[Subscriber], prices: dict[str, str]) -> list[Subscriber]:
    """The same with the prices' ids in the place of their keys."""
    return [
        Subscriber(tuple((prices[key], quantity) for key, quantity in one.items), one.created, one.customer, one.status)
        for one in subscribers
    ]


people = st.builds(
    Subscriber,
    items=st.lists(
        st.tuples(st.sampled_from(KEYS), st.integers(0, 9)), min_size=1, max_size=3, unique_by=lambda it: it[0]
    ).map(tuple),
    created=st.one_of(st.integers(JANUARY, JANUARY + 3), st.integers(JANUARY - 10**8, JANUARY)),
    customer=st.integers(0, 20),
    status=st.sampled_from(STATUSES),
)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    few=st.lists(people, min_size=1, max_size=6),
    times=st.integers(1, 70),
    which=st.sets(st.sampled_from(KEYS), min_size=1),
    side_by_side=st.integers(1, 9),
)
def test_slices_make_the_whole(
    client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    few: list[Subscriber],
    times: int,
    which: set[str],
    side_by_side: int,
) -> None:
    """However many are read at once, of whichever prices, every number is that of a naive count over all objects."""
    stripe_emulator.reset()
    shop = Shop(client)
    amounts: dict[str, int] = dict(zip(KEYS, (100, 2500, 31), strict=True))
    prices = {key: shop.price(amount) for key, amount in amounts.items()}
    everybody = [
        Subscriber(one.items, one.created + number * 7919, one.customer + number % 5, one.status)
        for number in range(times)
        for one in few
    ]
    settle(stripe_emulator, shop.subscribe((prices["a"], 1)), named(everybody, prices))
    bound = Bound(per_second=None, side_by_side=side_by_side)
    found = counted(client, *(step(key, prices[key]) for key in sorted(which)), bound=bound)
    assert found == {("Price", key): naive(everybody, key, amounts[key]) for key in which}


def crowd(shop: Shop, emulator: EmulatorClient, size: int, *prices: str, every: int = 60) -> None:
    """So many subscriptions of one seat, one each minute."""
    template = shop.subscribe((prices[0], 1))
    people = [
        Subscriber(((prices[number % len(prices)], 1),), JANUARY + number * every, number) for number in range(size)
    ]
    settle(emulator, template, people)


def test_small_accounts_take_three_calls(
    shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """The account, the subscriptions and the sessions: as many for nine prices as for one."""
    prices = [shop.price() for _ in range(9)]
    for price in prices:
        shop.subscribe((price, 1))
    for steps in (prices[:1], prices):
        stripe_emulator.clear_requests()
        counting, affected = count(change(*(step(one, one) for one in steps)), client, bound=Bound(per_second=None))
        assert (len(affected), counting.calls, stripe_emulator.count()) == (len(steps), 3, 3)


def test_one_price_is_read_by_itself(shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """The list of one price has only its subscriptions, so others cost no call."""
    rare, common = shop.price(), shop.price()
    crowd(shop, stripe_emulator, 900, *[common] * 8, rare)
    counting, affected = count(change(step("rare", rare)), client, bound=Bound(per_second=None))
    assert (affected["Price", "rare"].active, counting.calls) == (100, 3)


def test_several_rare_prices_are_read_by_themselves(
    shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Where most of the account does not count, two lists of two prices are shorter than the list of all."""
    one, two, common = shop.price(), shop.price(), shop.price()
    crowd(shop, stripe_emulator, 1000, *[common] * 8, one, two)
    stripe_emulator.clear_requests()
    found = counted(client, step("one", one), step("two", two))
    assert (found["Price", "one"].active, found["Price", "two"].active) == (100, 100)
    assert (found["Price", "one"].seats, found["Price", "two"].monthly_revenue) == (100, {"usd": 120_000})
    assert stripe_emulator.count(path="/v1/subscriptions") == 4  # two to look, one for each


def test_list_that_was_never_begun_is_no_whole(
    shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Where the bound is reached before a price's own list, what was seen of it elsewhere is a least."""
    one, two, common = shop.price(), shop.price(), shop.price()
    crowd(shop, stripe_emulator, 1000, *[common] * 8, one, two)
    bound = Bound(calls=3, per_second=None, side_by_side=1)
    counting, affected = count(change(step("one", one), step("two", two)), client, bound=bound)
    assert counting.status == "partly"
    assert {(key, found.active, found.complete) for (_, key), found in affected.items()} == {
        ("one", 20, False),
        ("two", 20, False),
    }


def test_common_prices_are_read_together(
    shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Where everybody has both prices, the list of all is half as long as both of theirs."""
    seat, extra = shop.price(), shop.price()
    people = [Subscriber(((seat, 1), (extra, 2)), JANUARY + number * 60, number) for number in range(1000)]
    settle(stripe_emulator, shop.subscribe((seat, 1)), people)
    stripe_emulator.clear_requests()
    bound = Bound(per_second=None, side_by_side=1)
    found = counted(client, step("seat", seat), step("extra", extra), bound=bound)
    assert (found["Price", "seat"].active, found["Price", "extra"].seats) == (1000, 2000)
    assert stripe_emulator.count(path="/v1/subscriptions") == 10


def test_slices_are_read_at_the_same_time(
    shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """While one page is slow, the rest of the list is read by others."""
    seat = shop.price()
    crowd(shop, stripe_emulator, 1200, seat, every=40_000)
    held = stripe_emulator.delay_next(3, path="/v1/subscriptions", skip=2)
    seen: list[int] = []

    def release(done: int, _expected: int) -> None:
        seen.append(done)
        if len(seen) == 8:
            held.release()

    found = counted(client, step("seat", seat), progress=release)
    assert found["Price", "seat"].active == 1200
    assert len(seen) > 8


def test_who_subscribes_meanwhile_is_never_counted_twice(
    shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """New subscriptions push the pages on, canceled ones pull them back: those who stay are counted once."""
    seat = shop.price()
    crowd(shop, stripe_emulator, 450, seat)
    made: list[Any] = []

    def meddle(_done: int, _expected: int) -> None:
        if len(made) < 3:
            made.append(shop.subscribe((seat, 1)))
            client.v1.subscriptions.cancel(f"sub_{len(made):06d}")

    bound = Bound(per_second=None, side_by_side=1)
    found = counted(client, step("seat", seat), progress=meddle, bound=bound)["Price", "seat"]
    assert len(made) == 3
    assert 447 <= found.active <= 450
    assert found.customers == found.active == found.seats


def test_progress_tells_calls_and_what_is_expected(
    shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """The number of calls grows to what it was in the end, and what is expected is never less."""
    seat = shop.price()
    crowd(shop, stripe_emulator, 800, seat)
    seen: list[tuple[int, int]] = []
    counting, _ = count(
        change(step("seat", seat)), client, bound=Bound(per_second=None), progress=lambda *told: seen.append(told)
    )
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert all(done <= expected for done, expected in seen)
    assert seen[-1] == (counting.calls, counting.calls)


@pytest.mark.parametrize("side_by_side", [1, 8])
def test_everybody_in_one_second(
    shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient, side_by_side: int
) -> None:
    """An import of hundreds in the same second cannot be cut, and is read all the same."""
    seat = shop.price()
    crowd(shop, stripe_emulator, 350, seat, every=0)
    bound = Bound(per_second=None, side_by_side=side_by_side)
    assert counted(client, step("seat", seat), bound=bound)["Price", "seat"].active == 350
