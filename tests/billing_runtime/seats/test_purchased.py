"""Seats that are bought bound members and invitations, decided in one transaction."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_runtime import (
    Billing,
    InvalidInput,
    NoFreeSeat,
    NoInvitation,
    NoSeats,
    SeatsInUse,
    SeatsOutOfRange,
    StripeUnavailable,
)
from stripe_emulator.client import EmulatorClient
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.seats.conftest import Watch, at_stripe, subscribed

pytestmark = pytest.mark.parametrize("backend", BACKENDS)


@pytest.fixture
def buying(opened: Callable[..., Billing], provisioned: dict[str, Any], any_store_url: str) -> Callable[[], Billing]:
    """Open a billing whose seats are purchased."""
    provisioned["prices"]["team.monthly"]["seats"]["mode"] = "purchased"
    return lambda: opened(store=any_store_url)


@pytest.fixture
def billing(buying: Callable[[], Billing]) -> Billing:
    """One organization that has bought three seats."""
    one = buying()
    subscribed(one, "org_1", 3)
    return one


def test_seats_are_given_away_until_there_are_none(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """Members and invitations together never outnumber the seats, and the quantity at Stripe is left alone."""
    billing.seats.add("org_1", "ann")
    billing.seats.invite("org_1", "mail_1")
    billing.seats.invite("org_1", "mail_2")
    sentence = "has no free seat: of 3, 1 are held by members and 2 are kept for invitations. Buy a seat"
    for give in (billing.seats.add, billing.seats.invite):
        with pytest.raises(NoFreeSeat, match=sentence):
            give("org_1", "more")
    assert at_stripe(billing, "org_1") == [3]
    assert stripe_emulator.count(method="POST", path="/v1/subscription_items/*") == 0


def test_accepting_counts_once(billing: Billing) -> None:
    """With every seat taken an invitation can still be accepted, once or twice, and its seat is not free meanwhile."""
    for member in ("ann", "ben"):
        billing.seats.add("org_1", member)
    billing.seats.invite("org_1", "mail_1")
    for _ in range(2):
        status = billing.seats.accept("org_1", "mail_1", member="cem")
        assert (status.members, status.invited, status.free) == (3, 0, 0)
    assert [one.what for one in billing.seats.history("org_1")] == ["joined", "joined", "invited", "accepted"]


def test_an_invitation_of_nobody(billing: Billing) -> None:
    """Revoked, never made: the sentence says what to do."""
    billing.seats.invite("org_1", "mail_1")
    billing.seats.revoke("org_1", "mail_1")
    with pytest.raises(NoInvitation, match=r"Entity 'org_1' has no open invitation 'mail_1': invite again\."):
        billing.seats.accept("org_1", "mail_1")


def test_an_invitation_that_has_ended_keeps_no_seat(billing: Billing, watch: Watch) -> None:
    """After its end somebody else may have the seat, and it cannot be accepted."""
    for member in ("ann", "ben"):
        billing.seats.add("org_1", member)
    billing.seats.invite("org_1", "mail_1", expires_at=watch.now + timedelta(days=7))
    watch.advance(days=7)
    assert billing.seats.status("org_1").free == 1
    billing.seats.add("org_1", "cem")
    with pytest.raises(NoInvitation):
        billing.seats.accept("org_1", "mail_1")
    assert "expired" in [one.what for one in billing.seats.history("org_1")]


def test_of_many_at_once_one_gets_the_last_seat(billing: Billing, buying: Callable[[], Billing]) -> None:
    """Two of three are taken: of thirty parallel invitations and joins, by several processes' stores, one succeeds."""
    for member in ("ann", "ben"):
        billing.seats.add("org_1", member)
    others = [buying() for _ in range(3)]

    def ask(number: int) -> bool:
        seats = others[number % 3].seats
        give = seats.invite if number % 2 else seats.add
        try:
            give("org_1", f"user_{number}")
        except NoFreeSeat:
            return False
        return True

    with ThreadPoolExecutor(15) as pool:
        assert sum(pool.map(ask, range(30))) == 1
    assert billing.seats.status("org_1").used == 3


def test_buying_more(billing: Billing) -> None:
    """Seats that were bought can be given away at once."""
    for member in ("ann", "ben", "cem"):
        billing.seats.add("org_1", member)
    done = billing.seats.buy("org_1", 5)
    assert (done.before, done.after, at_stripe(billing, "org_1")) == (3, 5, [5])
    assert billing.seats.status("org_1").free == 2


