"""A catalog with every kind there is, and what changes of it: in place, by new objects, and behind the state's back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.billing_resources.newer_kinds import service

if TYPE_CHECKING:
    import stripe

    from tests.end_to_end.project import Project

CATALOG = """
version: 1
currency: usd
meters:
  tokens: {display_name: Tokens, event_name: tokens, default_aggregation: sum}
  words: {display_name: Words, event_name: words, default_aggregation: sum}
alerts:
  soon: {title: Soon, usage_threshold: {meter: tokens, gte: 100000}}
features:
  sso: {lookup_key: sso, name: Single sign-on}
  audit: {lookup_key: audit-log, name: Audit log}
plans:
  team:
    name: Team
    entitlements: [sso, audit]
    prices:
      seat: {unit_amount: 1200, recurring: month, seats: purchased, lookup_key: team_seat, default: true}
      yearly: {unit_amount: 12000, recurring: year, seats: follow, currency_options: {eur: {unit_amount: 11000}}}
      tokens: {unit_amount_decimal: "0.0015000000", recurring: {interval: month, meter: tokens}}
products:
  support:
    id: prod_support
    name: Support
    entitlements: [audit]
    prices: {monthly: {unit_amount: 100, recurring: month}}
coupons:
  summer: {id: SUMMER, percent_off: "12.50", duration: repeating, duration_in_months: 3, applies_to: [team]}
  five: {amount_off: 500, name: Five off}
promotion_codes:
  summer: {promotion: summer, code: SUMMER26, restrictions: {minimum_amount: 1000}}
  five: {promotion: {coupon: five}}
portal:
  self-service:
    features:
      invoice_history: {enabled: true}
      subscription_update:
        enabled: true
        default_allowed_updates: [price, quantity]
        products:
          - {product: team, prices: [team.seat], adjustable_quantity: {enabled: true}}
          - {product: support, prices: [support.monthly]}
tax_rates:
  vat: {display_name: VAT, percentage: "19.0", inclusive: true, country: DE}
event_destinations:
  meter-errors:
    name: Meter errors
    enabled_events: [v1.billing.meter.error_report_triggered]
    webhook_endpoint: https://app.example.com/stripe/thin
webhook_endpoints:
  app: {url: https://app.example.com/s, enabled_events: [invoice.paid]}
"""
IN_PLACE: dict[str, Any] = {
    "meters": {"tokens": {"display_name": "Alpaca tokens"}},
    "alerts": {"soon": {"status": "inactive"}},
    "features": {"sso": {"name": "SSO"}},
    "plans": {"team": {"name": "Teams", "prices": {"seat": {"nickname": "Seat"}}}},
    "coupons": {"summer": {"name": "Summer sale"}},
    "promotion_codes": {"summer": {"metadata": {"a": "1"}}},
    "portal": {"self-service": {"name": "Portal"}},
    "tax_rates": {"vat": {"display_name": "Sales tax"}},
    "event_destinations": {"meter-errors": {"description": "What could not be counted"}},
    "webhook_endpoints": {"app": {"enabled_events": ["invoice.paid", "invoice.voided"]}},
}
BY_NEW_ONES: dict[str, Any] = {
    "meters": {"words": {"event_name": "written_words"}},
    "alerts": {"soon": {"usage_threshold": {"gte": 200000}}},
    "features": {"audit": {"lookup_key": "audit"}},
    "plans": {"team": {"prices": {"seat": {"unit_amount": 1400}}}},
    "products": {"support": {"id": "prod_help"}},
    "coupons": {"five": {"amount_off": 600}},
    "promotion_codes": {"summer": {"max_redemptions": 5}},
    "tax_rates": {"vat": {"percentage": "20"}},
    "event_destinations": {"meter-errors": {"events_from": ["@accounts"]}},
    "webhook_endpoints": {"app": {"api_version": "2025-03-31.basil"}},
}
DRIFTS: dict[tuple[str, str], dict[str, Any]] = {
    ("Product", "team"): {"name": "Hacked"},
    ("Price", "team.yearly"): {"active": False},
    ("Meter", "tokens"): {"display_name": "Hacked"},
    ("WebhookEndpoint", "app"): {"disabled": True},
    ("Coupon", "five"): {"name": "Hacked"},
    ("PromotionCode", "summer"): {"active": False},
    ("Feature", "sso"): {"name": "Hacked"},
    ("PortalConfiguration", "self-service"): {"features": {"invoice_history": {"enabled": False}}},
    ("TaxRate", "vat"): {"active": False},
    ("EventDestination", "meter-errors"): {"name": "Hacked"},
}
"""What somebody changes at Stripe, kind for kind; an alert and an attachment know nothing but an end."""


def first_portal(client: stripe.StripeClient) -> None:
    """Make the account's first portal configuration: its default for good, and nobody's."""
    client.v1.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}})


def ids(project: Project) -> dict[tuple[str, str], str]:
    """What the stack has of Stripe: ids by kind and name."""
    own = [one for one in project.resources() if "dynamic/stripe:" in one["type"]]
    return {(one["type"].rpartition(":")[2], one["urn"].rpartition("::")[2]): one["id"] for one in own}


def meddle(project: Project, client: stripe.StripeClient) -> None:
    """Somebody changes an object of every kind, and ends an alert and an attachment."""
    there = ids(project)
    for (kind, name), change in DRIFTS.items():
        service(client, kind).update(there[kind, name], change)
    client.v1.billing.alerts.archive(there["Alert", "soon"])
    product, attached = there["ProductFeature", "team.sso"].split("/")
    client.v1.products.features.delete(product, attached)
