"""Three plans, one above the other, and an entity on the middle one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import (
    Billing,
    CheckoutSettings,
    PlanChanges,
)
from tests.billing_runtime.conftest import create_price
from tests.billing_runtime.conftest import price as priced

if TYPE_CHECKING:
    from collections.abc import Callable

    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
SEATS: Json = {"mode": "follow", "minimum": 1, "maximum": 50}


@pytest.fixture
def ladder(provisioned: Json, stripe_client: stripe.StripeClient) -> Json:
    """Three plans for organizations, each with a monthly per-seat price; the largest also by the year."""
    data = provisioned
    for rank, (name, amount) in enumerate([("small", "500"), ("large", "2000"), ("huge", "9000")], start=1):
        product = stripe_client.v1.products.create({"name": name}).id
        data["products"][name] = {"id": product}
        facts = priced(product=name, type="per_seat", seats=SEATS, unit_amount_decimal=amount)
        kinds = {f"{name}.monthly": facts}
        if name == "huge":
            kinds["huge.yearly"] = facts | {"interval": "year", "unit_amount_decimal": "90000"}
        for key, one in kinds.items():
            data["prices"][key] = one | {"id": create_price(stripe_client, data, key, one).id}
        data["plans"][name] = data["plans"]["team"] | {"product": name, "rank": rank * 10, "prices": list(kinds)}
    return data


@pytest.fixture
def shop(
    open_billing: Callable[..., Billing],
    ladder: Json,
    stripe_emulator: EmulatorClient,
    stripe_client: stripe.StripeClient,
) -> Callable[..., Billing]:
    """Open billing; org_1 has a good card and three seats of the plan large."""

    def opened(*, card: str = "pm_card_visa", **settings: Any) -> Billing:
        checkout = CheckoutSettings(plan_changes=PlanChanges(**settings))
        billing = open_billing(manifest=ladder, api_base=stripe_emulator.url, checkout=checkout)
        customer = billing.customers.ensure("org_1", kind="organization").id
        method = stripe_client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
        stripe_client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": method}})
        billing.subscribe("org_1", plan="large", quantity=3, payment_behavior="error_if_incomplete")
        if card != "pm_card_visa":
            method = stripe_client.v1.payment_methods.attach(card, {"customer": customer}).id
            stripe_client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": method}})
        stripe_emulator.clear_requests()
        return billing

    return opened


def now(billing: Billing) -> tuple[str | None, int | None]:
    """Price and quantity at Stripe."""
    (one,) = billing.subscriptions.of("org_1")
    (item,) = one.items
    return item.price, item.quantity
