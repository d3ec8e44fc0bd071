"""What stands in the way of counting is one sentence, and the review comes all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe

from billing_review.counting import Bound, count
from billing_review.report import Affected
from billing_review.steps import Step
from tests.billing_review.counting.population import Subscriber, settle
from tests.billing_review.counting.shop import FAST, Shop, change, counted, step, told

if TYPE_CHECKING:
    from stripe_emulator import EmulatorClient

SUBSCRIPTIONS, SESSIONS = "/v1/subscriptions", "/v1/checkout/sessions"
RESTRICTED = "rk_test_emulator_review"
ENOUGH = {"account": "read", "subscriptions": "read", "subscription_items": "read", "checkout/sessions": "read"}


@pytest.fixture
def seat(shop: Shop) -> str:
    """A price with one subscription of two seats and one open session."""
    price = shop.price()
    shop.subscribe((price, 2))
    shop.checkout(price)
    return price


@pytest.fixture
def restricted(stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """A client with a key that may do nothing yet."""
    stripe_emulator.restrict(RESTRICTED, {})
    return stripe.StripeClient(RESTRICTED, base_addresses={"api": stripe_emulator.url})


FOUND = {("Price", "seat"): Affected(active=1, seats=2, customers=1, open_checkouts=1, monthly_revenue={"usd": 2400})}


def test_storm_of_rate_limits(seat: str, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Requests that are refused for their number are made again, and every attempt is a call."""
    stripe_emulator.fail_next(429, count=4)
    stripe_emulator.fail_next(500, path=SUBSCRIPTIONS)
    stripe_emulator.fail_next(503, path=SESSIONS)
    counting, affected = count(change(step("seat", seat)), client, bound=FAST)
    assert affected == FOUND
    assert (counting.status, counting.calls) == ("counted", 3 + 4 + 2)
    assert counting.sentence == "Customers of 1 price were counted at Stripe in 9 calls."


