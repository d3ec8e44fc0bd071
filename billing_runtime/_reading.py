"""From validated manifest JSON to frozen values. Numbers may arrive as floats (1.0), since Pulumi knows no others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing_runtime.catalog import (
    GROUP,
    Alert,
    CurrencyOption,
    Limit,
    Meter,
    Plan,
    PortalConfiguration,
    Price,
    Product,
    PromotionCode,
    Seats,
    Tier,
    TransformQuantity,
    WebhookEndpoint,
)
from billing_runtime.limits.form import limit_of_json
from billing_runtime.manifest import Manifest

Json = dict[str, Any]


def read_manifest(data: Json) -> Manifest:
    """The manifest as values; the JSON must have passed validation."""
    prices = {key: _price(key, value) for key, value in data["prices"].items()}
    plans = {key: _plan(key, value, prices) for key, value in data["plans"].items()}
    return Manifest(
        version=int(data["version"]),
        project=data["project"],
        stack=data["stack"],
        account=data["account"],
        livemode=data["livemode"],
        api_version=data["api_version"],
        catalog_digest=data.get("catalog_digest"),
        plans=plans,
        products={key: Product(key, value["id"]) for key, value in data["products"].items()},
        prices=prices,
        meters={key: _meter(key, value) for key, value in data["meters"].items()},
        alerts={key: _alert(key, value) for key, value in _map(data, "alerts").items()},
        webhook_endpoints={key: _endpoint(key, value) for key, value in _map(data, "webhook_endpoints").items()},
        portal_configurations={
            key: PortalConfiguration(key, value["id"]) for key, value in _map(data, "portal_configurations").items()
        },
        promotion_codes={
            key: PromotionCode(key, value["id"], value.get("code"))
            for key, value in _map(data, "promotion_codes").items()
        },
        limit_names=frozenset().union(
            *(plan.limits for plan in plans.values()), *(price.limits for price in prices.values())
        ),
    )


def _plan(key: str, data: Json, prices: dict[str, Price]) -> Plan:
    return Plan(
        key=key,
        name=data["name"],
        product=data["product"],
        prices=tuple(prices[price] for price in data["prices"]),
        audience=tuple(data.get("audience") or ()),
        rank=int(data.get("rank") or 0),
        badge=data.get("badge"),
        free=data.get("free", False),
        limits=_limits(data),
        features=dict(_map(data, "features")),
        group=data.get("group") or GROUP,
    )


def _price(key: str, data: Json) -> Price:
    return Price(
        key=key,
        id=data["id"],
        product=data["product"],
        type=data["type"],
        currency=data["currency"],
        unit_amount=_amount(data["unit_amount_decimal"]),
        seats=_seats(data.get("seats")),
        tiers=_tiers(data["tiers"]),
        tiers_mode=data.get("tiers_mode"),
        transform_quantity=_transform(data.get("transform_quantity")),
        currency_options={code: _currency_option(option) for code, option in _map(data, "currency_options").items()},
        interval=data["interval"],
        interval_count=_whole(data.get("interval_count")),
        lookup_key=data.get("lookup_key"),
        trial_days=_whole(data.get("trial_days")),
        meter=data.get("meter"),
        limits=_limits(data),
        features=dict(_map(data, "features")),
        default=data.get("default", False),
    )


def _seats(data: Json | None) -> Seats | None:
    if data is None:
        return None
    # Nobody is billed for no seat: Stripe would drop to 0 and the next join would start a new proration.
    return Seats(data["mode"], max(1, int(data.get("minimum") or 1)), _whole(data.get("maximum")))


def _tiers(data: list[Json] | None) -> tuple[Tier, ...] | None:
    if data is None:
        return None
    return tuple(
        Tier(
            up_to="inf" if tier["up_to"] == "inf" else int(tier["up_to"]),
            unit_amount=_amount(tier.get("unit_amount_decimal")),
            flat_amount=_amount(tier.get("flat_amount_decimal")),
        )
        for tier in data
    )


def _transform(data: Json | None) -> TransformQuantity | None:
    return None if data is None else TransformQuantity(int(data["divide_by"]), data["round"])


def _currency_option(data: Json) -> CurrencyOption:
    return CurrencyOption(_amount(data.get("unit_amount_decimal")), _tiers(data.get("tiers")))


def _limits(data: Json) -> dict[str, Limit]:
    return {name: limit_of_json(limit) for name, limit in _map(data, "limits").items()}


def _meter(key: str, data: Json) -> Meter:
    return Meter(
        key=key,
        id=data["id"],
        event_name=data["event_name"],
        formula=data["formula"],
        customer_key=data.get("customer_key", "stripe_customer_id"),
        value_key=data.get("value_key", "value"),
        window=data.get("window"),
    )


def _alert(key: str, data: Json) -> Alert:
    return Alert(key, data["id"], data["meter"], int(data["gte"]), data.get("title", ""), data.get("status"))


def _endpoint(key: str, data: Json) -> WebhookEndpoint:
    return WebhookEndpoint(key, data["id"], data["url"], data.get("api_version"))


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _map(data: Json, name: str) -> Json:
    found: Json | None = data.get(name)
    return found or {}
