"""Error cases of meters, usage alerts, credit grants and webhook endpoints. https://docs.stripe.com/error-codes."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.refusals.cases import Refused, case, show
from tests.stripe_emulator.sides import Side

EVENT = "POST /v1/billing/meter_events"
ALERT = "POST /v1/billing/alerts"
ENDPOINT = "POST /v1/webhook_endpoints"
CALL = {"event_name": "{calls}", "payload[stripe_customer_id]": "{customer}"}
FIVE = {"alert_type": "usage_threshold", "title": "Five", "usage_threshold[gte]": "5"}
THRESHOLD = {**FIVE, "usage_threshold[meter]": "{meter}", "usage_threshold[recurrence]": "one_time"}
ONLY = "usage_threshold[filters]"
ALL = {"enabled_events[]": "*"}


@pytest.mark.real_stripe
@pytest.mark.parametrize(
    "refused",
    [
        case(
            67,
            "POST /v1/billing/meters",
            {"display_name": "Again", "event_name": "{calls}", "default_aggregation[formula]": "count"},
            "{calls}",
        ),
        case(68, EVENT, {**CALL, "event_name": "nope"}, "No active meter found"),
        case(69, EVENT, {**CALL, "identifier": "{seen}"}, "^An event already exists with identifier {seen}.$"),
        case(70, EVENT, {**CALL, "payload[stripe_customer_id]": "cus_x"}, "^No such customer: 'cus_x'$"),
        case(71, EVENT, {**CALL, "timestamp": "1000"}, "35"),
        case(71, EVENT, {**CALL, "timestamp": "9000000000"}, "future", code="timestamp_in_future"),
        case(80, ALERT, {**THRESHOLD, "usage_threshold[gte]": "0"}, "0", code="parameter_invalid_integer"),
        case(
            80,
            ALERT,
            {
                **THRESHOLD,
                f"{ONLY}[0][type]": "customer",
                f"{ONLY}[0][customer]": "{customer}",
                f"{ONLY}[1][type]": "customer",
                f"{ONLY}[1][customer]": "{customer}",
            },
            "one filter",
            param=ONLY,
        ),
        case(
            80,
            ALERT,
            {**THRESHOLD, "usage_threshold[meter]": "mtr_nope"},
            "^No such meter: 'mtr_nope'$",
            param="usage_threshold[meter]",
            code="resource_missing",
        ),
        case(83, ENDPOINT, {**ALL, "url": "example.com/hook"}, "^Invalid URL: An explicit scheme"),
        case(84, ENDPOINT, {**ALL, "url": "https://localhost/hook"}, "^Invalid URL: URL must be publicly accessible."),
        case(
            85,
            ENDPOINT,
            {"url": "https://example.com/hook", "enabled_events[0]": "price.eaten"},
            r"^Invalid enabled_events\[0\]: must be one of \*, account",
        ),
    ],
)
def test_usage_is_refused(client: stripe.StripeClient, side: Side, catalog: dict[str, str], refused: Refused) -> None:
    """Status, type, code, parameter and words are Stripe's."""
    payload = {"stripe_customer_id": catalog["customer"]}
    client.v1.billing.meter_events.create(
        {"event_name": catalog["calls"], "payload": payload, "identifier": catalog["seen"]}
    )
    show(side.url, catalog, refused, key=side.key)


@pytest.mark.error_case(79)
def test_one_alert_too_many(
    client: stripe.StripeClient, stripe_emulator: EmulatorClient, catalog: dict[str, str]
) -> None:
    """Twenty-five of a meter and customer."""
    for _ in range(25):
        client.v1.billing.alerts.create(
            {
                "alert_type": "usage_threshold",
                "title": "Five",
                "usage_threshold": {"gte": 5, "meter": catalog["meter"], "recurrence": "one_time"},
            }
        )
    show(stripe_emulator.url, catalog, Refused(79, ALERT, THRESHOLD, "25"))


@pytest.mark.error_case(81)
def test_one_grant_too_many(client: stripe.StripeClient, stripe_emulator: EmulatorClient, customer: Any) -> None:
    """A hundred that are unused."""
    amount: Any = {"type": "monetary", "monetary": {"value": 1, "currency": "usd"}}
    scope: Any = {"scope": {"price_type": "metered"}}
    for _ in range(100):
        client.v1.billing.credit_grants.create(
            {"customer": customer.id, "amount": amount, "applicability_config": scope, "category": "paid"}
        )
    params = {
        "customer": customer.id,
        "amount[type]": "monetary",
        "amount[monetary][value]": "1",
        "amount[monetary][currency]": "usd",
        "applicability_config[scope][price_type]": "metered",
        "category": "paid",
    }
    show(stripe_emulator.url, {}, Refused(81, "POST /v1/billing/credit_grants", params, "100"))


@pytest.mark.error_case(82)
def test_one_endpoint_too_many(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """Sixteen for each mode."""
    for number in range(16):
        client.v1.webhook_endpoints.create({"url": f"https://example.com/{number}", "enabled_events": ["*"]})
    params = {**ALL, "url": "https://example.com/17"}
    words = "^You have reached the maximum of 16 test webhook endpoints.$"
    show(stripe_emulator.url, {}, Refused(82, ENDPOINT, params, words))
