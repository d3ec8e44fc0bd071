"""Is everything in order? What is not must be found, whatever else is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, CheckoutSettings, Finding

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]


@pytest.fixture
def endpoint(provisioned: Json, stripe_client: stripe.StripeClient) -> str:
    """The stack's webhook endpoint at Stripe."""
    declared = provisioned["webhook_endpoints"]["app"]
    declared["id"] = stripe_client.v1.webhook_endpoints.create(
        {
            "url": declared["url"],
            "enabled_events": ["customer.subscription.updated"],
            "api_version": "2026-10-28.endive",
        }
    ).id
    return str(declared["id"])


@pytest.fixture
def shop(
    open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient, endpoint: str
) -> Callable[..., Billing]:
    """Open billing on a stack that is in order."""
    del endpoint
    usual: Json = {"manifest": provisioned, "api_base": stripe_emulator.url, "webhook_secrets": "whsec_1"}
    return lambda **more: open_billing(**(usual | more))


def bad(billing: Billing) -> list[Finding]:
    """What is not in order."""
    return [one for one in billing.doctor() if one.state != "ok"]


def test_in_order(shop: Callable[..., Billing], stripe_emulator: EmulatorClient) -> None:
    """A stack in order must have nothing but good findings, and nothing may be changed for them."""
    billing = shop()
    stripe_emulator.clear_requests()
    assert [one.check for one in billing.doctor()] == [
        "manifest",
        "key",
        "store",
        "webhook endpoint",
        "webhook secret",
        "inbox",
        "usage",
        "price",
        "drift",
        "second subscription",
    ]
    assert bad(billing) == []
    assert stripe_emulator.count(method="POST") == 0


def test_a_key_of_another_account(shop: Callable[..., Billing]) -> None:
    """A key of another account must be a fault with its reason, and no reason to say nothing else."""
    found = shop(api_key="sk_test_other").doctor()
    assert next(one for one in found if one.check == "key").state == "fault"
    assert [one.state for one in found if one.check in {"manifest", "store"}] == ["ok", "ok"]


def test_a_manifest_that_could_not_be_taken(shop: Callable[..., Billing], provisioned: Json, tmp_path: Path) -> None:
    """That the file holds something newer and broken must be told for as long as it is so."""
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(provisioned))
    billing = shop(manifest=path)
    assert bad(billing) == []
    path.write_text("{")
    (found,) = bad(billing)
    assert (found.check, found.state) == ("manifest", "fault")
    assert found.said.startswith("An older manifest is in force: The manifest in ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"disabled": True}, "app: it is disabled at Stripe: run `billing up`."),
        (
            {"url": "https://other.example.com/"},
            "app: it sends somewhere else than the manifest says: run `billing up`.",
        ),
    ],
)
def test_an_endpoint_that_was_changed(
    shop: Callable[..., Billing], stripe_client: stripe.StripeClient, endpoint: str, change: Any, said: str
) -> None:
    """An endpoint that does not do what it is there for must be told with what to do."""
    stripe_client.v1.webhook_endpoints.update(endpoint, change)
    assert bad(shop()) == [Finding("webhook endpoint", "fault", said)]


def test_an_endpoint_that_is_gone(
    shop: Callable[..., Billing], stripe_client: stripe.StripeClient, endpoint: str
) -> None:
    """An endpoint that somebody deleted must be told."""
    stripe_client.v1.webhook_endpoints.delete(endpoint)
    assert bad(shop()) == [Finding("webhook endpoint", "fault", f"app: {endpoint} is not at Stripe: run `billing up`.")]


