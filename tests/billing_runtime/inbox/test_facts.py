"""What is kept of objects that are no subscriptions: Stripe's own events, and what Stripe says of their objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.billing_runtime.inbox.conftest import event

if TYPE_CHECKING:
    import stripe

    from billing_runtime import Billing
    from billing_runtime._inbox.intake import Receipt

Json = dict[str, Any]
Deliver = Callable[[Json], "Receipt"]


def test_what_stripe_tells_of_a_sale_is_kept(
    billing: Billing,
    deliver: Deliver,
    worked: Callable[[], int],
    customer: str,
    provisioned: Json,
    stripe_client: stripe.StripeClient,
) -> None:
    """A paid subscription, a refund, credits: each of the account's events must be worked on, and leave its fact."""
    card = stripe_client.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    price = provisioned["prices"]["team.monthly"]["id"]
    sale: Any = {"customer": customer, "items": [{"price": price, "quantity": 2}], "default_payment_method": card.id}
    subscription = stripe_client.v1.subscriptions.create(sale).id
    grant: Any = {"type": "monetary", "monetary": {"currency": "usd", "value": 500}}
    scope: Any = {"scope": {"price_type": "metered"}}
    stripe_client.v1.billing.credit_grants.create(
        {"customer": customer, "amount": grant, "applicability_config": scope, "category": "paid"}
    )
    charge = stripe_client.v1.charges.list({"customer": customer}).data[0]
    stripe_client.v1.refunds.create({"charge": charge.id, "amount": 100})
    told = [one.to_dict(for_json=True) for one in stripe_client.v1.events.list({"limit": 100}).data]
    for one in told:
        deliver(one)
    worked()
    assert (billing.inbox.lag().waiting, billing.inbox.lag().failing) == (0, 0)
    (invoice,) = billing.inbox.facts("org_1", "invoice")
    assert (invoice.body["status"], invoice.body["amount_paid"]) == ("paid", 2400)
    assert invoice.body["subscription"] == subscription
    (paid,) = billing.inbox.facts("org_1", "payment_intent")
    assert (paid.body["status"], paid.body["failure"]) == ("succeeded", None)
    (refunded,) = billing.inbox.facts("org_1", "charge")
    assert (refunded.object_id, refunded.body["amount_refunded"]) == (charge.id, 100)
    (credit,) = billing.inbox.facts("org_1", "billing.credit_grant")
    assert credit.body["amount"]["monetary"]["value"] == 500
    assert billing.subscription("org_1").payment_method is not None


def test_an_alert_and_a_deleted_customer_are_kept(
    billing: Billing, deliver: Deliver, worked: Callable[[], int], customer: str, stripe_client: stripe.StripeClient
) -> None:
    """An alert is told by its event alone; a customer that is gone must be known to be gone."""
    fired = {"object": "billing.alert_triggered", "alert": {"id": "alrt_1"}, "customer": customer, "value": 800001}
    deliver(event("billing.alert.triggered", fired))
    worked()
    (alert,) = billing.inbox.facts("org_1", "billing.alert_triggered")
    assert (alert.object_id, alert.body["value"]) == (f"alrt_1/{customer}", 800001)
    stripe_client.v1.customers.delete(customer)
    deliver(event("customer.deleted", {"id": customer, "object": "customer"}))
    worked()
    (gone,) = billing.inbox.facts("org_1", "customer")
    assert gone.body["deleted"] is True


def test_a_dispute_is_its_charges_customers(
    billing: Billing, deliver: Deliver, worked: Callable[[], int], customer: str, stripe_client: stripe.StripeClient
) -> None:
    """A dispute does not say whose it is: its charge does."""
    card = stripe_client.v1.payment_methods.attach("pm_card_createDispute", {"customer": customer})
    stripe_client.v1.payment_intents.create(
        {"amount": 900, "currency": "usd", "customer": customer, "payment_method": card.id, "confirm": True,
         "off_session": True}
    )  # fmt: skip
    for one in stripe_client.v1.events.list({"types": ["charge.dispute.created"]}).data:
        deliver(one.to_dict(for_json=True))
    worked()
    (dispute,) = billing.inbox.facts("org_1", "dispute")
    assert (dispute.body["amount"], dispute.customer_id) == (900, customer)
