"""A customer on prices of every kind, whose forecast is held against the emulated Stripe's own preview."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import stripe

from billing_runtime import Billing, Forecast
from stripe_emulator.client import EmulatorClient
from tests.billing_runtime.seats.conftest import Watch

Json = dict[str, Any]


@dataclass
class Stage:
    """One organization, the SDK, and the runtime."""

    billing: Billing
    client: stripe.StripeClient
    emulator: EmulatorClient
    watch: Watch
    data: Json
    entity: str = "org_1"

    @property
    def customer(self) -> str:
        """Its customer, who can pay."""
        made = self.billing.customers.ensure(self.entity, kind="organization")
        if made.created:
            method = self.client.v1.payment_methods.attach("pm_card_visa", {"customer": made.id})
            self.client.v1.customers.update(made.id, {"invoice_settings": {"default_payment_method": method.id}})
        return made.id

    def price(self, **facts: Any) -> str:
        """A price that no manifest knows, in dollars each month unless said otherwise."""
        metered = facts.pop("meter", None)
        recurring: Json = {"interval": facts.pop("interval", "month")}
        if metered:
            recurring |= {"usage_type": "metered", "meter": metered}
        plain = {"product": self.data["products"]["team"]["id"], "currency": "usd", "recurring": recurring}
        params: Any = plain | facts
        return self.client.v1.prices.create(params).id

    def meter(self, event: str, formula: str = "sum", **more: Any) -> str:
        """A meter."""
        params: Any = {"display_name": event, "event_name": event, "default_aggregation": {"formula": formula}, **more}
        return self.client.v1.billing.meters.create(params).id

    def subscribe(self, *items: str | Json, **more: Any) -> str:
        """Subscribe to prices, at Stripe; the cache knows."""
        wanted = [{"price": item} if isinstance(item, str) else item for item in items]
        params: Any = {"customer": self.customer, "items": wanted, **more}
        made = self.client.v1.subscriptions.create(params)
        self.billing.sync(self.entity)
        return made.id

    def use(self, event: str, amount: int, **more: Any) -> None:
        """Usage that Stripe is told of."""
        payload = {"stripe_customer_id": self.customer, "value": str(amount)}
        params: Any = {"event_name": event, "payload": payload, **more}
        self.client.v1.billing.meter_events.create(params)
        self.emulator.process_meter_events()

    def preview(self, subscription: str) -> stripe.Invoice:
        """What Stripe says that the next invoice would be."""
        return self.client.v1.invoices.create_preview({"subscription": subscription})

    def forecast(self, **which: Any) -> Forecast:
        """What we say."""
        found = self.billing.forecast(self.entity, **which)
        assert found is not None
        return found

    def agrees(self, subscription: str, **which: Any) -> Forecast:
        """Both say the same: every line, what discounts take off it, all sums, the period."""
        mine, theirs = self.forecast(**which), self.preview(subscription)
        assert [line_of(one) for one in mine.lines] == [
            (one.quantity, one.amount, sum(off.amount for off in one.discount_amounts or ()))
            for one in theirs.lines.data
        ]
        period = int(mine.period_start.timestamp()), int(mine.period_end.timestamp())
        assert period == (theirs.period_start, theirs.period_end)
        assert (mine.currency, mine.subtotal, mine.total) == (theirs.currency, theirs.subtotal, theirs.total)
        return mine


def line_of(line: Any) -> tuple[int, int, int]:
    """What both say of a line."""
    return line.quantity, line.amount, line.discount


@pytest.fixture
def watch(stripe_emulator: EmulatorClient) -> Watch:
    """A clock that stands still until it is moved."""
    return Watch(stripe_emulator)


@pytest.fixture
def stage(
    watch: Watch,
    open_billing: Callable[..., Billing],
    provisioned: Json,
    stripe_client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
) -> Stage:
    """The example's stack, on the emulated Stripe."""
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url, clock=watch)
    return Stage(billing, stripe_client, stripe_emulator, watch, provisioned)
