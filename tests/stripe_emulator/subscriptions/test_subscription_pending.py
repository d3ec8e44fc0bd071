"""Changes that wait for their payment, and setups that wait for the customer, through the official client.

https://docs.stripe.com/billing/subscriptions/pending-updates
"""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.payments.collecting import DAY, HOUR, JANUARY_31, Life, life, monthly, subscribed
from tests.stripe_emulator.payments.paying import refusal, told

HALF = JANUARY_31 + 14 * DAY  # of the 28 days of the first period


def asked(somebody: Life, **params: Any) -> Any:
    """Ask for five seats from now on, only if they are paid for."""
    item = somebody.client.v1.subscriptions.retrieve(somebody.subscription)["items"].data[0].id
    given: Any = {
        "items": [{"id": item, "quantity": 5}],
        "payment_behavior": "pending_if_incomplete",
        "proration_behavior": "always_invoice",
        **params,
    }
    return somebody.client.v1.subscriptions.update(somebody.subscription, given)


def seats(somebody: Life) -> list[int | None]:
    """Return the quantities of the subscription now."""
    found = somebody.client.v1.subscriptions.retrieve(somebody.subscription)
    return [item.quantity for item in found["items"].data]


def waiting(client: stripe.StripeClient, method: str = "pm_card_chargeCustomerFail") -> Life:
    """Return somebody whose change waits for its payment since the middle of the first period."""
    somebody = subscribed(life(client))
    somebody.to(HALF)
    somebody.pays_with(method)
    asked(somebody)
    return somebody


@pytest.mark.belief("pending_if_incomplete: what is paid is changed at once", "D S")
def test_paid_at_once(client: stripe.StripeClient) -> None:
    """A card that works leaves nothing pending: four more seats for half a month are 24.00."""
    somebody = subscribed(life(client))
    somebody.to(HALF)
    changed = asked(somebody)
    assert (changed.pending_update, seats(somebody), somebody.invoice.total) == (None, [5], 2400)


@pytest.mark.belief("pending_if_incomplete: what is not paid waits for 23 hours, and nothing else changes", "D S")
def test_waits(client: stripe.StripeClient) -> None:
    """The change is shown beside the subscription, which is as before and active."""
    somebody = waiting(client)
    found: Any = client.v1.subscriptions.retrieve(somebody.subscription)
    assert (found.status, seats(somebody), found.latest_invoice) == ("active", [1], somebody.invoice.id)
    assert found.pending_update.expires_at == HALF + 23 * HOUR
    assert [item.quantity for item in found.pending_update.subscription_items] == [5]
    assert (somebody.invoice.status, somebody.invoice.total) == ("open", 2400)


@pytest.mark.belief("a pending update is made when its invoice is paid, and told", "D S")
def test_applied(client: stripe.StripeClient) -> None:
    """Another card pays the invoice: five seats from then on."""
    somebody = waiting(client)
    somebody.pays_with("pm_card_visa")
    client.v1.invoices.pay(somebody.invoice.id)
    found: Any = client.v1.subscriptions.retrieve(somebody.subscription)
    assert (found.status, found.pending_update, seats(somebody)) == ("active", None, [5])
    assert told(client, "customer.subscription.pending") == ["customer.subscription.pending_update_applied"]
    somebody.to(JANUARY_31 + 28 * DAY + HOUR)
    assert (somebody.invoice.total, somebody.invoice.status) == (6000, "paid")


