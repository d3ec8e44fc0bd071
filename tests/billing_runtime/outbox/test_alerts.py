"""Stripe's own usage alerts: each fires once in a customer's life, and the application hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from billing_runtime import Billing
from billing_runtime.webhooks import wsgi_app
from tests.billing_runtime.inbox.test_apps import served
from tests.billing_runtime.outbox.conftest import Json

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from tests.billing_runtime.outbox.conftest import Time

APP = "https://app.example.com"


def test_an_alert_reaches_the_application_once(
    open_billing: Callable[..., Billing], data: Json, stripe_emulator: EmulatorClient, stripe_client: Any, clock: Time
) -> None:
    """Usage that passes a threshold must be heard of once, whatever is used after that, in whichever period."""
    threshold = {"meter": data["meters"]["tokens"]["id"], "gte": 100, "recurrence": "one_time"}
    made = stripe_client.v1.billing.alerts.create(
        {"alert_type": "usage_threshold", "title": "First 100", "usage_threshold": threshold}
    )
    data["alerts"] = {"first": {"id": made.id, "title": "First 100", "meter": "tokens", "gte": 100, "status": "active"}}
    endpoint = stripe_client.v1.webhook_endpoints.create(
        {"url": f"{APP}/stripe", "enabled_events": ["billing.alert.triggered"], "api_version": "2026-10-28.endive"}
    )
    billing = open_billing(
        manifest=data, api_base=stripe_emulator.url, clock=clock, webhook_secrets={"app": endpoint.secret}
    )
    heard: list[str | None] = []
    billing.on("billing.alert.triggered", lambda told: heard.append(told.entity_id))
    for entity in ("org_1", "org_2"):
        billing.customers.ensure(entity)
    with served(wsgi_app(billing, work=False)) as port:
        stripe_emulator.forward({APP: f"http://127.0.0.1:{port}"})
        for amount in (60, 60, 500):
            billing.consume("org_1", "tokens", amount)
            billing.consume("org_2", "tokens", 1)
            clock.pass_(days=15)
            billing.worker().once()
            stripe_emulator.wait_for_deliveries()
            billing.worker().once()
    [fired] = billing.alerts.of("org_1")
    assert (fired.name, fired.title, fired.meter, fired.gte, fired.value) == ("first", "First 100", "tokens", 100, 120)
    assert (heard, billing.alerts.of("org_2")) == (["org_1"], ())
