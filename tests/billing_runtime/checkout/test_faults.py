"""Checkout pages when something is missing, lost, wrong or at work twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import (
    Billing,
    NoCustomer,
    StripeUnavailable,
)
from tests.billing_runtime.checkout.test_checkout import CREATE, lines, sessions, subscriptions
from tests.billing_runtime.conftest import BACKENDS, create_price

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]


def test_a_customer_is_made_when_told(shop: Callable[..., Billing]) -> None:
    """Without a customer the call must say how to get one; with a kind it makes it."""
    billing = shop()
    with pytest.raises(NoCustomer):
        billing.checkout("org_2", price="alpaca-ai.base")
    page = billing.checkout("org_2", price="team.monthly", kind="organization", email="b@example.com")
    assert page.status == "open"
    assert billing.customers.kind("org_2") == "organization"


def test_a_customer_that_was_deleted(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """A customer that somebody deleted at Stripe must not keep its entity from buying."""
    billing = shop()
    gone = billing.customers.require("org_1").id
    stripe_client.v1.customers.delete(gone)
    page = billing.checkout("org_1", price="team.monthly", email="new@example.com")
    now = billing.customers.require("org_1").id
    assert page.status == "open"
    assert now != gone
    assert stripe_client.v1.customers.retrieve(now).email == "new@example.com"


def test_a_lost_answer(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """A page whose answer was lost must be the page of the next call."""
    billing = shop()
    stripe_emulator.cut_next("after", count=5, **CREATE)
    with pytest.raises(StripeUnavailable):
        billing.checkout("org_1", price="team.monthly")
    page = billing.checkout("org_1", price="team.monthly")
    assert [one.id for one in sessions(stripe_client)] == [page.id]


def test_a_lost_answer_about_another_page(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """What a crashed call asked for must not be shown to who asks for something else."""
    billing = shop()
    stripe_emulator.cut_next("after", count=5, **CREATE)
    with pytest.raises(StripeUnavailable):
        billing.checkout("org_1", price="team.monthly", quantity=3)
    page = billing.checkout("org_1", price="team.monthly", quantity=4)
    assert {one.id for one in sessions(stripe_client, status="open")} == {page.id}
    assert lines(stripe_emulator)[0]["quantity"] == "4"


@pytest.mark.parametrize("backend", BACKENDS)
def test_two_versions_of_an_application(
    shop: Callable[..., Billing],
    provisioned: Json,
    stripe_client: stripe.StripeClient,
    any_store_url: str,
) -> None:
    """Yesterday's and today's program, with another price each, must never have two pages open or two subscriptions."""
    facts = provisioned["prices"]["team.monthly"]
    dearer = create_price(stripe_client, provisioned, "team.monthly", facts | {"lookup_key": None}).id
    newer = provisioned | {"prices": provisioned["prices"] | {"team.monthly": facts | {"id": dearer}}}
    old, new = shop(store=any_store_url), shop(store=any_store_url, manifest=newer)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: one.checkout("org_1", price="team.monthly"), [old, new] * 2))
    assert len(sessions(stripe_client, status="open")) <= 1
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda one: one.subscribe("org_1", price="team.monthly").id, [old, new] * 2))
    assert made == [subscriptions(stripe_client)[0].id] * 4
    assert sessions(stripe_client, status="open") == []


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_clock_that_is_wrong(
    shop: Callable[..., Billing], stripe_client: stripe.StripeClient, stripe_emulator: EmulatorClient, hours: int
) -> None:
    """A machine whose clock is a day off must still open pages, and no more than one at a time."""
    from datetime import timedelta

    from billing_runtime.clock import system_clock

    billing = shop(clock=lambda: system_clock() + timedelta(hours=hours))
    pages = [billing.checkout("org_1", price="team.monthly") for _ in range(2)]
    assert [one.id for one in sessions(stripe_client, status="open")] == [pages[-1].id]
    stripe_emulator.complete_checkout(pages[-1].id)
    assert len(billing.subscriptions.of("org_1")) == 1


def test_a_card_that_was_saved_pays_from_now_on(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """A card saved on a page must be what the customer pays with once that is heard of."""
    billing = shop()
    page = billing.checkout("org_1", mode="setup")
    stripe_emulator.complete_checkout(page.id)
    billing.purchases.refresh(page.id)
    customer = stripe_client.v1.customers.retrieve(billing.customers.require("org_1").id)
    assert customer.invoice_settings is not None
    assert customer.invoice_settings.default_payment_method is not None