def test_fewer_than_are_in_use(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """The refusal lists who has a seat, and nothing is written."""
    for member in ("ann", "ben"):
        billing.seats.add("org_1", member)
    billing.seats.invite("org_1", "mail_1")
    sentence = r"cannot go down to 2 seats: 3 are in use, by ann, ben, mail_1\. Remove 1 of them first\."
    with pytest.raises(SeatsInUse, match=sentence) as caught:
        billing.seats.buy("org_1", 2)
    assert sorted(caught.value.holders) == ["ann", "ben", "mail_1"]
    assert at_stripe(billing, "org_1") == [3]
    billing.seats.revoke("org_1", "mail_1")
    assert billing.seats.buy("org_1", 2).after == 2


def test_a_seat_that_is_about_to_go_is_given_to_nobody(
    billing: Billing, stripe_emulator: EmulatorClient, watch: Watch
) -> None:
    """While Stripe cannot be told of fewer seats, they are gone for us already; a later sweep tells Stripe."""
    billing.seats.add("org_1", "ann")
    stripe_emulator.fail_next(503, method="POST", path="/v1/subscription_items/*", count=5)
    with pytest.raises(StripeUnavailable):
        billing.seats.buy("org_1", 1)
    with pytest.raises(NoFreeSeat):
        billing.seats.invite("org_1", "mail_1")
    watch.advance(seconds=30)
    billing.seats.sweep()
    assert at_stripe(billing, "org_1") == [1]


def test_bounds_of_the_price(billing: Billing) -> None:
    """Neither none nor more than the price allows, and a whole number."""
    with pytest.raises(SeatsOutOfRange, match="allows at most 50 seats, 51 are wanted"):
        billing.seats.buy("org_1", 51)
    with pytest.raises(InvalidInput, match=r"'team\.monthly' needs at least 1 seats"):
        billing.seats.buy("org_1", 0)
    wrong: Any = 2.5
    with pytest.raises(InvalidInput):
        billing.seats.buy("org_1", wrong)


def test_without_a_subscription_nothing_can_be_bought(billing: Billing) -> None:
    """The sentence says what is missing."""
    billing.customers.ensure("org_2", kind="organization")
    with pytest.raises(NoSeats, match="no running subscription on a per-seat price whose seats are purchased"):
        billing.seats.buy("org_2", 2)


def test_fewer_by_the_portal(billing: Billing) -> None:
    """Somebody lowers the quantity below what is in use: nobody is thrown out, and nobody gets in."""
    for member in ("ann", "ben"):
        billing.seats.add("org_1", member)
    (subscription,) = billing.subscriptions.of("org_1")
    client = billing._context.api._client
    client.v1.subscription_items.update(subscription.items[0].id, {"quantity": 1})
    billing._context.cache.refresh(subscription.customer_id)
    status = billing.seats.status("org_1")
    assert (status.capacity, status.used, status.free) == (1, 2, 0)
    with pytest.raises(NoFreeSeat):
        billing.seats.invite("org_1", "mail_1")


class House:
    """What a naive list of three seats would say."""

    def __init__(self) -> None:
        self.members: set[str] = set()
        self.invited: set[str] = set()

    def add(self, who: str) -> str:
        """Join, on one's own invitation if there is one."""
        if self._is_full_for(who):
            return "full"
        self.members.add(who)
        self.invited.discard(who)
        return "ok"

    def invite(self, who: str) -> str:
        """Keep a seat."""
        if self._is_full_for(who):
            return "full"
        self.invited |= {who} - self.members
        return "ok"

    def accept(self, who: str) -> str:
        """Take the seat that was kept."""
        return self.add(who) if who in self.invited | self.members else "unknown"

    def remove(self, who: str) -> str:
        """Leave."""
        self.members.discard(who)
        return "ok"

    def revoke(self, who: str) -> str:
        """Take an invitation back."""
        self.invited.discard(who)
        return "ok"

    def _is_full_for(self, who: str) -> bool:
        there = self.members | self.invited
        return who not in there and len(there) >= 3


_NAMES = itertools.count()
_ACTS = st.tuples(st.sampled_from(["add", "remove", "invite", "accept", "revoke"]), st.sampled_from("abcde"))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_ACTS, min_size=4, max_size=12))
def test_whatever_is_asked_in_whatever_order(billing: Billing, acts: list[tuple[str, str]]) -> None:
    """Seats in use are what a naive list says, never more than there are, and only a full house refuses."""
    entity, house = f"org_{next(_NAMES)}_of_many", House()
    billing.customers.ensure(entity, kind="organization")
    billing.subscribe(entity, price="team.monthly", quantity=3)
    billing._context.cache.refresh(billing.customers.require(entity).id)
    for act, who in acts:
        assert _told(billing, act, entity, who) == getattr(house, act)(who)
    status = billing.seats.status(entity)
    assert (status.members, status.invited) == (len(house.members), len(house.invited))


def _told(billing: Billing, act: str, entity: str, who: str) -> str:
    try:
        getattr(billing.seats, act)(entity, who)
    except NoFreeSeat:
        return "full"
    except NoInvitation:
        return "unknown"
    return "ok"
