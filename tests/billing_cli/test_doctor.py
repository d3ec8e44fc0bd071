"""`billing doctor`, `billing export` and `billing delete`, on a provisioned stack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from billing_runtime import Billing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

WHERE = ("--stack", "local", "--engine", "local")


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Where the application keeps its state."""
    return f"sqlite:///{tmp_path}/runtime.db"


@pytest.fixture
def application(provisioned: Project, stripe_emulator: EmulatorClient, store: str) -> Iterator[Billing]:
    """The application: acme has a customer and a subscription."""
    manifest = provisioned.outputs()["manifest"]
    key, base = stripe_emulator.key, stripe_emulator.url
    with Billing.open(manifest=manifest, store=store, environ={}, api_key=key, api_base=base) as billing:
        billing.customers.ensure("acme", kind="organization", email="ada@acme.test", name="Acme")
        billing.subscribe("acme", price="team.monthly", quantity=3)
        yield billing


@pytest.fixture
def client(stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """The plain SDK."""
    return stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})


def secrets(application: Billing) -> str:
    """A signing secret for each endpoint, as the application has them."""
    return json.dumps(dict.fromkeys(application.manifest.webhook_endpoints, "whsec_1"))


def test_everything_is_in_order(provisioned: Project, application: Billing, store: str) -> None:
    """A stack that was just provisioned must have no fault, and its account be named."""
    given = secrets(application)
    done = provisioned.billing("doctor", *WHERE, "--store", store, BILLING_WEBHOOK_SECRETS=given)
    assert "ok     manifest: Stack" in done.stdout
    assert f"a test key of account {application.manifest.account}" in done.stdout.lower()
    assert "FAULT" not in done.stdout


def test_as_json(provisioned: Project, application: Billing, store: str) -> None:
    """Programs must get every finding with its state, and no secret."""
    given = secrets(application)
    done = provisioned.billing("doctor", *WHERE, "--store", store, "--json", BILLING_WEBHOOK_SECRETS=given)
    findings = json.loads(done.stdout)["findings"]
    assert {one["check"] for one in findings} >= {"manifest", "key", "store", "webhook endpoint", "price"}
    assert {one["state"] for one in findings} == {"ok"}
    assert "whsec_" not in done.stdout
    assert "sk_test" not in done.stdout


def test_what_is_wrong(provisioned: Project, application: Billing, client: stripe.StripeClient, store: str) -> None:
    """An endpoint that was switched off and a price that was archived must be told, and be exit code 1."""
    endpoint = next(iter(application.manifest.webhook_endpoints.values()))
    client.v1.webhook_endpoints.update(str(endpoint.id), {"disabled": True})
    price = application.price("team.monthly")
    body = client.v1.prices.retrieve(str(price.id))
    client.v1.products.update(str(body.product), {"default_price": ""})
    client.v1.prices.update(str(price.id), {"active": False})
    done = provisioned.billing("doctor", *WHERE, "--store", store)
    assert done.returncode == 1
    assert f"FAULT  webhook endpoint: {endpoint.key}: it is disabled at Stripe: run `billing up`." in done.stdout
    assert f"!      price: {price.key} ({price.id}) was archived since" in done.stdout


def test_exported_and_deleted(
    provisioned: Project, application: Billing, client: stripe.StripeClient, store: str
) -> None:
    """What is kept about an entity must be shown whole, and be gone afterwards, here and at Stripe."""
    customer = application.customers.require("acme").id
    place = ("--entity", "acme", *WHERE, "--store", store)
    shown: Any = json.loads(provisioned.billing("export", *place).stdout)
    assert shown["stripe"]["customer"]["email"] == "ada@acme.test"
    assert [one["id"] for one in shown["stripe"]["subscriptions"]] == [application.subscription("acme").id]
    assert shown["store"]["entity"] == [{"kind": "organization", "customer_id": customer}]
    refused = provisioned.billing("delete", *place, "--yes")
    assert refused.returncode == 1
    assert "Entity 'acme' is still subscribed" in refused.stderr
    assert "needs a yes" in provisioned.billing("delete", *place).stderr
    done = provisioned.billing("delete", *place, "--yes", "--cancel-subscriptions", "--json")
    assert json.loads(done.stdout)["customer_id"] == customer
    assert application.customers.get("acme") is None
    assert not application.held("acme")
    assert client.v1.customers.retrieve(customer).to_dict().get("deleted") is True
    again: Any = json.loads(provisioned.billing("export", *place).stdout)
    assert again["stripe"] is None
    assert not any(again["store"].values())