@pytest.mark.belief("a pending update that must be authenticated is made when the customer has confirmed", "D")
def test_applied_by_the_customer(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """The bank's question is answered, and the seats are there."""
    somebody = waiting(client, "pm_card_authenticationRequired")
    assert (seats(somebody), somebody.intent.status) == ([1], "requires_action")
    stripe_emulator.authenticate(somebody.intent.id)
    assert (seats(somebody), somebody.status) == ([5], "active")


@pytest.mark.belief("a pending update expires after 23 hours: its invoice is void, and it is told", "D S")
def test_expired(client: stripe.StripeClient) -> None:
    """The next period costs what it did before."""
    somebody = waiting(client)
    invoice = somebody.invoice.id
    somebody.to(HALF + 23 * HOUR)
    found = client.v1.subscriptions.retrieve(somebody.subscription)
    assert (found.status, found.pending_update, seats(somebody)) == ("active", None, [1])
    assert client.v1.invoices.retrieve(invoice).status == "void"
    assert told(client, "customer.subscription.pending") == ["customer.subscription.pending_update_expired"]
    somebody.pays_with("pm_card_visa")
    somebody.to(JANUARY_31 + 28 * DAY + HOUR)
    assert somebody.invoice.total == 1200


@pytest.mark.belief("whoever voids the invoice of a pending update takes the update back", "D")
def test_void_takes_it_back(client: stripe.StripeClient) -> None:
    """Nothing is pending any more, and nothing expires later."""
    somebody = waiting(client)
    client.v1.invoices.void_invoice(somebody.invoice.id)
    assert client.v1.subscriptions.retrieve(somebody.subscription).pending_update is None
    somebody.to(HALF + 2 * DAY)
    assert told(client, "customer.subscription.pending") == []


def test_another_item_waits_too(client: stripe.StripeClient) -> None:
    """An item that is to be added is not there until it is paid; the old one stays."""
    somebody = subscribed(life(client))
    somebody.pays_with("pm_card_chargeCustomerFail")
    given: Any = {
        "subscription": somebody.subscription,
        "price": monthly(client, 500),
        "payment_behavior": "pending_if_incomplete",
        "proration_behavior": "always_invoice",
    }
    client.v1.subscription_items.create(given)
    assert seats(somebody) == [1]
    somebody.pays_with("pm_card_visa")
    client.v1.invoices.pay(somebody.invoice.id)
    assert seats(somebody) == [1, 1]


@pytest.mark.belief("only what is paid for can be pending, and only where a card is charged", "D")
def test_refusals(client: stripe.StripeClient) -> None:
    """Metadata cannot wait, and nothing can where invoices are sent."""
    somebody = subscribed(life(client))
    error = refusal(lambda: asked(somebody, metadata={"a": "b"}))
    assert (error.http_status, error.param) == (400, "metadata")
    client.v1.subscriptions.update(somebody.subscription, {"collection_method": "send_invoice", "days_until_due": 3})
    assert refusal(lambda: asked(somebody)).param == "payment_behavior"


@pytest.mark.belief("a trial without a payment method can have its method set up at once: pending_setup_intent", "D S")
def test_pending_setup(client: stripe.StripeClient) -> None:
    """Confirming the setup gives the subscription its method, and the trial ends paid."""
    settings: Any = {"save_default_payment_method": "on_subscription"}
    somebody = subscribed(
        life(client, None), trial_period_days=3, payment_behavior="default_incomplete", payment_settings=settings
    )
    found: Any = client.v1.subscriptions.retrieve(somebody.subscription, {"expand": ["pending_setup_intent"]})
    assert (found.status, found.pending_setup_intent.status) == ("trialing", "requires_payment_method")
    done = client.v1.setup_intents.confirm(found.pending_setup_intent.id, {"payment_method": "pm_card_visa"})
    after = client.v1.subscriptions.retrieve(somebody.subscription)
    assert (after.pending_setup_intent, after.default_payment_method) == (None, done.payment_method)
    somebody.to(JANUARY_31 + 3 * DAY + HOUR)
    assert (somebody.status, somebody.invoice.status) == ("active", "paid")


@pytest.mark.belief("a trial with a card that the bank does not know yet waits for its customer", "D")
def test_pending_setup_is_authenticated(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """After the confirmation the first real payment needs nobody."""
    somebody = subscribed(life(client, "pm_card_authenticationRequiredOnSetup"), trial_period_days=3)
    intent = str(client.v1.subscriptions.retrieve(somebody.subscription).pending_setup_intent)
    assert client.v1.setup_intents.retrieve(intent).status == "requires_action"
    stripe_emulator.authenticate(intent)
    assert client.v1.subscriptions.retrieve(somebody.subscription).pending_setup_intent is None
    somebody.to(JANUARY_31 + 3 * DAY + HOUR)
    assert (somebody.status, somebody.invoice.status) == ("active", "paid")


def test_nothing_is_set_up_without_need(client: stripe.StripeClient) -> None:
    """A card that works needs no setup, nor does a trial that nobody wants to prepare."""
    for method in ("pm_card_visa", None):
        somebody = subscribed(life(client, method), trial_period_days=3)
        assert client.v1.subscriptions.retrieve(somebody.subscription).pending_setup_intent is None
