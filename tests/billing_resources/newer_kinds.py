"""The kinds beyond the first five: what their tests need to know of each, and how to look at them at Stripe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import stripe

from billing_resources._engine import every_kind
from billing_resources._engine.kind import REGISTRY
from tests.billing_resources.engine import Declared, Engine
from tests.billing_resources.programs import (
    attached,
    code,
    coupon,
    data,
    destination,
    feature,
    portal,
    price,
    product,
    tax_rate,
)

assert every_kind


@dataclass(frozen=True)
class Case:
    """One kind: what it needs, a full example, and how its fields change."""

    declared: Declared
    """With every field that matters."""
    path: str
    """Where Stripe lists it; a client of ours asks there."""
    needs: tuple[Declared, ...] = ()
    changed: dict[str, Any] = field(default_factory=dict)
    """New values that Stripe takes in place."""
    replaced: dict[str, Any] = field(default_factory=dict)
    """New values that make a new object."""
    cleared: tuple[str, ...] = ()
    """Fields that can be left out again, in place."""
    drifts: dict[str, Any] = field(default_factory=dict)
    """What somebody changes behind the state's back, as parameters of an update."""
    deletable: bool = False
    """Whether Stripe deletes it."""
    written: dict[str, Any] = field(default_factory=dict)
    """The same values written differently; None stands for a field that may as well be left out."""

    def with_(self, **args: Any) -> Declared:
        """The example with other values; None leaves a field out."""
        merged = {**self.declared.args, **args}
        kept = {name: value for name, value in merged.items() if value is not None}
        return Declared(self.declared.kind, self.declared.name, kept)


METADATA = {"metadata": {"a": "1", "b": "2"}}
OTHER_METADATA = {"metadata": {"a": "1", "b": "3"}}
SOLD = {
    "product": "@Product.team",
    "prices": ["@Price.seat", "@Price.yearly"],
    "adjustable_quantity": {"enabled": False},
}
SWITCHING = {
    "enabled": True,
    "default_allowed_updates": ["promotion_code", "price"],
    "products": [SOLD],
    "proration_behavior": "create_prorations",
}
PORTAL = {
    "customer_update": {"enabled": True, "allowed_updates": ["tax_id", "email"]},
    "invoice_history": {"enabled": True},
    "subscription_cancel": {
        "enabled": True,
        "mode": "immediately",
        "proration_behavior": "create_prorations",
        "cancellation_reason": {"enabled": True, "options": ["unused", "other"]},
    },
    "subscription_pause": {"enabled": True, "duration": {"type": "indefinite"}},
    "subscription_update": SWITCHING,
}
PROFILE = {"headline": "Hello", "privacy_policy_url": "https://example.com/p"}
EUROS = {"eur": {"amount_off": 450}}
CASES: dict[str, Case] = {
    "Coupon": Case(
        coupon(amount_off=500, currency="usd", currency_options=EUROS, name="Summer", id="SUMMER",
               applies_to={"products": ["@Product.team", "@Product.other"]}, max_redemptions=50, redeem_by=1900000000,
               duration="repeating", duration_in_months=3, **METADATA),
        "/v1/coupons",
        needs=(product(), product("other")),
        changed={"name": "Summer sale", "currency_options": {"eur": {"amount_off": 400}, "gbp": {"amount_off": 380}},
                 **OTHER_METADATA},
        replaced={"amount_off": 600, "currency": "chf", "currency_options": {"gbp": {"amount_off": 380}},
                  "duration_in_months": 4, "max_redemptions": 60, "redeem_by": 1900000001, "id": "WINTER",
                  "applies_to": {"products": ["@Product.other"]}},
        cleared=("name", "metadata"),
        drifts={"name": "Hacked"},
        deletable=True,
        written={"id": None, "applies_to": {"products": ["@Product.other", "@Product.team"]}},
    ),
    "PromotionCode": Case(
        code(expires_at=1900000000, max_redemptions=5, **METADATA,
             restrictions={"first_time_transaction": True, "minimum_amount": 1000, "minimum_amount_currency": "usd",
                           "currency_options": {"eur": {"minimum_amount": 900}}}),
        "/v1/promotion_codes",
        needs=(coupon(max_redemptions=50), coupon("winter", percent_off=10)),
        changed={"restrictions": {"first_time_transaction": True, "minimum_amount": 1000,
                                  "minimum_amount_currency": "usd",
                                  "currency_options": {"eur": {"minimum_amount": 800}, "gbp": {"minimum_amount": 1}}},
                 **OTHER_METADATA},
        replaced={"code": "SUMMER2", "expires_at": 1900000001, "max_redemptions": 6,
                  "promotion": {"coupon": "@Coupon.winter"},
                  "restrictions": {"first_time_transaction": False, "minimum_amount": 1000,
                                   "minimum_amount_currency": "usd",
                                   "currency_options": {"eur": {"minimum_amount": 900}}}},
        cleared=("metadata",),
        drifts={"active": False},
        written={"code": "summer", "promotion": {"type": "coupon", "coupon": "@Coupon.summer"}},
    ),
    "Feature": Case(
        feature(**METADATA),
        "/v1/entitlements/features",
        changed={"name": "SSO", **OTHER_METADATA},
        replaced={"lookup_key": "saml"},
        cleared=("metadata",),
        drifts={"name": "Hacked"},
        written={"metadata": {"b": "2", "a": "1"}},
    ),
    "ProductFeature": Case(
        attached(),
        "",
        needs=(product(), product("other"), feature(), feature("audit", lookup_key="audit")),
        replaced={"product": "@Product.other", "entitlement_feature": "@Feature.audit"},
        deletable=True,
    ),
    "TaxRate": Case(
        tax_rate(country="US", state="NY", jurisdiction="New York", description="State", tax_type="sales_tax",
                 percentage="8.875", **METADATA),
        "/v1/tax_rates",
        changed={"display_name": "Sales tax", "country": "CA", "state": "QC", "jurisdiction": "Quebec",
                 "description": "Province", "tax_type": "gst", **OTHER_METADATA},
        replaced={"percentage": 9, "inclusive": False},
        cleared=("country", "state", "jurisdiction", "description", "metadata"),
        drifts={"display_name": "Hacked", "active": False},
        written={"percentage": "8.8750"},
    ),
    "PortalConfiguration": Case(
        portal(features=PORTAL, business_profile=PROFILE, default_return_url="https://example.com/account",
               login_page={"enabled": True}, name="Self-service", **METADATA),
        "/v1/billing_portal/configurations",
        needs=(product(), price("seat", seats={"mode": "purchased"}), price("yearly", recurring={"interval": "year"})),
        changed={
            "features": {**PORTAL, "subscription_update": {**SWITCHING, "default_allowed_updates": ["price"],
                                                           "products": [{**SOLD, "prices": ["@Price.seat"]}]}},
            "business_profile": {"headline": "Hello again"},
            "default_return_url": "https://example.com/billing",
            "login_page": {"enabled": False},
            "name": "Portal",
            **OTHER_METADATA,
        },
        cleared=("business_profile", "default_return_url", "login_page", "name", "metadata"),
        drifts={"features": {"payment_method_update": {"enabled": True}}},
        written={"features": {**PORTAL, "payment_method_update": {"enabled": False},
                              "customer_update": {"enabled": True, "allowed_updates": ["email", "tax_id"]},
                              "subscription_update": {**SWITCHING, "billing_cycle_anchor": "unchanged"}}},
    ),
    "EventDestination": Case(
        destination(description="For the meter", **METADATA),
        "/v2/core/event_destinations",
        changed={"name": "Errors", "description": "Meters", "webhook_endpoint": {"url": "https://example.com/thin"},
                 "enabled_events": ["v1.billing.meter.no_meter_found", "v1.billing.meter.error_report_triggered"],
                 "status": "disabled", **OTHER_METADATA},
        replaced={"events_from": ["@accounts"]},
        cleared=("description", "metadata"),
        drifts={"name": "Hacked", "webhook_endpoint": {"url": "https://example.com/hacked"}},
        deletable=True,
        written={"type": "webhook_endpoint", "event_payload": "thin", "status": "enabled"},
    ),
}  # fmt: skip


