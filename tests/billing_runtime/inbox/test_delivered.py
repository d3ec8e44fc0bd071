"""What the emulated Stripe delivers by itself: snapshots and thin events, through the application, to the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import stripe

from billing_runtime import Billing, CheckoutSettings
from billing_runtime.webhooks import wsgi_app
from stripe_emulator.client import EmulatorClient
from tests.billing_runtime.inbox.test_apps import served

Json = dict[str, Any]
PAGES = CheckoutSettings(success_url="https://app.test/done", cancel_url="https://app.test/pricing")
APP = "https://app.example.com"


@contextmanager
def listening(billing: Billing, emulator: EmulatorClient) -> Iterator[None]:
    """The application is where the emulator sends its webhooks; nothing works on them but the test."""
    with served(wsgi_app(billing, work=False)) as port:
        emulator.forward({APP: f"http://127.0.0.1:{port}"})
        yield


def worked(billing: Billing, emulator: EmulatorClient) -> None:
    """Everything has arrived and is worked on, and nothing was given up."""
    emulator.wait_for_deliveries()
    billing.worker().once()
    assert (billing.inbox.waiting(), billing.inbox.dead()) == ([], [])


@pytest.fixture
def billing(
    open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient, stripe_client: Any
) -> Billing:
    """A billing that hears of everything, thin events with a secret of their own."""
    endpoint = stripe_client.v1.webhook_endpoints.create(
        {"url": f"{APP}/stripe", "enabled_events": ["*"], "api_version": "2026-10-28.endive"}
    )
    thin = stripe_client.v2.core.event_destinations.create(
        {
            "name": "Errors of meters",
            "type": "webhook_endpoint",
            "event_payload": "thin",
            "enabled_events": ["v1.billing.meter.error_report_triggered", "v1.billing.meter.no_meter_found"],
            "webhook_endpoint": {"url": f"{APP}/thin"},
            "include": ["webhook_endpoint.signing_secret"],
        }
    )
    secrets = {"app": endpoint.secret, "errors": thin.webhook_endpoint.signing_secret}
    return open_billing(manifest=provisioned, api_base=stripe_emulator.url, webhook_secrets=secrets, checkout=PAGES)


def test_usage_that_was_refused_afterwards(
    billing: Billing, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient
) -> None:
    """A thin event carries nothing: the report is fetched, kept, and told to who listens."""
    heard: list[Any] = []
    billing.on("v1.billing.meter.error_report_triggered", heard.append)
    session = stripe_client.v2.billing.meter_event_session.create()
    stream = stripe.StripeClient(
        session.authentication_token,
        base_addresses={"api": stripe_emulator.url, "meter_events": stripe_emulator.url},
        max_network_retries=0,
    )
    payload = {"stripe_customer_id": "cus_nobody", "value": "5"}
    usage: Any = {"events": [{"event_name": "alpaca_ai_tokens", "identifier": "job-1", "payload": payload}]}
    with listening(billing, stripe_emulator):
        stripe_emulator.clock.advance(0)
        stream.v2.billing.meter_event_stream.create(usage)
        stripe_emulator.clock.advance(20)
        worked(billing, stripe_emulator)
    [told] = heard
    reason = told.fact["report"]["reason"]
    assert (reason["error_count"], reason["error_types"][0]["code"]) == (1, "meter_event_customer_not_found")


def with_debits(client: Any, page: str) -> Any:
    """The same page in an account that takes debits, which at Stripe is a setting of the Dashboard."""
    ours = client.v1.checkout.sessions.retrieve(page, {"expand": ["line_items"]}).to_dict()
    line = {"price": ours["line_items"]["data"][0]["price"]["id"], "quantity": 1}
    same = {name: ours[name] for name in ("mode", "customer", "metadata", "success_url", "client_reference_id")}
    debits = {"line_items": [line], "allowed_payment_method_types": ["card", "us_bank_account"]}
    return client.v1.checkout.sessions.create({name: value for name, value in (same | debits).items() if value})


@pytest.mark.parametrize(("outcome", "status"), [("succeed", "paid"), ("fail", "unpaid")])
def test_a_debit_that_takes_days(
    billing: Billing, stripe_emulator: EmulatorClient, stripe_client: Any, outcome: str, status: str
) -> None:
    """A page can be completed long before it is paid; the purchase follows when the money came, or did not."""
    kinds: list[str] = []
    billing.on("checkout.session.*", lambda told: kinds.append(told.type))
    billing.customers.ensure("org_1", kind="organization")
    with listening(billing, stripe_emulator):
        page = with_debits(stripe_client, billing.checkout("org_1", price="alpaca-ai.setup", mode="payment").id)
        done = stripe_emulator.complete_checkout(page.id, payment_method="pm_usBankAccount_success")
        worked(billing, stripe_emulator)
        assert [(one.status, one.payment_status) for one in billing.purchases.of("org_1")] == [("complete", "unpaid")]
        stripe_emulator.settle(done["payment_intent"], outcome)
        worked(billing, stripe_emulator)
    [purchase] = billing.purchases.of("org_1")
    assert (purchase.payment_status, purchase.prices) == (status, ("alpaca-ai.setup",))
    last = "succeeded" if outcome == "succeed" else "failed"
    assert kinds == ["checkout.session.completed", f"checkout.session.async_payment_{last}"]
    fact = billing.inbox.fact("checkout.session", page.id)
    assert fact is not None
    assert fact.entity_id == "org_1"


def test_what_an_entity_may_use_is_told(
    billing: Billing, stripe_emulator: EmulatorClient, stripe_client: stripe.StripeClient, provisioned: Json
) -> None:
    """A feature of the product that is subscribed to reaches the entity's facts."""
    feature = stripe_client.v1.entitlements.features.create({"name": "Single sign-on", "lookup_key": "sso"})
    product = provisioned["products"]["team"]["id"]
    stripe_client.v1.products.features.create(product, {"entitlement_feature": feature.id})
    billing.customers.ensure("org_1", kind="organization")
    with listening(billing, stripe_emulator):
        billing.subscribe("org_1", price="team.monthly")
        worked(billing, stripe_emulator)
    [fact] = billing.inbox.facts("org_1", "entitlements")
    assert "sso" in str(fact)
