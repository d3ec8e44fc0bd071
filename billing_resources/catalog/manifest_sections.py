"""The sections of the manifest that came after its first release: optional, and left out where they are empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from billing_resources._engine.amounts import plain

if TYPE_CHECKING:
    from billing_resources.catalog.manifest import Listed

Json = dict[str, Any]


def features(listed: Iterable[Listed]) -> Json:
    """What an application asks entitlements by, and on which products they are."""
    return {one.key: {"id": one.id, "lookup_key": one.args["lookup_key"], "name": one.args["name"]} for one in listed}


def portal_configurations(listed: Iterable[Listed]) -> Json:
    """What a portal session names."""
    return {one.key: {"id": one.id} for one in listed}


def later_sections(by_kind: Mapping[str, Mapping[str, Listed]]) -> Json:
    """The sections that have anything in them."""
    found = {
        "coupons": {key: _coupon(one) for key, one in by_kind["Coupon"].items()},
        "promotion_codes": {key: _code(one) for key, one in by_kind["PromotionCode"].items()},
        "tax_rates": {key: _tax_rate(one) for key, one in by_kind["TaxRate"].items()},
        "event_destinations": {key: _destination(one) for key, one in by_kind["EventDestination"].items()},
    }
    return {name: section for name, section in found.items() if section}


def _coupon(one: Listed) -> Json:
    percent = one.args.get("percent_off")
    return {
        "id": one.id,
        "name": one.args.get("name"),
        "percent_off": None if percent is None else plain(str(percent)),
        "amount_off": one.args.get("amount_off"),
        "currency": one.args.get("currency"),
        "duration": one.args.get("duration", "once"),
        "duration_in_months": one.args.get("duration_in_months"),
    }


def _code(one: Listed) -> Json:
    return {"id": one.id, "code": one.args.get("code"), "coupon": one.args["promotion"]["coupon"]}


def _tax_rate(one: Listed) -> Json:
    return {
        "id": one.id,
        "display_name": one.args["display_name"],
        "percentage": plain(str(one.args["percentage"])),
        "inclusive": one.args["inclusive"],
    }


def _destination(one: Listed) -> Json:
    return {"id": one.id, "url": (one.args.get("webhook_endpoint") or {}).get("url")}
