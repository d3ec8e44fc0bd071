"""Subscribing an entity to a price of the catalog."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import (
    Billing,
    InvalidInput,
    NoCustomer,
    NotProvisioned,
    SeatsOutOfRange,
    StripeRefused,
    StripeUnavailable,
    UnknownName,
)
from billing_runtime.clock import from_unix
from tests.billing_runtime.conftest import create_price

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
CREATE: Any = {"method": "POST", "path": "/v1/subscriptions"}


@pytest.fixture
def org(billing: Billing, stripe_emulator: EmulatorClient) -> str:
    """An entity with a customer; requests are counted from here."""
    billing.customers.ensure("org_1", kind="organization")
    stripe_emulator.clear_requests()
    return "org_1"


def subscriptions(client: stripe.StripeClient) -> list[stripe.Subscription]:
    """Every subscription at Stripe, ended ones included."""
    return list(client.v1.subscriptions.list({"limit": 100, "status": "all"}).auto_paging_iter())


def test_a_per_seat_subscription(billing: Billing, org: str, stripe_emulator: EmulatorClient) -> None:
    """Quantity, trial, price and customer must be as asked for and as the manifest says."""
    made = billing.subscribe(org, price="team.monthly", quantity=3)
    (item,) = made.items
    assert (made.status, made.customer_id) == ("trialing", billing.customers.require(org).id)
    assert (item.price, item.quantity) == ("team.monthly", 3)
    assert made.trial_end is not None
    now = from_unix(stripe_emulator.clock.now())
    assert now is not None
    assert abs(made.trial_end - now - timedelta(days=14)) < timedelta(hours=1)


def test_seats_default_to_the_minimum(billing: Billing, org: str) -> None:
    """Without a quantity the smallest one the price allows must be taken."""
    assert billing.subscribe(org, price="team.monthly").items[0].quantity == 1


def test_a_metered_price_has_no_quantity(billing: Billing, org: str) -> None:
    """Usage, not a quantity, decides what a metered price costs."""
    assert billing.subscribe(org, price="alpaca-ai.tokens").items[0].quantity is None


def test_a_flat_price_is_one(billing: Billing, org: str) -> None:
    """A flat fee is paid once per period."""
    assert billing.subscribe(org, price="alpaca-ai.base").items[0].quantity == 1


def test_the_subscription_names_its_entity(billing: Billing, org: str, stripe_client: stripe.StripeClient) -> None:
    """Whoever sees the subscription at Stripe must be able to tell whose it is."""
    made = billing.subscribe(org, price="team.monthly")
    metadata = stripe_client.v1.subscriptions.retrieve(made.id).metadata
    assert (metadata["billing:entity"], metadata["billing:stack"]) == (org, "shop/dev")


def test_a_double_click(billing: Billing, org: str, stripe_client: stripe.StripeClient) -> None:
    """Ten requests at once must end with one subscription."""
    with ThreadPoolExecutor(10) as pool:
        made = list(pool.map(lambda seats: billing.subscribe(org, price="team.monthly", quantity=seats), range(1, 11)))
    assert {one.id for one in made} == {one.id for one in subscriptions(stripe_client)}
    assert len({one.id for one in made}) == 1


def test_a_double_click_on_two_machines(
    billing: Billing,
    open_billing: Callable[..., Billing],
    provisioned: Json,
    org: str,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> None:
    """A second process that looked before the first one's subscription was there must not make another."""
    other = open_billing(manifest=provisioned, api_base=stripe_emulator.url)
    pause = stripe_emulator.pause_next("after", method="GET", path="/v1/subscriptions")
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(billing.subscribe, org, price="team.monthly")
        pause.wait_until_reached()
        early = other.subscribe(org, price="team.monthly")
        pause.release()
        assert late.result().id == early.id
    assert len(subscriptions(stripe_client)) == 1


def test_a_repetition_changes_nothing(billing: Billing, org: str, stripe_emulator: EmulatorClient) -> None:
    """A repeated call must return the subscription as it is, without a write."""
    first = billing.subscribe(org, price="team.monthly", quantity=3)
    stripe_emulator.clear_requests()
    assert billing.subscribe(org, price="team.monthly", quantity=8) == first
    assert stripe_emulator.count(method="POST") == 0


def test_two_prices_are_two_subscriptions(billing: Billing, org: str) -> None:
    """Only the same price is a repetition."""
    made = [billing.subscribe(org, price=price).id for price in ("team.monthly", "alpaca-ai.base")]
    assert len(set(made)) == 2
    assert {one.id for one in billing.subscriptions.of(org)} == set(made)


