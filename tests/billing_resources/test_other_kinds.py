"""What products, meters, alerts and webhook endpoints may not say."""

from __future__ import annotations

from typing import Any

import pytest

from billing_resources._engine import every_kind
from billing_resources._engine.kind import REGISTRY
from billing_resources._engine.validation import problems
from tests.billing_resources.test_declarations import GOOD, refused

assert every_kind
LOCAL = "must be a public address: Stripe cannot deliver to this machine"
WHOLE = "takes a whole address, such as https://app.example.com/stripe"
RESERVED = "begins with billing:, limits: or features:, which are reserved for the marks of this package"
ONCE = "is always 'one_time': an alert fires once for each customer, there are no daily or monthly windows"
THRESHOLD = {"meter": "mtr_1", "gte": 5}
BAD: list[tuple[str, dict[str, Any], list[str]]] = [
    ("Product", {"name": ""}, ["name: string should have at least 1 character"]),
    ("Product", {"statement_descriptor": "x" * 23}, [
        "statement_descriptor: string should have at most 22 characters"
    ]),
    ("Product", {"images": ["x"] * 9}, ["images: list should have at most 8 items after validation, not 9"]),
    ("Product", {"images": "x"}, ["images: takes a list"]),
    ("Product", {"marketing_features": ["SSO"]}, ["marketing_features[0]: takes an object with named fields"]),
    ("Product", {"default_price": "price_1"}, [
        "default_price: is not written here: set default on the price itself"
    ]),
    ("Product", {"active": False}, [
        "active: is not written: what is declared is active, and what is removed is archived"
    ]),
    ("Product", {"adopt": "yes"}, ["adopt: takes true or false"]),
    ("Meter", {"default_aggregation": "sum"}, ["default_aggregation: takes an object with named fields"]),
    ("Meter", {"default_aggregation": {"formula": "max"}}, [
        "default_aggregation.formula: must be 'sum', 'count' or 'last'"
    ]),
    ("Meter", {"aggregate_usage": "sum"}, [
        "aggregate_usage: is gone: the meter's default_aggregation says how usage adds up"
    ]),
    ("Meter", {"event_time_window": "month"}, ["event_time_window: must be 'hour' or 'day'"]),
    ("Meter", {"customer_mapping": {"type": "by_id"}}, ["customer_mapping.event_payload_key: is required"]),
    ("Alert", {"usage_threshold": None, "usage_threshold_config": THRESHOLD}, [
        "usage_threshold: is required",
        'usage_threshold_config: is spelled usage_threshold today: {"meter": …, "gte": …}',
    ]),
    ("Alert", {"filter": {"customer": "cus_1"}}, ["filter: is spelled filters, inside usage_threshold, today"]),
    ("Alert", {"usage_threshold": {**THRESHOLD, "recurrence": "daily"}}, [f"usage_threshold.recurrence: {ONCE}"]),
    ("Alert", {"recurrence": "daily"}, [
        "recurrence: belongs into usage_threshold, and is always 'one_time': an alert fires once for each customer"
    ]),
    ("Alert", {"usage_threshold": {**THRESHOLD, "meter": ""}}, [
        "usage_threshold.meter: string should have at least 1 character"
    ]),
    ("Alert", {"usage_threshold": {**THRESHOLD, "gte": 0}}, [
        "usage_threshold.gte: must be greater than or equal to 1"
    ]),
    ("Alert", {"usage_threshold": {**THRESHOLD, "gte": 5.0}}, ["usage_threshold.gte: takes a whole number"]),
    ("Alert", {"status": "archived"}, ["status: must be 'active' or 'inactive'"]),
    ("WebhookEndpoint", {"url": "http://localhost:4242"}, [f"url: {LOCAL}"]),
    ("WebhookEndpoint", {"url": "https://127.0.0.1/x"}, [f"url: {LOCAL}"]),
    ("WebhookEndpoint", {"url": "app.example.com"}, [f"url: {WHOLE}"]),
    ("WebhookEndpoint", {"enabled_events": []}, [
        "enabled_events: list should have at least 1 item after validation, not 0"
    ]),
    ("WebhookEndpoint", {"enabled_events": "*"}, ["enabled_events: takes a list"]),
    ("WebhookEndpoint", {"disabled": "no"}, ["disabled: takes true or false"]),
    ("WebhookEndpoint", {"metadata": {"billing:key": "x"}}, [
        f'metadata["billing:key"]: {RESERVED}'
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "args", "sentences"), BAD)
def test_what_stripe_has_no_meaning_for_is_refused(kind: str, args: dict[str, Any], sentences: list[str]) -> None:
    """One sentence for each problem, with what to write instead; nothing is registered."""
    assert refused(kind, **args) == sentences


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        ("Product", {"id": "prod_team", "marketing_features": [{"name": "SSO"}], "metadata": {"a": "b"}}),
        ("Meter", {"event_time_window": "day", "value_settings": {"event_payload_key": "tokens"}}),
        ("Alert", {"usage_threshold": {**THRESHOLD, "filters": [{"type": "customer", "customer": "cus_1"}]}}),
        ("WebhookEndpoint", {"enabled_events": ["*"], "api_version": "2026-10-28.endive", "connect": True}),
    ],
)
def test_what_stripe_takes_is_taken(kind: str, args: dict[str, Any]) -> None:
    """The further fields of each kind."""
    assert problems(REGISTRY[kind], {**GOOD[kind], **args}) == []