def program(case: Case, *declared: Declared) -> tuple[Declared, ...]:
    """What the kind needs, and then the declarations."""
    there = {str(one) for one in case.needs}
    other = [] if "Product.other" in there else [product("other")]
    return (*case.needs, *other, *declared)


def service(client: stripe.StripeClient, kind: str) -> Any:
    """The SDK's service of a kind."""
    found: Any = getattr(client, REGISTRY[kind].stripe.dialect.name)
    for step in REGISTRY[kind].stripe.service.split("."):
        found = getattr(found, step)
    return found


def at_stripe(client: stripe.StripeClient, kind: str, object_id: str) -> dict[str, Any]:
    """An object as Stripe has it, with everything it leaves out unless asked."""
    dialect = REGISTRY[kind].stripe.dialect
    asked = dialect.asking({}, REGISTRY[kind].stripe.expand)
    return data(service(client, kind).retrieve(*object_id.split("/"), asked))


def living(client: stripe.StripeClient, kind: str) -> list[dict[str, Any]]:
    """The objects of a kind that are active."""
    parents = [one.id for one in client.v1.products.list().data] if REGISTRY[kind].stripe.parent else [None]
    lists = [service(client, kind).list(*([parent] if parent else [])) for parent in parents]
    listed = [data(one) for page in lists for one in page.data]
    alive = [one for one in listed if one.get("active", True) and one.get("status") != "inactive"]
    return [one for one in alive if not one.get("is_default")]


def settled(engine: Engine, case: Case, declared: Declared) -> bool:
    """Whether another run, a preview and a refresh find nothing to do."""
    whole = program(case, declared)
    again = [engine.up(*whole), engine.preview(*whole), engine.refresh(), engine.up(*whole)]
    return all(set(ops.values()) == {"same"} for ops in again)
