"""One subscription in a group of plans, by page and by API, whatever becomes of the plan that was sold."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import AlreadySubscribed, Billing, CheckoutSettings, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]


@pytest.fixture
def one_group(provisioned: Json) -> Json:
    """The example, with both plans in one group."""
    del provisioned["plans"]["alpaca-ai"]["group"]
    return provisioned


@pytest.fixture
def shop(
    open_billing: Callable[..., Billing], one_group: Json, stripe_emulator: EmulatorClient
) -> Callable[..., Billing]:
    """Open billing; org_1 has a customer."""

    def opened(manifest: Json | None = None) -> Billing:
        checkout = CheckoutSettings(success_url="https://app.test/done")
        billing = open_billing(manifest=manifest or one_group, api_base=stripe_emulator.url, checkout=checkout)
        billing.customers.ensure("org_1", kind="organization")
        return billing

    return opened


def running(client: stripe.StripeClient) -> list[str]:
    """Every subscription that has not ended."""
    return [one.id for one in client.v1.subscriptions.list()]


def test_another_plan_of_the_group(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """A second plan must be refused by API and by page, with the subscription that is in its place."""
    billing = shop()
    made = billing.subscribe("org_1", price="team.monthly")
    for call in (billing.subscribe, billing.checkout):
        with pytest.raises(AlreadySubscribed, match="has the subscription") as refused:
            call("org_1", price="alpaca-ai.base")
        assert (refused.value.subscription_id, refused.value.group) == (made.id, "plans")
    assert running(stripe_client) == [made.id]


def test_two_plans_at_once(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """Of two plans that are subscribed to at the same moment by two processes one must be, the other refused."""
    processes = [shop(), shop()]

    def subscribe(which: int) -> str:
        try:
            return processes[which].subscribe("org_1", price=["team.monthly", "alpaca-ai.base"][which]).id
        except AlreadySubscribed as refused:
            return refused.subscription_id

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(subscribe, range(2)))
    assert said == running(stripe_client) * 2


def test_a_plan_that_is_sold_no_longer(
    shop: Callable[..., Billing], one_group: Json, stripe_client: stripe.StripeClient
) -> None:
    """Who is on a plan that left the catalog is subscribed all the same, and its trial was a trial."""
    made = shop().subscribe("org_1", price="team.monthly")
    left = {name: value for name, value in one_group.items() if name not in {"plans", "prices", "products"}}
    for part in ("plans", "prices", "products"):
        left[part] = {key: one for key, one in one_group[part].items() if not key.startswith("team")}
    billing = shop(left)
    with pytest.raises(AlreadySubscribed, match=made.id):
        billing.subscribe("org_1", price="alpaca-ai.base")
    stripe_client.v1.subscriptions.cancel(made.id)
    assert billing.subscribe("org_1", price="alpaca-ai.base", trial_days=30).trial_end is None


def test_a_threshold(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """Usage must be billed as soon as it comes to so much; that goes with no trial, and nothing less than one."""
    billing = shop()
    made = billing.subscribe("org_1", price="alpaca-ai.tokens", billing_threshold=5000)
    thresholds = stripe_client.v1.subscriptions.retrieve(made.id).billing_thresholds
    assert thresholds is not None
    assert thresholds.amount_gte == 5000
    billing.customers.ensure("org_2", kind="organization")
    for amount, said in ((0, "at least 1"), (9, "goes with no trial")):
        with pytest.raises(InvalidInput, match=said):
            billing.subscribe("org_2", price="team.monthly", billing_threshold=amount)
