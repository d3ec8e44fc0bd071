"""A catalog like the example's: as manifest JSON, and as objects at the emulated Stripe."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from billing_runtime import Billing, Retries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from stripe_emulator.client import EmulatorClient
    from tests.postgresql import Server

Json = dict[str, Any]
IMPATIENT = Retries(attempts=5, first=0.001, longest=0.002)


def price(**facts: Any) -> Json:
    """One price of the manifest."""
    return {
        "id": None,
        "product": "team",
        "type": "flat",
        "seats": None,
        "currency": "usd",
        "unit_amount_decimal": "1200",
        "tiers": None,
        "tiers_mode": None,
        "transform_quantity": None,
        "currency_options": {},
        "interval": "month",
        "interval_count": 1,
        "lookup_key": None,
        "trial_days": None,
        "meter": None,
        "limits": {},
        "features": {},
        "default": False,
    } | facts


def example() -> Json:
    """The manifest of a small catalog."""
    seats = {"mode": "follow", "minimum": 1, "maximum": 50}
    tokens = {"included": 100000, "per": "period", "overage": "bill", "meter": "alpaca-ai-tokens"}
    return {
        "version": 1,
        "project": "shop",
        "stack": "dev",
        "account": "acct_emulator",
        "livemode": False,
        "api_version": "2026-10-28.endive",
        "catalog_digest": "sha256:0",
        "plans": {
            "team": {
                "product": "team",
                "audience": ["organization"],
                "rank": 2,
                "name": "Team",
                "badge": None,
                "free": False,
                "limits": {"members": {"included": "unlimited", "per": "lifetime", "overage": "block", "meter": None}},
                "features": {"sso": "1"},
                "prices": ["team.monthly"],
            },
            "alpaca-ai": {
                "product": "alpaca-ai",
                "audience": ["user", "organization"],
                "rank": 1,
                "name": "Alpaca AI",
                "group": "ai",
                "badge": "new",
                "free": False,
                "limits": {"ai_tokens": tokens},
                "features": {},
                "prices": ["alpaca-ai.tokens", "alpaca-ai.base"],
            },
        },
        "products": {"team": {"id": "prod_team"}, "alpaca-ai": {"id": "prod_ai"}},
        "prices": {
            "team.monthly": price(id="price_team", type="per_seat", seats=seats, trial_days=14, default=True)
            | {"lookup_key": "team_monthly"},
            "alpaca-ai.tokens": price(id="price_tokens", product="alpaca-ai", type="metered", meter="alpaca-ai-tokens")
            | {"unit_amount_decimal": "4", "transform_quantity": {"divide_by": 1000, "round": "up"}},
            "alpaca-ai.base": price(id="price_base", product="alpaca-ai", unit_amount_decimal="0"),
            "alpaca-ai.setup": price(id="price_once", product="alpaca-ai", type="one_time", interval=None)
            | {"interval_count": None},
        },
        "meters": {
            "alpaca-ai-tokens": {
                "id": "mtr_tokens",
                "event_name": "alpaca_ai_tokens",
                "formula": "sum",
                "customer_key": "stripe_customer_id",
                "value_key": "value",
                "window": None,
            }
        },
        "alerts": {
            "t": {
                "id": "alrt_1",
                "title": "First 800,000",
                "meter": "alpaca-ai-tokens",
                "gte": 800000,
                "status": "active",
            }
        },
        "webhook_endpoints": {"app": {"id": "we_1", "url": "https://app.example.com/stripe", "api_version": None}},
        "features": {},
        "portal_configurations": {},
        "retired": {"prices": {}},
    }


def holds_in_child(claim: Callable[[], bool]) -> bool:
    """Whether it is so in a forked process, which never comes back into the test."""
    child = os.fork()
    if child == 0:
        held = False
        try:
            held = claim()
        finally:
            os._exit(0 if held else 1)
    return os.waitpid(child, 0)[1] == 0


@pytest.fixture
def manifest_data() -> Json:
    """A manifest with made-up ids."""
    return example()


@pytest.fixture
def store_url(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A store of this test's own; BILLING_TEST_STORE=postgresql puts the tests on that, but for those of SQLite."""
    of_sqlite = "backend" in request.fixturenames or request.node.get_closest_marker("sqlite_file")
    if os.environ.get("BILLING_TEST_STORE") == "postgresql" and not of_sqlite:
        server: Server = request.getfixturevalue("postgresql_server")
        return server.database()
    return f"sqlite:///{tmp_path}/runtime.db"


BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
"""For `@pytest.mark.parametrize("backend", BACKENDS)`: what must be so on every backend."""


@pytest.fixture
def any_store_url(backend: str, request: pytest.FixtureRequest) -> str:
    """A store of this test's own on the backend of the parameter."""
    if backend == "postgresql":
        server: Server = request.getfixturevalue("postgresql_server")
        return server.database()
    return str(request.getfixturevalue("store_url"))


@pytest.fixture
def open_billing(store_url: str) -> Iterator[Callable[..., Billing]]:
    """Open a Billing that knows nothing of this machine's environment; closed after the test."""
    opened: list[Billing] = []

    def open_one(**settings: Any) -> Billing:
        defaults: Json = {"store": store_url, "api_key": "sk_test_emulator", "retries": IMPATIENT, "environ": {}}
        opened.append(Billing.open(**(defaults | settings)))
        return opened[-1]

    yield open_one
    for billing in opened:
        billing.close()


@pytest.fixture
def stripe_client(stripe_emulator: EmulatorClient) -> stripe.StripeClient:
    """The plain SDK on the same account, as provisioning or a person at the dashboard would use it."""
    base = stripe_emulator.url
    return stripe.StripeClient(stripe_emulator.key, base_addresses={"api": base}, max_network_retries=0)


@pytest.fixture
def provisioned(stripe_client: stripe.StripeClient, manifest_data: Json) -> Json:
    """The example, with its objects at the emulated Stripe."""
    for key, meter in manifest_data["meters"].items():
        meter["id"] = create_meter(stripe_client, key, meter).id
    for key, product in manifest_data["products"].items():
        product["id"] = stripe_client.v1.products.create({"name": key}).id
    for key, facts in manifest_data["prices"].items():
        facts["id"] = create_price(stripe_client, manifest_data, key, facts).id
    return manifest_data


def create_meter(client: stripe.StripeClient, key: str, meter: Json) -> stripe.billing.Meter:
    """A meter as provisioning makes it."""
    aggregation: Any = {"formula": meter["formula"]}
    params: Any = {"display_name": key, "event_name": meter["event_name"], "default_aggregation": aggregation}
    return client.v1.billing.meters.create(params)


def create_price(client: stripe.StripeClient, data: Json, key: str, facts: Json) -> stripe.Price:
    """A price as provisioning makes it, marks included."""
    params: Json = {
        "product": data["products"][facts["product"]]["id"],
        "currency": facts["currency"],
        "unit_amount_decimal": facts["unit_amount_decimal"],
        "metadata": marks(key, facts),
    }
    if facts["interval"]:
        params["recurring"] = {"interval": facts["interval"]}
    if facts["meter"]:
        params["recurring"] |= {"usage_type": "metered", "meter": data["meters"][facts["meter"]]["id"]}
    for name in ("lookup_key", "transform_quantity"):
        if facts[name]:
            params[name] = facts[name]
    return client.v1.prices.create(params)  # type: ignore[arg-type] # put together


def marks(key: str, facts: Json) -> dict[str, str]:
    """The metadata that provisioning leaves on a price."""
    ours = {"billing:stack": "shop/dev", "billing:key": key, "billing:type": facts["type"]}
    if seats := facts["seats"]:
        ours["billing:seats"] = f"{seats['mode']} minimum={seats['minimum']} maximum={seats['maximum']}"
    return ours


@pytest.fixture
def billing(open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient) -> Billing:
    """The example's billing, open on the emulated Stripe; requests are counted from here."""
    stripe_emulator.clear_requests()
    return open_billing(manifest=provisioned, api_base=stripe_emulator.url)
