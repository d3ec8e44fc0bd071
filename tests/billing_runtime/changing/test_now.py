"""Another plan now, cancelling, and taking that back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import (
    Billing,
    InvalidInput,
    NoSubscription,
    NotAllowed,
    StripeRefused,
    WrongAudience,
)
from tests.billing_runtime.changing.conftest import now
from tests.billing_runtime.conftest import create_price

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient


Json = dict[str, Any]
SEATS: Json = {"mode": "follow", "minimum": 1, "maximum": 50}


def test_up_is_now(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """A larger plan must hold and be paid for at once, with the seats there are, on the same subscription."""
    billing = shop()
    before = billing.subscription("org_1").id
    change = billing.change_plan("org_1", plan="huge", interval="month")
    assert (change.direction, change.when, change.changed) == ("up", "now", True)
    assert (billing.subscription("org_1").id, now(billing)) == (before, ("huge.monthly", 3))
    held = billing.subscription("org_1").plan
    assert held is not None
    assert held.key == "huge"
    paid = [invoice.total for invoice in stripe_client.v1.invoices.list({"status": "paid"})]
    assert paid == [21000, 6000]


def test_a_declined_card_is_no_free_upgrade(shop: Callable[..., Billing]) -> None:
    """Who cannot pay for the larger plan must keep the one it has, and nothing of it is owed."""
    billing = shop(card="pm_card_chargeCustomerFail")
    with pytest.raises(StripeRefused, match="declined"):
        billing.change_plan("org_1", plan="huge", interval="month")
    assert now(billing) == ("large.monthly", 3)
    assert billing.sync("org_1")[0].status == "active"


def test_longer_is_up(shop: Callable[..., Billing]) -> None:
    """Who commits for a year instead of a month must have it at once."""
    billing = shop()
    billing.change_plan("org_1", plan="huge", interval="month")
    change = billing.change_plan("org_1", plan="huge", interval="year")
    assert (change.direction, change.when, now(billing)) == ("up", "now", ("huge.yearly", 3))


def test_down_now_if_told(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """A smaller plan must begin at once where the settings or the call say so, and what is left is a credit."""
    billing = shop(down="now")
    change = billing.change_plan("org_1", plan="small")
    assert (change.direction, change.when, now(billing)) == ("down", "now", ("small.monthly", 3))
    customer = stripe_client.v1.customers.retrieve(billing.customers.require("org_1").id)
    assert (customer.balance or 0) <= 0


def test_more_and_fewer_seats_of_the_same(shop: Callable[..., Billing]) -> None:
    """A quantity that is named must be set, by what it costs up or down."""
    billing = shop(down="now")
    assert billing.change_plan("org_1", plan="large", quantity=5).direction == "up"
    assert now(billing) == ("large.monthly", 5)
    assert billing.change_plan("org_1", plan="large", quantity=2).direction == "down"
    assert now(billing) == ("large.monthly", 2)


def test_what_it_has_already(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """Asking for what the entity has must change nothing and send no write."""
    change = shop().change_plan("org_1", plan="large")
    assert (change.direction, change.changed) == ("same", False)
    assert stripe_emulator.count(method="POST") == 0


def test_asked_ten_times_at_once(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """A double click must be one change, and be billed once."""
    billing = shop()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: billing.change_plan("org_1", plan="huge", interval="month"), range(10)))
    assert now(billing) == ("huge.monthly", 3)
    assert len(list(stripe_client.v1.invoices.list({"status": "paid"}))) == 2


def test_usage_goes_with_its_plan(
    shop: Callable[..., Billing], ladder: Json, open_billing: Callable[..., Billing]
) -> None:
    """The metered prices of the new plan must come, those of the old one go, and what is not ours stays."""
    billing = shop(down="now")
    billing.change_plan("org_1", plan="alpaca-ai", subscription_id=billing.subscription("org_1").id)
    (one,) = billing.subscriptions.of("org_1")
    assert {item.price for item in one.items} == {"alpaca-ai.base", "alpaca-ai.tokens"}
    billing.change_plan("org_1", plan="small", quantity=1, subscription_id=one.id)
    (one,) = billing.subscriptions.of("org_1")
    assert {item.price for item in one.items} == {"small.monthly"}


def test_cancel_at_the_end_and_restore(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """A cancelled subscription must run until what is paid for is used, and be taken back until then, repeatably."""
    billing = shop()
    for _ in range(2):
        held = billing.cancel("org_1")
        assert (held.cancel_at_period_end, bool(held)) == (True, True)
    assert stripe_emulator.count(method="POST") == 1
    for _ in range(2):
        assert billing.restore("org_1").cancel_at_period_end is False
    assert stripe_emulator.count(method="POST") == 2
    assert stripe_emulator.count(method="DELETE") == 0


def test_cancel_now(shop: Callable[..., Billing]) -> None:
    """A subscription that is ended now must be over at once, and there is nothing left to end."""
    billing = shop()
    held = billing.cancel("org_1", when="now")
    assert (held.status, bool(held)) == ("canceled", False)
    for call in (billing.cancel, billing.restore, billing.resume):
        with pytest.raises(NoSubscription, match="'org_1' has no subscription that runs"):
            call("org_1")


def test_a_date_is_taken_back(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """An end at a date, as the Dashboard sets it, must be taken back as well."""
    billing = shop()
    name = str(billing.subscription("org_1").id)
    end = int(billing.sync("org_1")[0].clock().timestamp()) + 20 * 86400
    stripe_client.v1.subscriptions.update(name, {"cancel_at": end})
    assert billing.restore("org_1").cancel_at is None


def test_resume(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """Payments that are not collected for a while must be collected again; what is not paused cannot be resumed."""
    billing = shop()
    with pytest.raises(NoSubscription, match="that is paused"):
        billing.resume("org_1")
    name = str(billing.subscription("org_1").id)
    stripe_client.v1.subscriptions.update(name, {"pause_collection": {"behavior": "void"}})
    assert billing.resume("org_1").collection_paused is False


def test_resume_after_a_trial_without_a_card(
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> None:
    """A trial that ended without a card and paused must run again once there is one."""
    stripe_emulator.clock.set("2026-03-01T12:00:00Z")
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url)
    customer = billing.customers.ensure("org_1", kind="organization").id
    made = billing.subscribe("org_1", price="team.monthly", quantity=2)
    end: Any = {"end_behavior": {"missing_payment_method": "pause"}}
    stripe_client.v1.subscriptions.update(made.id, {"trial_settings": end})
    stripe_emulator.clock.advance(15 * 86400)
    assert billing.sync("org_1")[0].status == "paused"
    method = stripe_client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    stripe_client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": method}})
    assert billing.resume("org_1").status == "active"


def test_the_old_price_of_an_old_customer(
    shop: Callable[..., Billing],
    ladder: Json,
    open_billing: Callable[..., Billing],
    stripe_client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
) -> None:
    """Who is on a price that was replaced must be moved from it as from its successor: found by price and product."""
    shop()
    facts = ladder["prices"]["large.monthly"]
    dearer = facts | {"unit_amount_decimal": "2500"}
    dearer["id"] = create_price(stripe_client, ladder, "large.monthly", dearer).id
    stripe_client.v1.prices.update(facts["id"], {"active": False})
    newer = ladder | {"prices": ladder["prices"] | {"large.monthly": dearer}}
    billing = open_billing(manifest=newer, api_base=stripe_emulator.url)
    assert billing.change_plan("org_1", plan="small", when="now").direction == "down"
    assert now(billing) == ("small.monthly", 3)


def test_yesterdays_manifest(shop: Callable[..., Billing], ladder: Json, stripe_client: stripe.StripeClient) -> None:
    """A price that was replaced since the manifest was written must be found by its lookup key."""
    ladder["prices"]["huge.monthly"]["lookup_key"] = "huge_monthly"
    billing = shop()
    facts = ladder["prices"]["huge.monthly"]
    new = create_price(stripe_client, ladder, "huge.monthly", facts).id
    stripe_client.v1.prices.update(facts["id"], {"active": False})
    billing.change_plan("org_1", price="huge.monthly")
    (one,) = billing.subscriptions.of("org_1")
    assert one.items[0].price_id == new


def test_a_plan_for_others(shop: Callable[..., Billing], ladder: Json) -> None:
    """A plan that is not for this kind of entity must not be reached by a change either."""
    ladder["plans"]["huge"]["audience"] = ["user"]
    with pytest.raises(WrongAudience):
        shop().change_plan("org_1", plan="huge", interval="month")


def test_bad_words(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """What is neither now nor later must be refused before anything is sent."""
    billing = shop()
    bad: Any = "tomorrow"
    with pytest.raises(InvalidInput, match="up must be one of now, period_end"):
        billing.change_plan("org_1", plan="huge", interval="month", when=bad)
    with pytest.raises(InvalidInput, match="when must be one of now, period_end"):
        billing.cancel("org_1", when=bad)
    assert stripe_emulator.count() == 0


def test_actors(shop: Callable[..., Billing]) -> None:
    """Changing and cancelling must ask what the actor may."""
    billing = shop()
    calls: list[tuple[Callable[..., Any], Json]] = [
        (billing.change_plan, {"plan": "small"}),
        (billing.cancel, {}),
        (billing.restore, {}),
        (billing.resume, {}),
        (billing.setup_intent, {}),
    ]
    for call, words in calls:
        with pytest.raises(NotAllowed):
            call("org_1", actor="eve", **words)


def test_a_card_to_be_saved(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """The intent must be the customer's, for payments while it is away, with the secret that the page needs."""
    billing = shop()
    intent = billing.setup_intent("org_1")
    there = stripe_client.v1.setup_intents.retrieve(intent.id)
    assert (there.customer, there.usage) == (billing.customers.require("org_1").id, "off_session")
    assert intent.client_secret == there.client_secret
    assert intent.client_secret not in repr(intent)


def test_a_first_payment_is_confirmed_in_the_page(
    open_billing: Callable[..., Billing],
    ladder: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> None:
    """A subscription by API must wait for its first payment, with the secret for it, also when asked for again."""
    billing = open_billing(manifest=ladder, api_base=stripe_emulator.url)
    billing.customers.ensure("org_1", kind="organization")
    made = billing.subscribe("org_1", plan="large", quantity=2)
    assert made.status == "incomplete"
    assert made.client_secret is not None
    assert billing.subscribe("org_1", plan="large", quantity=2).client_secret == made.client_secret
    assert not billing.subscription("org_1")
    intent = made.client_secret.partition("_secret")[0]
    stripe_client.v1.payment_intents.confirm(intent, {"payment_method": "pm_card_visa"})
    assert billing.sync("org_1")[0].status == "active"


def test_a_trial_has_a_secret_for_the_card(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """During a trial nothing is due, so the page gets what saves a card."""
    billing = shop()
    billing.customers.ensure("org_2", kind="organization")
    made = billing.subscribe("org_2", price="team.monthly")
    assert (made.status, made.client_secret is not None) == ("trialing", True)
