"""The manifest: what the application is told about a stack. Names, ids, amounts and limits; no secrets.

https://json-schema.org/draft/2020-12 describes it in manifest.schema.json, of which the runtime has the same copy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from billing_resources._engine.canonical import digits
from billing_resources._engine.kind import REGISTRY
from billing_resources._engine.price_marks import price_type, whole_limit
from billing_resources._engine.settings import API_VERSION
from billing_resources.catalog.loader import Catalog
from billing_resources.catalog.manifest_sections import features, later_sections, portal_configurations
from billing_resources.errors import BillingResourceError

Json = dict[str, Any]
VERSION = 1
_OF_THE_STACK = ("project", "stack", "account", "livemode", "api_version", "catalog_digest")
_FLAT_AMOUNTS = ("flat_amount_decimal", "flat_amount")


@dataclass(frozen=True)
class Listed:
    """One declared object: arguments that name others by their keys, and what Stripe made of it, if it is there."""

    kind: str
    key: str
    args: Mapping[str, Any]
    id: str | None = None
    made: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StackFacts:
    """Whose manifest it is."""

    project: str
    stack: str
    account: str | None = None
    livemode: bool | None = None
    api_version: str = API_VERSION


class InvalidManifest(BillingResourceError):  # noqa: N818 - reads as what happened
    """The manifest does not follow its own schema; that is a fault of this package, not of the catalog."""


def of_catalog(catalog: Catalog, project: str, stack: str) -> Json:
    """The manifest of a catalog that no stack has provisioned yet: its ids are null."""
    listed = [Listed(entry.kind.name, entry.key, entry.args) for entry in catalog.entries]
    return build(listed, catalog.data.get("plans") or {}, StackFacts(project, stack))


def build(listed: Iterable[Listed], plans: Mapping[str, Mapping[str, Any]], stack: StackFacts) -> Json:
    """The manifest of declared objects and of plans by their keys."""
    by_kind: dict[str, dict[str, Listed]] = {kind: {} for kind in REGISTRY}
    for one in listed:
        by_kind[one.kind][one.key] = one
    prices = {key: _price(one) for key, one in by_kind["Price"].items()}
    manifest = {
        "version": VERSION,
        "project": stack.project,
        "stack": stack.stack,
        "account": stack.account,
        "livemode": stack.livemode,
        "api_version": stack.api_version,
        "plans": {key: _plan(key, plan, prices) for key, plan in plans.items()},
        "products": {key: {"id": one.id} for key, one in by_kind["Product"].items()},
        "prices": prices,
        "meters": {key: _meter(one) for key, one in by_kind["Meter"].items()},
        "alerts": {key: _alert(one) for key, one in by_kind["Alert"].items()},
        "webhook_endpoints": {key: _endpoint(one) for key, one in by_kind["WebhookEndpoint"].items()},
        "features": features(by_kind["Feature"].values()),
        "portal_configurations": portal_configurations(by_kind["PortalConfiguration"].values()),
        "retired": {"prices": {}},
        **later_sections(by_kind),
    }
    return {**manifest, "catalog_digest": digest(manifest)}


def derived_plans(listed: Iterable[Listed]) -> Json:
    """One plan for each product, from its prices, for programs that declare no plan."""
    known = list(listed)
    prices = [one for one in known if one.kind == "Price"]
    own = [one for one in known if one.kind == "Product" and one.args]
    return {one.key: _derived(one, [price for price in prices if price.args["product"] == one.key]) for one in own}


def _derived(product: Listed, prices: list[Listed]) -> Json:
    limits, features = Json(), Json()
    for price in prices:
        limits = {**(price.args.get("limits") or {}), **limits}
        features = {**(price.args.get("features") or {}), **features}
    return {"name": product.args["name"], "limits": limits, "features": features}


def digest(manifest: Mapping[str, Any]) -> str:
    """A fingerprint of what is sold: equal for every stack that the same catalog was provisioned in."""
    sold = {name: _without_ids(value) for name, value in manifest.items() if name not in _OF_THE_STACK}
    told = json.dumps(sold, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(told.encode()).hexdigest()}"


def _without_ids(section: Any) -> Any:
    """A section without what Stripe makes of its entries."""
    if not isinstance(section, Mapping):
        return section
    made = {"id", "api_version"}
    return {
        key: {name: value for name, value in entry.items() if name not in made} if isinstance(entry, Mapping) else entry
        for key, entry in section.items()
    }


def validated(manifest: Json) -> Json:
    """The same manifest, known to follow the published schema."""
    faults = [f"{error.json_path} {error.validator}" for error in _validator().iter_errors(manifest)]
    if faults:
        raise InvalidManifest(f"the manifest does not follow its own schema: {'; '.join(faults)}; please report this")
    return manifest


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    text = resources.files("billing_resources.catalog").joinpath("manifest.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _plan(key: str, plan: Mapping[str, Any], prices: Mapping[str, Json]) -> Json:
    return {
        "product": key,
        "audience": list(plan.get("audience") or []),
        "rank": plan.get("rank", 0),
        "name": plan["name"],
        "badge": plan.get("badge"),
        "free": plan.get("free", False),
        "limits": _limits(plan),
        "features": dict(plan.get("features") or {}),
        "prices": [name for name, price in prices.items() if price["product"] == key],
        # Only where it is said, so that the manifest of a catalog without groups stays what it was.
        **({"group": plan["group"]} if "group" in plan else {}),
    }


def _price(one: Listed) -> Json:
    args, recurring = one.args, one.args.get("recurring") or {}
    return {
        "id": one.id,
        "product": args["product"],
        "type": price_type(args),
        "seats": _seats(args.get("seats")),
        "currency": args["currency"],
        "unit_amount_decimal": digits(args),
        "tiers": _tiers(args.get("tiers")),
        "tiers_mode": args.get("tiers_mode"),
        "transform_quantity": args.get("transform_quantity"),
        "currency_options": {code: _option(option) for code, option in (args.get("currency_options") or {}).items()},
        "interval": recurring.get("interval"),
        "interval_count": recurring.get("interval_count", 1) if recurring else None,
        "lookup_key": args.get("lookup_key"),
        "trial_days": args.get("trial_days"),
        "meter": recurring.get("meter"),
        "limits": _limits(args),
        "features": dict(args.get("features") or {}),
        "default": args.get("default", False),
    }


def _seats(seats: Mapping[str, Any] | None) -> Json | None:
    return None if seats is None else {"minimum": 1, "maximum": None, **seats}


def _limits(args: Mapping[str, Any]) -> Json:
    return {name: whole_limit(limit) for name, limit in (args.get("limits") or {}).items()}


def _tiers(tiers: Iterable[Mapping[str, Any]] | None) -> list[Json] | None:
    return None if tiers is None else [_tier(tier) for tier in tiers]


def _tier(tier: Mapping[str, Any]) -> Json:
    flat = {"unit_amount": next((tier[name] for name in _FLAT_AMOUNTS if tier.get(name) is not None), None)}
    return {"up_to": tier["up_to"], "unit_amount_decimal": digits(tier), "flat_amount_decimal": digits(flat)}


def _option(option: Mapping[str, Any]) -> Json:
    return {"unit_amount_decimal": digits(option), "tiers": _tiers(option.get("tiers"))}


def _meter(one: Listed) -> Json:
    mapping, value = one.args.get("customer_mapping") or {}, one.args.get("value_settings") or {}
    return {
        "id": one.id,
        "event_name": one.args["event_name"],
        "formula": one.args["default_aggregation"]["formula"],
        "customer_key": mapping.get("event_payload_key", "stripe_customer_id"),
        "value_key": value.get("event_payload_key", "value"),
        "window": one.args.get("event_time_window"),
    }


def _alert(one: Listed) -> Json:
    threshold = one.args["usage_threshold"]
    return {
        "id": one.id,
        "title": one.args["title"],
        "meter": threshold["meter"],
        "gte": threshold["gte"],
        "status": one.args.get("status", "active"),
    }


def _endpoint(one: Listed) -> Json:
    version = one.made.get("api_version") or one.args.get("api_version")
    return {"id": one.id, "url": one.args["url"], "api_version": version}
