"""Checkout pages: what is on them, and that there is one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import (
    AlreadySubscribed,
    Billing,
    UnknownName,
)
from tests.billing_runtime.conftest import create_price

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
CREATE: Any = {"method": "POST", "path": "/v1/checkout/sessions"}


def sent(emulator: EmulatorClient) -> Json:
    """The parameters of the last page that was asked for."""
    found: Json = emulator.requests(**CREATE)[-1]["params"]
    return found


def lines(emulator: EmulatorClient) -> list[Json]:
    """The lines of that page, as the form has them."""
    return list(sent(emulator)["line_items"].values())


def sessions(client: stripe.StripeClient, **filters: Any) -> list[stripe.checkout.Session]:
    """Every page there ever was, newest first."""
    wanted: Any = {"limit": 100, **filters}
    return list(client.v1.checkout.sessions.list(wanted).auto_paging_iter())


def subscriptions(client: stripe.StripeClient) -> list[stripe.Subscription]:
    """Every subscription at Stripe, ended ones included."""
    return list(client.v1.subscriptions.list({"limit": 100, "status": "all"}).auto_paging_iter())


def test_a_page_for_a_price(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """Customer, price, seats, trial, URLs and marks must be on the page, and the URL must be the hosted one."""
    billing = shop()
    page = billing.checkout("org_1", price="team.monthly", quantity=3)
    params = sent(stripe_emulator)
    assert page.url is not None
    assert page.url.startswith("http")
    assert (page.mode, page.status, page.trial_days) == ("subscription", "open", 14)
    assert params["customer"] == billing.customers.require("org_1").id
    assert lines(stripe_emulator) == [{"price": billing.price("team.monthly").id, "quantity": "3"}]
    assert (params["success_url"], params["cancel_url"]) == ("https://app.test/done", "https://app.test/pricing")
    assert params["subscription_data"]["trial_period_days"] == "14"
    assert params["subscription_data"]["metadata"] == {
        "billing:entity": "org_1",
        "billing:stack": "shop/dev",
        "billing:group": "plans",
        "billing:prices": "team.monthly",
    }


def test_a_page_that_is_paid_is_a_subscription(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """Filling in the page must end in the entity's subscription, with the seats that were on it."""
    billing = shop()
    page = billing.checkout("org_1", price="team.monthly", quantity=3)
    stripe_emulator.complete_checkout(page.id)
    (made,) = billing.subscriptions.of("org_1")
    assert (made.items[0].price, made.items[0].quantity) == ("team.monthly", 3)
    assert [one.id for one in subscriptions(stripe_client)] == [made.id]


@pytest.mark.parametrize(("members", "seats"), [(0, 1), (1, 1), (7, 7)])
def test_seats_are_the_members(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, members: int, seats: int
) -> None:
    """Without a quantity a per-seat price must be sold for the members there are now, and for one at least."""
    billing = shop(count_members={"org_1": members}.__getitem__)
    billing.checkout("org_1", price="team.monthly")
    assert lines(stripe_emulator)[0]["quantity"] == str(seats)


