"""The program of the random kills: a small catalog of several kinds, as `wanted.json` beside it says."""

from __future__ import annotations

import json
from pathlib import Path

import billing_resources as billing

wanted = json.loads(Path(__file__).with_name("wanted.json").read_text())
team = billing.Product("team", name=wanted["name"])
for period in ("month", "year"):
    billing.Price(
        f"team.{period}ly",
        product=team.id,
        currency="usd",
        unit_amount=wanted[period],
        recurring={"interval": period},
        lookup_key=f"team_{period}ly",
        default=wanted["default"] == period,
    )
tokens = billing.Meter(
    "tokens", display_name=wanted["display"], event_name="tokens", default_aggregation={"formula": "sum"}
)
billing.Alert("many", title="Many tokens", usage_threshold={"meter": tokens.id, "gte": wanted["gte"]})
billing.WebhookEndpoint("app", url="https://app.example.com/stripe", enabled_events=wanted["events"])
if wanted["addon"]:
    addon = billing.Product("addon", name="Add-on")
    billing.Price(
        "addon.tokens",
        product=addon.id,
        currency="usd",
        unit_amount=4,
        transform_quantity={"divide_by": 1000, "round": "up"},
        recurring={"interval": "month", "usage_type": "metered", "meter": tokens.id},
    )
