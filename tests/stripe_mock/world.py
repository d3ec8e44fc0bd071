"""A little of everything in an emulator, and the address under which each of it is listed or found."""

from __future__ import annotations

from typing import Any

import stripe


def everything(client: stripe.StripeClient) -> dict[str, str]:
    """Make one of each object; return what the addresses below name."""
    v1: Any = client.v1
    meter = v1.billing.meters.create(
        {"display_name": "Calls", "event_name": "calls", "default_aggregation": {"formula": "count"}}
    )
    product = v1.products.create({"name": "Team"}).id
    recurring = {"interval": "month"}
    price = v1.prices.create({"product": product, "currency": "usd", "unit_amount": 1200, "recurring": recurring}).id
    feature = v1.entitlements.features.create({"name": "SSO", "lookup_key": "sso"}).id
    v1.products.features.create(product, {"entitlement_feature": feature})
    card = "pm_card_visa"
    customer = v1.customers.create(
        {"email": "ada@example.com", "payment_method": card, "invoice_settings": {"default_payment_method": card}}
    ).id
    subscription = v1.subscriptions.create({"customer": customer, "items": [{"price": price}]})
    v1.invoice_items.create({"customer": customer, "amount": 500, "currency": "usd"})
    v1.customers.balance_transactions.create(customer, {"amount": -100, "currency": "usd"})
    v1.coupons.create({"percent_off": 20, "id": "FIFTH"})
    v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": "FIFTH"}, "code": "FIFTH"})
    v1.billing.alerts.create(
        {
            "alert_type": "usage_threshold",
            "title": "Five",
            "usage_threshold": {"gte": 5, "meter": meter.id, "recurrence": "one_time"},
        }
    )
    v1.billing.credit_grants.create(
        {
            "customer": customer,
            "amount": {"type": "monetary", "monetary": {"value": 100, "currency": "usd"}},
            "applicability_config": {"scope": {"price_type": "metered"}},
            "category": "paid",
        }
    )
    v1.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}})
    v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer,
            "line_items": [{"price": price, "quantity": 1}],
            "success_url": "https://example.com",
        }
    )
    v1.tax_rates.create({"display_name": "VAT", "percentage": 19, "inclusive": False})
    v1.test_helpers.test_clocks.create({"frozen_time": 1_800_000_000})
    v1.webhook_endpoints.create({"url": "https://example.com/hook", "enabled_events": ["*"]})
    v1.setup_intents.create({"customer": customer})
    v1.subscription_schedules.create({"from_subscription": subscription.id})
    charge = v1.charges.list().data[0].id
    v1.refunds.create({"charge": charge, "amount": 100})
    return {
        "product": product,
        "customer": customer,
        "subscription": subscription.id,
        "invoice": str(subscription.latest_invoice),
        "meter": meter.id,
        "charge": charge,
        "session": v1.checkout.sessions.list().data[0].id,
    }


CUSTOMER = "customer={customer}"
ASKED = {
    "/v1/account": "",
    "/v1/billing/credit_balance_summary": f"{CUSTOMER}&filter[type]=applicability_scope"
    "&filter[applicability_scope][price_type]=metered",
    "/v1/billing/credit_balance_transactions": CUSTOMER,
    "/v1/charges/{charge}/refunds": "",
    "/v1/checkout/sessions/{session}/line_items": "",
    "/v1/customers/{customer}/balance_transactions": "",
    "/v1/customers/{customer}/payment_methods": "",
    "/v1/entitlements/active_entitlements": CUSTOMER,
    "/v1/invoices/{invoice}/lines": "",
    "/v1/payment_methods": CUSTOMER,
    "/v1/products/{product}/features": "",
    "/v1/subscription_items": "subscription={subscription}",
}
"""What is asked with more than its address; every other list of the emulator is asked without a word."""
