"""Usage that Stripe took and refused afterwards: the report finds its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, Reporting
from billing_runtime.webhooks import wsgi_app
from tests.billing_runtime.inbox.test_apps import served
from tests.billing_runtime.outbox.conftest import Json, rows, summed

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.billing_runtime.outbox.conftest import Time

APP = "https://app.example.com"


@pytest.fixture(params=["v2", "stream"])
def billing(
    open_billing: Callable[..., Billing],
    data: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: Any,
    clock: Time,
    request: pytest.FixtureRequest,
) -> Iterator[Billing]:
    """The shop's billing, which reports in a way that is judged later, and hears what came of it."""
    there = stripe_client.v2.core.event_destinations.create(
        {
            "name": "Errors of meters",
            "type": "webhook_endpoint",
            "event_payload": "thin",
            "enabled_events": ["v1.billing.meter.error_report_triggered", "v1.billing.meter.no_meter_found"],
            "webhook_endpoint": {"url": f"{APP}/thin"},
            "include": ["webhook_endpoint.signing_secret"],
        }
    )
    secrets = {"errors": there.webhook_endpoint.signing_secret}
    settings = {"clock": clock, "webhook_secrets": secrets, "reporting": Reporting(api=request.param)}
    opened = open_billing(manifest=data, api_base=stripe_emulator.url, **settings)
    with served(wsgi_app(opened, work=False)) as port:
        stripe_emulator.forward({APP: f"http://127.0.0.1:{port}"})
        yield opened


@pytest.fixture
def reported(billing: Billing, stripe_emulator: EmulatorClient, clock: Time) -> Callable[[], None]:
    """Time goes by until Stripe has reported, and the report is worked on."""

    def one() -> None:
        clock.pass_(seconds=20)
        stripe_emulator.wait_for_deliveries()
        billing.worker().once()
        assert billing.inbox.dead() == []

    return one


def test_a_customer_that_was_deleted(
    billing: Billing, data: Json, stripe_client: stripe.StripeClient, clock: Time, reported: Callable[[], None]
) -> None:
    """Usage of a customer that is gone must be tried again, and then wait for the one that takes its place."""
    customer = billing.customers.ensure("org_1").id
    billing.consume("org_1", "tokens", 5)
    billing.consume("org_1", "calls", 7)
    stripe_client.v1.customers.delete(customer)
    for _ in range(4):
        billing.usage.flush()
        reported()
        clock.pass_(minutes=11)
    lag = billing.usage.flush()
    assert (lag.waiting, lag.without_customer, lag.dead) == (2, 2, 0)
    new = billing.customers.repair("org_1").id
    assert billing.usage.flush().waiting == 0
    counted = [summed(stripe_client, data["meters"][name]["id"], new, "2026-03") for name in ("tokens", "calls")]
    assert counted == [5, 7]


def test_a_meter_that_was_archived(
    billing: Billing,
    data: Json,
    stripe_client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    reported: Callable[[], None],
    clock: Time,
) -> None:
    """More rows than a report names: all of them must be given up with the reason, and those of others be left."""
    meter = data["meters"]["tokens"]["id"]
    customers = {f"org_{number}": billing.customers.ensure(f"org_{number}").id for number in range(9)}
    for entity in customers:
        billing.consume(entity, "tokens", 5)
        billing.consume(entity, "daily", 2)
    stripe_emulator.delay_meter_events(5)
    billing.usage.flush()
    stripe_client.v1.billing.meters.deactivate(meter)
    for _ in range(4):
        reported()
        clock.pass_(minutes=11)
        billing.worker().once()
    dead = billing.usage.dead()
    assert {(one.meter, one.units) for one in dead} == {("tokens", 5)}
    assert len(dead) == 9
    stripe_client.v1.billing.meters.reactivate(meter)
    stripe_emulator.delay_meter_events(None)
    assert billing.usage.retry_dead() == 9
    billing.usage.flush()
    assert {summed(stripe_client, meter, one, "2026-03") for one in customers.values()} == {5}
    assert {summed(stripe_client, data["meters"]["daily"]["id"], one, "2026-03") for one in customers.values()} == {2}


def test_a_report_comes_twice(
    billing: Billing, stripe_client: stripe.StripeClient, reported: Callable[[], None], clock: Time, caplog: Any
) -> None:
    """A report that was worked on before must change nothing, and say so."""
    customer = billing.customers.ensure("org_1").id
    billing.consume("org_1", "tokens", 5)
    stripe_client.v1.customers.delete(customer)
    billing.usage.flush()
    reported()
    before = rows(billing)
    [event] = list(stripe_client.v2.core.events.list({"types": ["v1.billing.meter.error_report_triggered"]}))
    billing.inbox.replay(event.id)
    billing.worker().once()
    assert rows(billing) == before
    assert before[0]["state"] == "open"
    assert "1 usage events that are not in this store, or were told anew" in caplog.text
