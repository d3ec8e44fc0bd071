"""Webhooks as Stripe sends them: events of the emulated account, signed by the SDK."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import stripe

from billing_runtime import Billing

if TYPE_CHECKING:
    from billing_runtime._inbox.intake import Receipt
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
SECRET = "whsec_of_the_tests"


class Time:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 27, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The moment that was set."""
        return self.now

    @property
    def unix(self) -> int:
        """Seconds since 1970."""
        return int(self.now.timestamp())

    def advance(self, **length: float) -> None:
        """Go on by so much, in the words of timedelta."""
        self.now += timedelta(**length)


def event(name: str, thing: Json, **facts: Any) -> Json:
    """An event about an object, as it is sent."""
    return {
        "id": f"evt_{uuid4().hex}",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": 1_795_780_800,
        "data": {"object": thing},
        "livemode": False,
        "pending_webhooks": 1,
        "request": None,
        "type": name,
    } | facts


def signature(payload: bytes, at: int, secret: str = SECRET) -> str:
    """The header Stripe-Signature, made by the SDK."""
    return str(stripe.WebhookSignature.generate_signature_header(payload.decode(), secret, at))


def about(subscription: str, customer: str) -> Json:
    """As much of a subscription as an event's receiver may believe: nothing but its names. The status is a lie."""
    return {"id": subscription, "object": "subscription", "customer": customer, "status": "a lie"}


@pytest.fixture
def clock() -> Time:
    """The application's clock."""
    return Time()


@pytest.fixture
def billing(
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_emulator: EmulatorClient,
    clock: Time,
    request: pytest.FixtureRequest,
) -> Billing:
    """The example's billing; on the backend of the test, if it has that parameter."""
    store = request.getfixturevalue("any_store_url" if "backend" in request.fixturenames else "store_url")
    settings: Json = {"manifest": provisioned, "api_base": stripe_emulator.url, "store": store}
    return open_billing(**settings, clock=clock, webhook_secrets={"app": SECRET})


@pytest.fixture
def deliver(billing: Billing, clock: Time) -> Callable[[Json], Receipt]:
    """Hand an event to the application as Stripe would."""

    def one(body: Json) -> Receipt:
        payload = json.dumps(body).encode()
        return billing.webhook(payload, signature(payload, clock.unix))

    return one


@pytest.fixture
def customer(billing: Billing) -> str:
    """The customer of org_1."""
    return billing.customers.ensure("org_1", kind="organization").id


@pytest.fixture
def subscription(
    customer: str, provisioned: Json, stripe_client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> str:
    """A trial of org_1 that was begun at the dashboard, so that only a webhook can tell of it."""
    price = provisioned["prices"]["team.monthly"]["id"]
    made = stripe_client.v1.subscriptions.create(
        {"customer": customer, "items": [{"price": price, "quantity": 3}], "trial_period_days": 14}
    )
    stripe_emulator.clear_requests()
    return made.id


@pytest.fixture
def worked(billing: Billing) -> Callable[[], int]:
    """Work on what came in, without the chores; how many events that were."""
    processing = billing.inbox.processing

    def all_of_it() -> int:
        done = 0
        while keys := processing.due(10):
            done += sum(map(processing.work_on, keys))
        return done

    return all_of_it