def test_subscribing_again_after_cancelling(billing: Billing, org: str, stripe_client: stripe.StripeClient) -> None:
    """A cancelled subscription must not stand in the way of a new one."""
    first = billing.subscribe(org, price="team.monthly")
    stripe_client.v1.subscriptions.cancel(first.id)
    second = billing.subscribe(org, price="team.monthly")
    assert second.id != first.id
    assert [one.id for one in billing.subscriptions.of(org)] == [second.id]


def test_a_lost_answer(
    billing: Billing, org: str, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """An answer lost on the way must not lead to a second subscription, now or in the next call."""
    stripe_emulator.cut_next("after", count=5, **CREATE)
    with pytest.raises(StripeUnavailable):
        billing.subscribe(org, price="team.monthly")
    made = billing.subscribe(org, price="team.monthly")
    assert [one.id for one in subscriptions(stripe_client)] == [made.id]


def test_a_kept_server_error(billing: Billing, org: str, stripe_emulator: EmulatorClient) -> None:
    """A 500 that Stripe repeats under its key must not shut the entity out for a day."""
    stripe_emulator.fail_next(500, **CREATE)
    assert billing.subscribe(org, price="team.monthly").status == "trialing"


def test_a_declined_card_can_be_tried_again(billing: Billing, org: str, stripe_emulator: EmulatorClient) -> None:
    """A refusal must be told and must not be repeated to the next call."""
    body = {"error": {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}}
    stripe_emulator.fail_next(402, body=body, keep=True, **CREATE)
    with pytest.raises(StripeRefused, match=r"refused to create a subscription: Your card was declined\.") as caught:
        billing.subscribe(org, price="team.monthly")
    assert caught.value.code == "card_declined"
    assert billing.subscribe(org, price="team.monthly").status == "trialing"


def test_a_price_replaced_since_the_manifest_was_written(
    billing: Billing, org: str, provisioned: Json, stripe_client: stripe.StripeClient
) -> None:
    """Yesterday's manifest must still sell: the lookup key leads to today's price."""
    new = replace_team_price(stripe_client, provisioned)
    assert billing.subscribe(org, price="team.monthly").items[0].price_id == new


def test_a_subscriber_of_a_replaced_price(
    open_billing: Callable[..., Billing],
    billing: Billing,
    org: str,
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> None:
    """Whoever is on the old price has a subscription to it, also in the eyes of a newer manifest."""
    first = billing.subscribe(org, price="team.monthly", quantity=3)
    provisioned["prices"]["team.monthly"]["id"] = replace_team_price(stripe_client, provisioned)
    newer = open_billing(manifest=provisioned, api_base=stripe_emulator.url)
    again = newer.subscribe(org, price="team.monthly")
    assert again.id == first.id
    assert again.items[0].terms is not None
    assert again.items[0].terms.replaced


def replace_team_price(client: stripe.StripeClient, provisioned: Json) -> str:
    """Raise the price as provisioning does: a new one takes the lookup key over, the old one is archived."""
    old = client.v1.prices.retrieve(provisioned["prices"]["team.monthly"]["id"])
    metadata: Any = old.metadata.to_dict() if old.metadata else {}
    new = client.v1.prices.create(
        {
            "product": provisioned["products"]["team"]["id"],
            "currency": "usd",
            "unit_amount": 1500,
            "recurring": {"interval": "month"},
            "lookup_key": "team_monthly",
            "transfer_lookup_key": True,
            "metadata": metadata,
        }
    )
    client.v1.prices.update(old.id, {"active": False, "metadata": {"billing:stack": "", "billing:key": ""}})
    return new.id


@pytest.mark.parametrize(
    ("price", "quantity", "error", "said"),
    [
        ("team.monthly", 0, InvalidInput, "Price 'team.monthly' needs at least 1 seats"),
        ("team.monthly", -1, InvalidInput, "needs at least 1 seats"),
        ("team.monthly", 51, SeatsOutOfRange, "allows at most 50 seats, 51 are wanted"),
        ("team.monthly", 2.0, InvalidInput, "quantity must be a whole number"),
        ("team.monthly", True, InvalidInput, "quantity must be a whole number"),
        ("alpaca-ai.tokens", 1, InvalidInput, "is a metered price: leave quantity out"),
        ("alpaca-ai.base", 2, InvalidInput, "is a flat price: leave quantity out"),
        ("alpaca-ai.setup", None, InvalidInput, "is paid once: it cannot be subscribed to"),
        ("team.mothly", None, UnknownName, "did you mean 'team.monthly'"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(
    billing: Billing,
    org: str,
    stripe_emulator: EmulatorClient,
    price: str,
    quantity: Any,
    error: type[Exception],
    said: str,
) -> None:
    """What cannot be right must be refused here, by name."""
    with pytest.raises(error, match=said):
        billing.subscribe(org, price=price, quantity=quantity)
    assert stripe_emulator.count() == 0


def test_an_entity_without_customer(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """Nobody is subscribed before there is somebody to bill."""
    with pytest.raises(NoCustomer):
        billing.subscribe("org_9", price="team.monthly")
    assert stripe_emulator.count() == 0


def test_a_price_without_an_id(
    open_billing: Callable[..., Billing], billing: Billing, org: str, provisioned: Json, stripe_emulator: EmulatorClient
) -> None:
    """A price that was never provisioned must be named."""
    provisioned["prices"]["team.monthly"]["id"] = None
    half = open_billing(manifest=provisioned, api_base=stripe_emulator.url)
    with pytest.raises(NotProvisioned, match=r"The price 'team\.monthly' has no Stripe id"):
        half.subscribe(org, price="team.monthly")


def test_a_subscription_that_is_gone(
    billing: Billing, org: str, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """A subscription Stripe knows nothing of any more must not stand in the way of a new one."""
    first = billing.subscribe(org, price="team.monthly")
    stripe_client.v1.subscriptions.cancel(first.id)
    body = {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such subscription"}}
    stripe_emulator.fail_next(404, body=body, method="GET", path="/v1/subscriptions/*")
    assert billing.subscribe(org, price="team.monthly").id != first.id


def test_a_failure_to_read_is_told(
    billing: Billing, org: str, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """Not being allowed to read a subscription must not be taken for its end."""
    stripe_client.v1.subscriptions.cancel(billing.subscribe(org, price="team.monthly").id)
    body = {"error": {"type": "invalid_request_error", "message": "Not allowed."}}
    stripe_emulator.fail_next(403, body=body, method="GET", path="/v1/subscriptions/*")
    with pytest.raises(StripeRefused, match=r"Stripe refused to read a subscription: Not allowed\."):
        billing.subscribe(org, price="team.monthly")
    assert len(subscriptions(stripe_client)) == 1


def test_more_items_than_stripe_embeds(
    billing: Billing, org: str, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """A price must be found behind the items that Stripe puts into the subscription itself."""
    made = billing.subscribe(org, price="team.monthly")
    page = stripe_client.v1.subscriptions.list({"limit": 1}).to_dict(for_json=True)
    page["data"][0]["items"] |= {"data": [], "has_more": True}
    stripe_emulator.fail_next(200, body=page, method="GET", path="/v1/subscriptions")
    assert billing.subscribe(org, price="team.monthly") == made


def test_an_ended_subscription_whose_answer_was_lost(
    billing: Billing, org: str, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """Stripe repeats its first answer; one that ended since must not come back as running."""
    stripe_emulator.cut_next("after", count=5, **CREATE)
    with pytest.raises(StripeUnavailable):
        billing.subscribe(org, price="team.monthly")
    (lost,) = subscriptions(stripe_client)
    stripe_client.v1.subscriptions.cancel(lost.id)
    made = billing.subscribe(org, price="team.monthly")
    assert made.id != lost.id
    assert [one.id for one in billing.subscriptions.of(org)] == [made.id]


def test_a_request_of_yesterday_for_an_archived_price(
    open_billing: Callable[..., Billing],
    billing: Billing,
    org: str,
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> None:
    """What an earlier call left behind must not be the answer to this one once Stripe refuses it."""
    stripe_emulator.cut_next("before", count=5, **CREATE)
    with pytest.raises(StripeUnavailable):
        billing.subscribe(org, price="team.monthly", quantity=3)
    new = provisioned["prices"]["team.monthly"]["id"] = replace_team_price(stripe_client, provisioned)
    made = open_billing(manifest=provisioned, api_base=stripe_emulator.url).subscribe(
        org, price="team.monthly", quantity=4
    )
    assert [(item.price_id, item.quantity) for item in made.items] == [(new, 4)]


def test_marks_of_ended_subscriptions_do_not_matter(
    billing: Billing, org: str, provisioned: Json, stripe_client: stripe.StripeClient
) -> None:
    """A price nobody understands any more must not shut out whoever once was on it."""
    facts = provisioned["prices"]["team.monthly"] | {"type": "per_moon", "lookup_key": None, "unit_amount_decimal": "0"}
    strange = create_price(stripe_client, provisioned, "team.old", facts)
    customer = billing.customers.require(org).id
    old = stripe_client.v1.subscriptions.create({"customer": customer, "items": [{"price": strange.id}]})
    stripe_client.v1.subscriptions.cancel(old.id)
    assert billing.subscribe(org, price="team.monthly").status == "trialing"