def test_cut_connections(seat: str, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """An answer that is lost is asked for again."""
    stripe_emulator.cut_next("after", path=SUBSCRIPTIONS)
    stripe_emulator.cut_next("before", path=SESSIONS)
    assert counted(client, step("seat", seat)) == FOUND


def test_storm_without_end(seat: str, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """After the last retry the sentence says what Stripe did; nobody is counted."""
    stripe_emulator.fail_next(429, count=1000)
    assert told(client, step("seat", seat)).sentence == (
        "Nobody was counted: Stripe's rate limit stayed exceeded over all retries; run again later."
    )
    stripe_emulator.clear_faults()
    stripe_emulator.fail_next(503, count=1000, path=SUBSCRIPTIONS)
    refused = told(client, step("seat", seat))
    assert refused.sentence == "Nobody was counted: Stripe answered 503 over all retries; run again later."
    assert refused.status == "refused"


def test_nobody_listens(seat: str) -> None:
    """An address without a server is said so."""
    nowhere = stripe.StripeClient("sk_test_emulator", base_addresses={"api": "http://127.0.0.1:1"})
    assert told(nowhere, step("seat", seat)).sentence == (
        "Nobody was counted: Stripe cannot be reached; check the network and STRIPE_API_BASE, and run again."
    )


def test_bound_is_reached(shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """What was counted by then stands as a least, and no call is made beyond the bound."""
    price = shop.price()
    template = shop.subscribe((price, 1))
    settle(stripe_emulator, template, [Subscriber(((price, 1),), 10**9 + number, number) for number in range(900)])
    stripe_emulator.clear_requests()
    counting, affected = count(change(step("seat", price)), client, bound=Bound(calls=5, per_second=None))
    found = affected["Price", "seat"]
    assert (counting.status, counting.calls, stripe_emulator.count()) == ("partly", 5, 5)
    assert 100 <= found.active <= 400
    assert (found.complete, found.seats) == (False, found.active)
    assert counting.sentence == (
        "Customers of 1 price were counted at Stripe in 5 calls, but not to the end, so there are at least as many as "
        "it says: subscriptions: it stopped at its bound of 5 calls."
    )


def test_stripe_stops_in_the_middle(shop: Shop, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Pages that were read count, and the sentence says why the others were not."""
    price = shop.price()
    template = shop.subscribe((price, 1))
    settle(stripe_emulator, template, [Subscriber(((price, 1),), 10**9 + number, number) for number in range(250)])
    stripe_emulator.fail_next(500, path=SUBSCRIPTIONS, skip=1, count=1000)
    bound = Bound(per_second=None, side_by_side=1)
    counting, affected = count(change(step("seat", price)), client, bound=bound)
    assert (affected["Price", "seat"].active, affected["Price", "seat"].complete) == (100, False)
    assert (counting.status, "Stripe answered 500" in counting.sentence) == ("partly", True)


def test_no_permission_for_subscriptions(
    seat: str, restricted: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """The permission is named by its object and verb, as the Dashboard does, and the key is not named."""
    stripe_emulator.restrict(RESTRICTED, {**ENOUGH, "subscriptions": "none"})
    counting, affected = count(change(step("seat", seat)), restricted, bound=FAST)
    assert (counting.status, affected) == ("refused", {})
    assert counting.sentence == (
        "Nobody was counted: the key may not read subscriptions; give the restricted key the permission "
        '"Subscriptions: read" (rak_subscription_read) in the Dashboard.'
    )


def test_no_permission_for_sessions(
    seat: str, restricted: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Subscriptions are counted all the same, and the numbers are a least because of the sessions."""
    stripe_emulator.restrict(RESTRICTED, {**ENOUGH, "checkout/sessions": "none"})
    counting, affected = count(change(step("seat", seat)), restricted, bound=FAST)
    found = affected["Price", "seat"]
    assert (found.active, found.seats, found.open_checkouts, found.complete) == (1, 2, 0, False)
    assert counting.status == "partly"
    assert counting.sentence.endswith(
        "at least as many as it says: open checkout sessions: the key may not read checkout sessions; give the "
        'restricted key the permission "Checkout Sessions: read" (rak_session_read) in the Dashboard.'
    )


def test_enough_permissions(seat: str, restricted: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Account, subscriptions and checkout sessions, read: that is all it takes."""
    stripe_emulator.restrict(RESTRICTED, ENOUGH)
    assert counted(restricted, step("seat", seat)) == FOUND


def test_key_that_may_not_name_its_account(
    seat: str, restricted: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """A price that is there shows the account as well; without either nobody is counted."""
    stripe_emulator.restrict(RESTRICTED, {**ENOUGH, "account": "none", "prices": "read"})
    assert counted(restricted, step("seat", seat)) == FOUND
    stripe_emulator.restrict(RESTRICTED, {**ENOUGH, "account": "none"})
    assert told(restricted, step("seat", seat)).sentence == (
        "Nobody was counted: nothing shows that the key opens acct_emulator: the key may not read the account; give "
        'the restricted key the permission "Account: read" (rak_account_read) in the Dashboard.'
    )


def test_other_account(seat: str, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Another account would say that nobody is on the price: it is not asked."""
    stripe_emulator.clear_requests()
    plan = change(step("seat", seat), account="acct_other")
    counting, affected = count(plan, client, bound=FAST)
    assert (counting.status, affected) == ("refused", {})
    assert counting.sentence == (
        "Nobody was counted: the key opens acct_emulator, and the change is about acct_other; use a key of acct_other."
    )
    assert stripe_emulator.count(path=SUBSCRIPTIONS) == 0


def test_other_mode(seat: str, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """A test key knows nothing of live customers, and the other way round: nothing is asked."""
    stripe_emulator.clear_requests()
    live = stripe.StripeClient("sk_live_emulator", base_addresses={"api": stripe_emulator.url})
    for wrong, livemode, mine, wanted in ((client, True, "test", "live"), (live, False, "live", "test")):
        counting, _ = count(change(step("seat", seat), livemode=livemode), wrong, bound=FAST)
        assert counting.sentence == (
            f"Nobody was counted: the key is for {mine} mode, and the change is about {wanted} mode; use a key for "
            f"{wanted} mode."
        )
    assert stripe_emulator.count() == 0


def test_objects_of_the_other_mode(seat: str, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """A key that does not tell its mode is found out by the first object, and nothing of it is counted."""
    live: Any = {"object": "list", "has_more": False, "data": [{"id": "sub_1", "created": 1, "livemode": True}]}
    stripe_emulator.fail_next(200, path=SUBSCRIPTIONS, body=live)
    counting, affected = count(change(step("seat", seat)), client, bound=FAST)
    assert (counting.status, affected) == ("refused", {})
    assert "the key is for live mode, and the change is about test mode" in counting.sentence


def test_key_that_does_not_open_anything(seat: str, stripe_emulator: EmulatorClient) -> None:
    """A bad key is named by its place, never by itself."""
    bad = stripe.StripeClient("sk_test_", base_addresses={"api": stripe_emulator.url})
    assert told(bad, step("seat", seat)).sentence == (
        "Nobody was counted: Stripe does not accept the API key; check STRIPE_API_KEY."
    )


def test_prices_without_ids(seat: str, client: stripe.StripeClient) -> None:
    """What the change does not name at Stripe is not counted, and said so."""
    counting, affected = count(change(step("seat", seat), step("other", None)), client, bound=FAST)
    assert affected == FOUND
    assert counting.status == "partly"
    assert counting.sentence.endswith("the change does not say which ids other have at Stripe.")
    alone = told(client, step("other", None))
    assert (alone.status, alone.sentence) == (
        "refused",
        "Nobody was counted: the change does not say which ids other have at Stripe.",
    )


def test_amount_that_nobody_tells(shop: Shop, restricted: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Tiers are read from the price, or else as they were declared; without either the revenue is missing."""
    tiers = [{"up_to": "inf", "unit_amount": 700}]
    price = shop.price(billing_scheme="tiered", tiers_mode="graduated", tiers=tiers)
    shop.subscribe((price, 3))
    stripe_emulator.restrict(RESTRICTED, ENOUGH)
    declared = {
        "currency": "usd",
        "tiers": [{"up_to": "inf", "unit_amount": 700}],
        "tiers_mode": "graduated",
        "recurring": {"interval": "month"},
    }
    assert counted(restricted, step("seat", price, old=declared))["Price", "seat"].monthly_revenue == {"usd": 2100}
    counting, affected = count(change(step("seat", price)), restricted, bound=FAST)
    found = affected["Price", "seat"]
    assert (found.active, found.seats, found.monthly_revenue, found.complete) == (1, 3, {}, False)
    assert (counting.status, price in counting.sentence) == ("partly", True)


def test_product_whose_prices_may_not_be_read(
    shop: Shop, seat: str, restricted: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """The prices of the change are counted, the product that goes is not."""
    stripe_emulator.restrict(RESTRICTED, ENOUGH)
    gone = Step("Product", "team", "delete", object_id=shop.product)
    counting, affected = count(change(gone, step("seat", seat, "delete")), restricted, bound=FAST)
    assert affected == FOUND
    assert '"Prices: read" (rak_price_read)' in counting.sentence


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_no_key_in_any_sentence(
    seat: str, client: stripe.StripeClient, stripe_emulator: EmulatorClient, status: int
) -> None:
    """Whatever Stripe answers, with whatever words, no key comes out."""
    words: Any = {"error": {"message": "key sk_test_emulator and rk_live_secret are wrong", "type": "x"}}
    stripe_emulator.fail_next(status, path=SUBSCRIPTIONS, count=1000, body=words)
    sentence = told(client, step("seat", seat)).sentence
    assert sentence.startswith("Nobody was counted: ")
    assert not any(prefix in sentence for prefix in ("sk_", "rk_test", "rk_live", "secret"))
