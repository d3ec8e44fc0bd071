"""The first five kinds, in the form of ``newer_kinds``: one full example of each, and how its fields change."""

from __future__ import annotations

from tests.billing_resources.newer_kinds import CASES as NEWER
from tests.billing_resources.newer_kinds import METADATA, OTHER_METADATA, Case
from tests.billing_resources.programs import MONTHLY, alert, endpoint, meter, price, product

THRESHOLD = {"meter": "@Meter.tokens", "gte": 800}
EVENTS = ["invoice.paid", "invoice.voided", "customer.created"]
FIRST: dict[str, Case] = {
    "Product": Case(
        product(id="prod_team", description="For teams", images=["https://example.com/a.png"], unit_label="seat",
                marketing_features=[{"name": "Seats"}, {"name": "Support"}], statement_descriptor="EXAMPLE TEAM",
                tax_code="txcd_10103000", url="https://example.com/team", **METADATA),
        "/v1/products",
        changed={"name": "Crew", "description": "For crews", "images": ["https://example.com/b.png"],
                 "marketing_features": [{"name": "Support"}], "statement_descriptor": "EXAMPLE CREW",
                 "tax_code": "txcd_10103001", "unit_label": "head", "url": "https://example.com/crew",
                 **OTHER_METADATA},
        replaced={"id": "prod_crew"},
        cleared=("description", "images", "marketing_features", "statement_descriptor", "tax_code", "unit_label", "url",
                 "metadata"),
        drifts={"name": "Hacked", "active": False},
        written={"id": None},
    ),
    "Price": Case(
        price(lookup_key="team_monthly", nickname="Monthly", currency_options={"eur": {"unit_amount": 1100}},
              seats={"mode": "follow"}, trial_days=14, limits={"credits": {"included": 1000}}, features={"sso": "1"},
              default=True, **METADATA),
        "/v1/prices",
        needs=(product(),),
        changed={"lookup_key": "team_each_month", "nickname": "Each month", "trial_days": 30, "features": {"sso": "2"},
                 "currency_options": {"eur": {"unit_amount": 1150}, "gbp": {"unit_amount": 1000}},
                 "seats": {"mode": "purchased"}, "limits": {"credits": {"included": 2000}}, "default": False,
                 **OTHER_METADATA},
        replaced={"unit_amount": 1300},
        cleared=("lookup_key", "nickname", "trial_days", "features", "currency_options", "seats", "limits", "default",
                 "metadata"),
        drifts={"nickname": "Hacked", "active": False},
        written={"unit_amount": None, "unit_amount_decimal": "1200.00", "tax_behavior": "unspecified",
                 "billing_scheme": "per_unit", "seats": {"mode": "follow", "minimum": 1},
                 "currency_options": {"eur": {"unit_amount_decimal": "1100.0"}},
                 "recurring": {**MONTHLY, "interval_count": 1, "usage_type": "licensed"},
                 "limits": {"credits": {"included": 1000, "per": "period", "overage": "block", "carry": "carry"}}},
    ),
    "Meter": Case(
        meter(event_time_window="hour"),
        "/v1/billing/meters",
        changed={"display_name": "Words"},
        replaced={"event_name": "words"},
        drifts={"display_name": "Hacked"},
        written={"customer_mapping": {"type": "by_id", "event_payload_key": "stripe_customer_id"},
                 "value_settings": {"event_payload_key": "value"}},
    ),
    "Alert": Case(
        alert(),
        "/v1/billing/alerts",
        needs=(meter(),),
        changed={"status": "inactive"},
        replaced={"title": "Later"},
        written={"alert_type": "usage_threshold", "status": "active",
                 "usage_threshold": {**THRESHOLD, "recurrence": "one_time"}},
    ),
    "WebhookEndpoint": Case(
        endpoint(enabled_events=EVENTS, description="The application", disabled=False, **METADATA),
        "/v1/webhook_endpoints",
        changed={"url": "https://example.com/other", "enabled_events": ["*"], "description": "Another",
                 "disabled": True, **OTHER_METADATA},
        replaced={"api_version": "2025-03-31.basil"},
        cleared=("description", "metadata"),
        drifts={"url": "https://example.com/hacked", "disabled": True},
        deletable=True,
        written={"enabled_events": EVENTS[::-1], "disabled": None},
    ),
}  # fmt: skip
CASES: dict[str, Case] = {**FIRST, **NEWER}
"""Every kind there is."""