def test_a_rotation(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """While two endpoints send to one address, both secrets are needed, and that must be told."""
    other = stripe_client.v1.webhook_endpoints.create(
        {"url": "https://app.example.com/stripe", "enabled_events": ["customer.deleted"]}
    )
    (found,) = bad(shop())
    assert (found.check, found.state) == ("webhook endpoint", "warning")
    assert f"{other.id} sends there too: keep both secrets" in found.said


def test_prices(shop: Callable[..., Billing], provisioned: Json, stripe_client: stripe.StripeClient) -> None:
    """A manifest that is older than Stripe is a warning; a price that was never there is a fault."""
    archived = provisioned["prices"]["team.monthly"]["id"]
    stripe_client.v1.prices.update(archived, {"active": False})
    lost = provisioned["prices"]["alpaca-ai.base"] | {"id": "price_lost"}
    manifest = provisioned | {"prices": provisioned["prices"] | {"alpaca-ai.base": lost}}
    assert [(one.check, one.state) for one in bad(shop(manifest=manifest))] == [
        ("price", "warning"),
        ("price", "fault"),
    ]


def test_a_second_subscription(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """One that was left alone must be told until somebody ends it."""
    billing = shop(checkout=CheckoutSettings(duplicates="report"))
    customer = billing.customers.ensure("org_1", kind="organization").id
    billing.subscribe("org_1", price="team.monthly")
    items: Any = [{"price": billing.price("team.monthly").id, "quantity": 1}]
    stripe_client.v1.subscriptions.create({"customer": customer, "items": items, "trial_period_days": 7})
    billing.sync("org_1")
    (found,) = bad(billing)
    assert (found.check, found.state) == ("second subscription", "warning")


def test_stripe_is_out_of_reach(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """Without Stripe the rest must still be told."""
    found = open_billing(manifest=manifest_data, api_base="http://127.0.0.1:9").doctor()
    assert {one.check: one.state for one in found} == {
        "manifest": "ok",
        "key": "fault",
        "store": "ok",
        "webhook endpoint": "fault",
        "webhook secret": "warning",
        "inbox": "ok",
        "usage": "ok",
        "price": "fault",
        "drift": "ok",
        "second subscription": "ok",
    }


@pytest.mark.parametrize("given", [None, {"other": "whsec_1", "app2": "whsec_2"}])
def test_a_secret_that_is_missing(shop: Callable[..., Billing], given: Any) -> None:
    """An endpoint without its signing secret must be told before its first webhook is refused."""
    if given is None:
        assert [one.check for one in bad(shop(webhook_secrets=None))] == ["webhook secret"]
    else:
        assert bad(shop(webhook_secrets=given | {"app": "whsec_3"})) == []


def test_secrets_by_name(shop: Callable[..., Billing], provisioned: Json, endpoint: str) -> None:
    """Where secrets have the names of endpoints, each endpoint must have its own."""
    more = provisioned["webhook_endpoints"]["app"] | {"id": endpoint}
    manifest = provisioned | {"webhook_endpoints": {"app": more, "second": more}}
    found = bad(shop(manifest=manifest, webhook_secrets={"app": "whsec_1"}))
    assert [(one.check, one.said.split(" ")[0]) for one in found] == [("webhook secret", "second")]


def test_the_inbox(shop: Callable[..., Billing]) -> None:
    """Webhooks that wait too long, and those that were given up, must be told."""
    billing = shop()
    row: Json = {"type": "customer.updated", "key": "cus_1", "customer_id": "cus_1", "object_id": "cus_1"}
    row |= {"details": "{}", "created": 1, "received_at": 1}
    waiting, dead = {"event_id": "evt_1", "state": "pending", "due_at": 1}, {"event_id": "evt_2", "state": "dead"}
    with billing._context.store.transaction(billing._context.scope) as change:
        change.all("insert_events", events=json.dumps([row | waiting, row | dead | {"due_at": None}]))
    assert [(one.check, one.state, one.said[:9]) for one in bad(billing)] == [
        ("inbox", "fault", "1 webhook"),
        ("inbox", "fault", "1 webhook"),
    ]


def test_drift(shop: Callable[..., Billing], stripe_client: stripe.StripeClient) -> None:
    """A change at Stripe that was never heard of must be told until it is."""
    billing = shop()
    billing.customers.ensure("org_1", kind="organization")
    made = billing.subscribe("org_1", price="team.monthly", quantity=2)
    assert bad(billing) == []
    stripe_client.v1.subscription_items.update(made.items[0].id, {"quantity": 7})
    (found,) = bad(billing)
    assert (found.check, found.state) == ("drift", "fault")
    billing.sync("org_1")
    assert bad(billing) == []