def test_usage_has_no_quantity(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """A metered price must be on the page without a number, whatever members there are."""
    shop(count_members=lambda _: 5).checkout("org_1", price="alpaca-ai.tokens")
    assert "quantity" not in lines(stripe_emulator)[0]


def test_a_plan_brings_its_usage(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """A plan must be sold with its one price and with the metered prices of the same rhythm; what is paid once not."""
    billing = shop()
    billing.checkout("org_1", plan="alpaca-ai")
    names = {billing.price(name).id: name for name in ("alpaca-ai.base", "alpaca-ai.tokens")}
    assert [names[line["price"]] for line in lines(stripe_emulator)] == list(names.values())


def test_a_one_time_payment(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """What is paid once must be on a page of its own, with as many as are wanted, and be known as bought afterwards."""
    billing = shop()
    page = billing.checkout("org_1", price="alpaca-ai.setup", mode="payment", quantity=2)
    stripe_emulator.complete_checkout(page.id)
    bought = billing.purchases.refresh(page.id)
    assert bought is not None
    assert (bought.prices, bought.paid) == (("alpaca-ai.setup",), True)
    assert billing.purchases.of("org_1") == (bought,)
    assert sessions(stripe_client)[0].amount_total == 2400


def test_a_card_is_saved(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """A page that sells nothing must only save a card, in the currency most prices have."""
    page = shop().checkout("org_1", mode="setup")
    assert page.mode == "setup"
    assert sent(stripe_emulator)["currency"] == "usd"
    assert "line_items" not in sent(stripe_emulator)


def test_promotion_codes(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """Customers must be able to type a code in where the settings or the call say so."""
    billing = shop(settings={"allow_promotion_codes": True})
    billing.checkout("org_1", price="team.monthly")
    assert sent(stripe_emulator)["allow_promotion_codes"] == "true"
    billing.checkout("org_1", price="team.monthly", allow_promotion_codes=False)
    assert "allow_promotion_codes" not in sent(stripe_emulator)


def test_an_unknown_promotion_code(shop: Callable[..., Billing]) -> None:
    """A code that nobody knows must be refused by name before a page is opened."""
    with pytest.raises(UnknownName, match="No promotion code 'WELCOME'"):
        shop().checkout("org_1", price="team.monthly", promotion_code="WELCOME")


def test_who_asks_twice_gets_one_page(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """The same page asked for again, also in parallel, must be the same page."""
    billing = shop()
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda _: billing.checkout("org_1", price="team.monthly"), range(8)))
    assert {page.id for page in pages} == {session.id for session in sessions(stripe_client)}
    assert len(sessions(stripe_client)) == 1


def test_another_page_closes_the_one_before(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """Of two pages for one group of plans only the later one may be open: both could be paid."""
    billing = shop()
    first = billing.checkout("org_1", price="team.monthly", quantity=3)
    second = billing.checkout("org_1", price="team.monthly", quantity=4)
    assert {one.id: one.status for one in sessions(stripe_client)} == {first.id: "expired", second.id: "open"}


def test_another_group_has_a_page_of_its_own(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """Plans of different groups do not exclude each other."""
    billing = shop()
    for price in ("team.monthly", "alpaca-ai.base"):
        billing.checkout("org_1", price=price)
    assert [one.status for one in sessions(stripe_client)] == ["open", "open"]


def test_a_page_that_was_completed_is_not_shown_again(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient
) -> None:
    """What is paid once can be bought again on a new page."""
    billing = shop()
    first = billing.checkout("org_1", price="alpaca-ai.setup", mode="payment")
    stripe_emulator.complete_checkout(first.id)
    again = billing.checkout("org_1", price="alpaca-ai.setup", mode="payment")
    assert again.id != first.id
    assert again.status == "open"


def test_a_second_subscription_is_refused(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """An entity that has a subscription in the group must be told which, whether by page or by API."""
    billing = shop()
    stripe_emulator.complete_checkout(billing.checkout("org_1", price="team.monthly").id)
    (running,) = subscriptions(stripe_client)
    with pytest.raises(AlreadySubscribed, match=running.id):
        billing.checkout("org_1", price="team.monthly")
    assert billing.subscribe("org_1", price="team.monthly").id == running.id
    assert len(subscriptions(stripe_client)) == 1


def test_subscribing_closes_the_open_page(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """A page that was left open must not sell a second subscription after the first was made by API."""
    billing = shop()
    billing.checkout("org_1", price="team.monthly")
    billing.subscribe("org_1", price="team.monthly", quantity=2)
    assert [one.status for one in sessions(stripe_client)] == ["expired"]


def test_one_trial_per_group(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """Who cancels and comes back must not have another trial, by page or by API, whatever days are asked for."""
    billing = shop()
    stripe_emulator.complete_checkout(billing.checkout("org_1", price="team.monthly").id)
    stripe_client.v1.subscriptions.cancel(subscriptions(stripe_client)[0].id)
    page = billing.checkout("org_1", price="team.monthly", trial_days=30)
    assert page.trial_days is None
    assert "trial_period_days" not in sent(stripe_emulator)["subscription_data"]


def test_a_new_customer_is_no_new_trial(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """A customer that is deleted takes its history along; that the entity had its trial must be known all the same."""
    billing = shop()
    first = billing.customers.require("org_1").id
    billing.subscribe("org_1", price="team.monthly")
    billing.resolve_duplicates("org_1")
    stripe_client.v1.customers.delete(first)
    page = billing.checkout("org_1", price="team.monthly")
    assert billing.customers.require("org_1").id != first
    assert page.trial_days is None


def test_no_trial_when_told(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """trial_days=0 must be no trial, and nothing of the kind is sent."""
    shop().checkout("org_1", price="team.monthly", trial_days=0)
    assert "trial_period_days" not in sent(stripe_emulator)["subscription_data"]


def test_yesterdays_manifest_sells_todays_price(
    shop: Callable[..., Billing],
    provisioned: Json,
    stripe_client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
) -> None:
    """A price that was replaced since the manifest was written must be found by its lookup key, once."""
    billing = shop()
    facts = provisioned["prices"]["team.monthly"]
    old = facts["id"]
    new = create_price(stripe_client, provisioned, "team.monthly", facts | {"lookup_key": None}).id
    stripe_client.v1.prices.update(new, {"lookup_key": "team_monthly", "transfer_lookup_key": True})
    stripe_client.v1.prices.update(old, {"active": False})
    page = billing.checkout("org_1", price="team.monthly", quantity=2)
    stripe_emulator.complete_checkout(page.id)
    (made,) = billing.subscriptions.of("org_1")
    assert (made.items[0].price_id, made.items[0].price) == (new, "team.monthly")
