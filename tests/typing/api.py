# pyright: reportUnnecessaryTypeIgnoreComment=true
"""What type checkers say about calls as users write them: read by mypy and pyright, never run.

A good call has no comment; a bad one is marked, and a mark that is not needed fails as well.
"""

from __future__ import annotations

from typing import assert_type

import pulumi
from pulumi import Output, ResourceOptions

import billing_resources as billing

# Good calls

team = billing.Product("team", name="Team")
full = billing.Product(
    "full",
    name="Team",
    id="prod_team",
    description="For organizations",
    images=["https://example.com/team.png"],
    marketing_features=[{"name": "Single sign-on"}],
    metadata={"a": "1"},
    statement_descriptor="EXAMPLE",
    tax_code="txcd_10103001",
    unit_label="seat",
    url="https://example.com",
    adopt=True,
    opts=ResourceOptions(protect=True),
)
tokens = billing.Meter(
    "tokens",
    display_name="Tokens",
    event_name="tokens",
    default_aggregation={"formula": "sum"},
    customer_mapping={"type": "by_id", "event_payload_key": "customer"},
    event_time_window="hour",
    value_settings={"event_payload_key": "amount"},
)
seat = billing.Price(
    "team.seat",
    product=team.id,
    currency="usd",
    unit_amount=1200,
    recurring={"interval": "month", "interval_count": 3},
    seats={"mode": "follow", "minimum": 1, "maximum": 50},
    trial_days=14,
    limits={
        "credits": {"included": 1000, "per": "period", "overage": "block", "meter": "tokens"},
        "images": {"included": 9, "rollover": {"max": 5, "periods": 2}, "carry": "reset", "thresholds": [80, 100]},
    },
    features={"sso": "1"},
    lookup_key="team_seat",
    nickname="Team",
    tax_behavior="exclusive",
    currency_options={"eur": {"unit_amount": 1100}, "gbp": {"unit_amount_decimal": "999.5"}},
    default=True,
)
usage = billing.Price(
    "team.tokens",
    product=team.id,
    currency="usd",
    unit_amount=4,
    transform_quantity={"divide_by": 1000, "round": "up"},
    recurring={"interval": "month", "usage_type": "metered", "meter": tokens.id},
)
tiered = billing.Price(
    "team.tiers",
    product="prod_team",
    currency="usd",
    tiers=[{"up_to": 10, "unit_amount": 0}, {"up_to": "inf", "unit_amount_decimal": "0.5", "flat_amount": 500}],
    tiers_mode="graduated",
    recurring={"interval": "month"},
)
soon = billing.Alert(
    "soon",
    title="Soon",
    usage_threshold={"meter": tokens.id, "gte": 800, "filters": [{"type": "customer", "customer": "cus_1"}]},
    status="inactive",
)
hook = billing.WebhookEndpoint(
    "app",
    url=Output.concat("https://", pulumi.Config().require("host")),
    enabled_events=["invoice.paid"],
    api_version="2026-10-28.endive",
    connect=False,
    disabled=True,
)

# What resources answer

assert_type(team.id, Output[str])
assert_type(team.name, Output[str])
assert_type(team.active, Output[bool])
assert_type(seat.lookup_key, Output[str | None])
assert_type(seat.product, Output[str])
assert_type(tokens.event_name, Output[str])
assert_type(soon.status, Output[str])
assert_type(hook.secret, Output[str])
assert_type(hook.api_version, Output[str])
assert_type(hook.livemode, Output[bool])
assert_type(hook.account, Output[str])
parent: pulumi.Resource = team

# Bad calls: one mistake each

billing.Product("a")  # type: ignore[call-arg]
billing.Product("b", name=5)  # type: ignore[arg-type]
billing.Product("c", name="C", nam="C")  # type: ignore[call-arg]
billing.Product(name="D")  # type: ignore[call-arg]
billing.Product("e", name="E", metadata={"a": 1})  # type: ignore[dict-item]
billing.Product("f", name="F", marketing_features=["SSO"])  # type: ignore[list-item]
billing.Price("g", product=team.id, currency="usd", unit_amount=12.00)  # type: ignore[arg-type]
billing.Price("h", product=team.id, currency="usd", unit_amount="1200")  # type: ignore[arg-type]
billing.Price("i", product=team.id, currency="usd", unit_amount_decimal=0.5)  # type: ignore[arg-type]
billing.Price("j", product=team.id, unit_amount=1200)  # type: ignore[call-arg]
billing.Price("k", product=team, currency="usd", unit_amount=1)  # type: ignore[arg-type]
billing.Price("l", product=team.id, currency="usd", unit_amount=1, recurring={"interval": "months"})  # type: ignore[arg-type]
billing.Price("m", product=team.id, currency="usd", unit_amount=1, recurring="month")  # type: ignore[arg-type]
billing.Price("n", product=team.id, currency="usd", unit_amount=1, seats={"mode": "fixed"})  # type: ignore[typeddict-item]
billing.Price("o", product=team.id, currency="usd", unit_amount=1, tax_behavior="none")  # type: ignore[arg-type]
billing.Meter("p", display_name="P", event_name="p", default_aggregation={"formula": "max"})  # type: ignore[arg-type]
billing.Meter("q", display_name="Q", event_name="q", default_aggregation={})  # type: ignore[arg-type]
billing.Alert("r", title="R", usage_threshold={"gte": 800})  # type: ignore[arg-type]
billing.Alert("s", title="S", usage_threshold={"meter": tokens.id, "gte": 1}, status="archived")  # type: ignore[arg-type]
billing.WebhookEndpoint("t", url="https://example.com", enabled_events="*")  # type: ignore[arg-type]
billing.WebhookEndpoint("u", url="https://example.com", enabled_events=["*"], secret="x")  # type: ignore[call-arg]
hook.secret_key  # type: ignore[attr-defined]  # noqa: B018 - the attribute is the test
