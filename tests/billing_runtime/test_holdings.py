"""`billing.subscription`: what an entity holds, from the cache alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import InvalidInput, StripeUnavailable
from billing_runtime._cache.normal import normalised
from billing_runtime._cache.writing import Answer
from billing_runtime.held import moments

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from billing_runtime import Billing
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
FREE = {"projects": {"included": 3, "per": "lifetime", "overage": "block", "meter": None}}


@pytest.fixture
def manifest_data(manifest_data: Json) -> Json:
    """The example with a free plan for organizations."""
    free = manifest_data["plans"]["team"] | {"free": True, "rank": 0, "prices": [], "name": "Free", "limits": FREE}
    manifest_data["plans"]["free"] = free | {"product": "team", "features": {}}
    return manifest_data


def subscribed(billing: Billing, price: str = "team.monthly", **settings: Any) -> str:
    """org_1 with a subscription that the cache knows; its id."""
    billing.customers.ensure("org_1", kind="organization")
    made = billing.subscribe("org_1", price=price, **settings)
    billing.sync("org_1")
    return made.id


def test_without_a_subscription_there_is_none(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """Whoever has nothing must get a falsy answer with the free plan, and no request."""
    found = billing.subscription("org_1")
    assert (bool(found), found.status, found.id, found.over) == (False, "none", None, True)
    assert found.plan is not None
    assert (found.plan.key, found.limits["projects"].included) == ("free", 3)
    assert billing.held("org_1") == ()
    assert stripe_emulator.count() == 0


def test_what_it_says(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """Plan, items, periods, trial, flags, limits and features must be there, from one synchronization."""
    identifier = subscribed(billing, quantity=3)
    found = billing.subscription("org_1")
    assert (bool(found), found.id, found.status, found.on_trial) == (True, identifier, "trialing", True)
    assert found.plan is not None
    assert found.plan.key == "team"
    assert [(item.price, item.quantity) for item in found.items] == [("team.monthly", 3)]
    assert found.current_period_start is not None
    assert found.current_period_end == found.trial_end
    assert found.trial_end == found.current_period_start + timedelta(days=14)
    assert (found.cancel_at_period_end, found.collection_paused, found.change_pending) == (False, False, False)
    assert (found.limits["members"].included, found.features) == ("unlimited", {"sso": "1"})
    assert found.has_price("team.monthly")
    assert not found.has_price("alpaca-ai.base")


def test_the_card_is_the_subscriptions_or_the_customers(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """Brand and last four digits must be of the method that pays: its own first, else the customer's default."""
    identifier = subscribed(billing, "alpaca-ai.base")
    customer = billing.customers.require("org_1").id
    assert billing.subscription("org_1").payment_method is None
    visa = stripe_client.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    stripe_client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": visa.id}})
    billing.sync("org_1")
    method = billing.subscription("org_1").payment_method
    assert method is not None
    assert (method.type, method.brand, method.last4) == ("card", "visa", "4242")
    other = stripe_client.v1.payment_methods.attach("pm_card_mastercard", {"customer": customer})
    stripe_client.v1.subscriptions.update(identifier, {"default_payment_method": other.id})
    billing.sync("org_1")
    method = billing.subscription("org_1").payment_method
    assert method is not None
    assert (method.brand, method.last4) == ("mastercard", "4444")


def test_a_cancelled_one_gives_access_until_its_end(
    open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient, stripe_client: Any
) -> None:
    """The end of the period must end the access at that moment, although no event has come."""
    now = [datetime(2026, 11, 27, 12, tzinfo=UTC)]
    stripe_emulator.clock.set("2026-11-27T12:00:00Z")
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url, clock=lambda: now[0])
    identifier = subscribed(billing)
    stripe_client.v1.subscriptions.update(identifier, {"cancel_at_period_end": True})
    billing.sync("org_1")
    found = billing.subscription("org_1")
    assert (found.cancel_at_period_end, bool(found)) == (True, True)
    assert found.ends_at == found.access.until == now[0] + timedelta(days=14)
    assert found.features == {"sso": "1"}
    now[0] += timedelta(days=14)
    assert (bool(found), bool(billing.subscription("org_1"))) == (False, False)
    assert (found.access.reason, found.features, set(found.limits)) == ("ended", {}, {"projects"})


def test_the_one_that_counts_has_access(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """Of several subscriptions a newer one that gives nothing must never hide an older one that is paid."""
    first = subscribed(billing, "alpaca-ai.base")
    billing.subscribe("org_1", price="team.monthly")
    billing.sync("org_1")
    counted = billing.subscription("org_1").id
    assert counted != first  # both run: the higher plan counts
    assert len(billing.held("org_1")) == 2
    stripe_client.v1.subscriptions.cancel(str(counted))
    billing.sync("org_1")
    found = billing.subscription("org_1")
    assert (found.id, bool(found)) == (first, True)
    assert {one.status for one in billing.held("org_1")} == {"canceled", "active"}


def test_a_replaced_price_keeps_its_own_terms(
    billing: Billing, stripe_client: stripe.StripeClient, open_billing: Callable[..., Billing], provisioned: Json
) -> None:
    """Who stays on an old price must read the limits of that price, under its plan."""
    customer = billing.customers.ensure("org_1", kind="organization").id
    product = provisioned["products"]["alpaca-ai"]["id"]
    marks = {"billing:key": "alpaca-ai.base", "billing:type": "flat", "limits:ai_tokens": "500", "features:beta": "1"}
    old = stripe_client.v1.prices.create(
        {"product": product, "currency": "usd", "unit_amount": 0, "recurring": {"interval": "month"}, "metadata": marks}
    )
    stripe_client.v1.subscriptions.create({"customer": customer, "items": [{"price": old.id}]})
    billing.sync(customer_id=customer)
    found = billing.subscription("org_1")
    assert found.plan is not None
    assert (found.plan.key, found.limits["ai_tokens"].included, found.features) == ("alpaca-ai", 500, {"beta": "1"})


def test_both_shapes_of_periods_are_read() -> None:
    """Periods must be found on the items, where they are now, and on the subscription, where they were."""
    item: Json = {"id": "si_1", "price": {"id": "price_1"}}
    body: Json = {"id": "sub_1", "status": "active", "customer": "cus_1", "created": 1}
    edges: Json = {"current_period_start": 1000, "current_period_end": 2000}
    new = moments(normalised(body, [item | edges]))
    old = moments(normalised(body | edges, [item]))
    assert new == old
    assert new["current_period_end"] == datetime.fromtimestamp(2000, UTC)
    assert moments(normalised(body, [item]))["current_period_end"] is None


def test_the_store_holds_no_personal_data(billing: Billing) -> None:
    """Of the customer only the id may be kept, though e-mail and name come with the answer."""
    billing.customers.ensure("org_1", kind="organization", email="ops@example.com", name="Alpaca Farm")
    subscribed(billing)
    body = billing._context.cache.of("org_1")[0].body
    assert "example.com" not in str(body)
    assert "Alpaca Farm" not in str(body)


def test_sync_needs_exactly_one_name(billing: Billing) -> None:
    """A call that names nobody, or two, must be refused; one without a customer is no error."""
    with pytest.raises(InvalidInput, match="sync takes an entity_id or a customer_id"):
        billing.sync()
    with pytest.raises(InvalidInput, match="sync takes an entity_id or a customer_id"):
        billing.sync("org_1", customer_id="cus_1")
    assert billing.sync("org_1") == ()
    assert billing.sync(customer_id="cus_nobody") == ()


def test_while_stripe_is_away_the_cache_answers(billing: Billing, stripe_emulator: EmulatorClient) -> None:
    """A failed synchronization must change nothing that is known."""
    identifier = subscribed(billing)
    stripe_emulator.fail_next(503, count=5)
    with pytest.raises(StripeUnavailable):
        billing.sync("org_1")
    assert billing.subscription("org_1").id == identifier


def test_a_reader_sees_a_past_due_one_in_grace(billing: Billing) -> None:
    """Grace must be counted from when the subscription was first seen past due."""
    subscribed(billing)
    (now,) = billing._context.cache.of("org_1")
    at = int(billing._context.clock().timestamp()) - 6 * 86400
    answer = Answer(now.customer_id, "org_1", now.fetched_seq + 1, at, [now.body | {"status": "past_due"}])
    billing._context.cache.keep(answer)
    found = billing.subscription("org_1")
    assert (bool(found), found.access.reason) == (True, "past_due, in grace")
    assert found.access.until == datetime.fromtimestamp(at + 7 * 86400, UTC)
