"""A manifest as an environment: its entries as a program would declare them, without what Stripe makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from billing_review.parity.allowances import Allowance
from billing_review.parity.environment import Environment, Key
from billing_review.parity.sections import OF_THE_STACK, kind_of
from billing_review.steps import Args

Json = dict[str, Any]


def environment_of_manifest(
    manifest: Mapping[str, Any],
    *,
    own_addresses: frozenset[Key] = frozenset(),
    allowed: tuple[Allowance, ...] = (),
    from_catalog: bool = False,
) -> Environment:
    """What a valid manifest says; the entries of sections that came later are compared as they are."""
    objects: dict[Key, Args] = {}
    ids: dict[Key, str] = {}
    for section, entries in manifest.items():
        if section in OF_THE_STACK or section in {"plans", "retired"} or not isinstance(entries, Mapping):
            continue
        kind = kind_of(section)
        for key, entry in entries.items():
            objects[kind, key] = _declared(kind, entry)
            if entry.get("id"):
                ids[kind, key] = str(entry["id"])
    return Environment(
        stack=str(manifest["stack"]),
        origin="catalog" if from_catalog else "manifest",
        objects=objects,
        ids=ids,
        plans={key: _plan(plan) for key, plan in manifest.get("plans", {}).items()},
        project=manifest.get("project"),
        account=manifest.get("account"),
        livemode=manifest.get("livemode"),
        own_addresses=own_addresses,
        allowed=allowed,
    )


def _declared(kind: str, entry: Mapping[str, Any]) -> Args:
    plain = {name: value for name, value in entry.items() if name != "id"}
    found: Args = without_nothing(_FORMS.get(kind, dict)(plain))
    return found


def without_nothing(value: Any) -> Any:
    """A value without what is not there: null, and empty objects and lists, are not said at all."""
    if isinstance(value, Mapping):
        parts = {str(name): without_nothing(part) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part not in (None, {}, [])}
    if isinstance(value, list):
        return [without_nothing(part) for part in value]
    return value


def _plan(plan: Mapping[str, Any]) -> Args:
    """A plan without its prices and product, which are objects of their own."""
    own = {name: value for name, value in plan.items() if name not in {"prices", "product"}}
    found: Args = without_nothing({**own, "audience": sorted(plan.get("audience") or [])})
    return found


def _price(entry: Json) -> Json:
    taken = ("type", "interval", "interval_count", "meter", "unit_amount_decimal", "tiers", "currency_options")
    metered = {"usage_type": "metered", "meter": entry["meter"]} if entry.get("meter") else {}
    rhythm = {"interval": entry.get("interval"), "interval_count": entry.get("interval_count"), **metered}
    options = {code: _amounts(option) for code, option in (entry.get("currency_options") or {}).items()}
    return {
        **{name: value for name, value in entry.items() if name not in taken},
        **_amounts(entry),
        "recurring": rhythm if entry.get("interval") else None,
        "currency_options": options,
        "default": entry.get("default") or None,
    }


def _amounts(entry: Mapping[str, Any]) -> Json:
    """The amounts of a price, in one currency."""
    tiers = entry.get("tiers")
    return {
        **_amount("unit_amount", entry.get("unit_amount_decimal")),
        "tiers": None if tiers is None else [_tier(tier) for tier in tiers],
    }


def _tier(tier: Mapping[str, Any]) -> Json:
    return {
        "up_to": tier["up_to"],
        **_amount("unit_amount", tier.get("unit_amount_decimal")),
        **_amount("flat_amount", tier.get("flat_amount_decimal")),
    }


def _amount(name: str, digits: str | None) -> Json:
    """An amount under the name that Stripe gives it: whole minor units, or decimal digits."""
    if digits is None:
        return {}
    return {name: int(digits)} if digits.isdigit() else {f"{name}_decimal": digits}


def _meter(entry: Json) -> Json:
    return {
        "event_name": entry["event_name"],
        "default_aggregation": {"formula": entry["formula"]},
        "customer_mapping": {"event_payload_key": entry.get("customer_key")},
        "value_settings": {"event_payload_key": entry.get("value_key")},
        "event_time_window": entry.get("window"),
    }


def _alert(entry: Json) -> Json:
    threshold = {"meter": entry["meter"], "gte": entry["gte"]}
    return {"title": entry["title"], "usage_threshold": threshold, "status": entry.get("status")}


def _endpoint(entry: Json) -> Json:
    """Without the API version, which the account gave it where the catalog says none."""
    return {name: value for name, value in entry.items() if name != "api_version"}


def _code(entry: Json) -> Json:
    rest = {name: value for name, value in entry.items() if name != "coupon"}
    return {**rest, "promotion": {"coupon": entry.get("coupon")}}


def _destination(entry: Json) -> Json:
    rest = {name: value for name, value in entry.items() if name != "url"}
    return {**rest, "webhook_endpoint": {"url": entry.get("url")}}


_FORMS: Mapping[str, Callable[[Json], Json]] = {
    "Price": _price,
    "Meter": _meter,
    "Alert": _alert,
    "WebhookEndpoint": _endpoint,
    "PromotionCode": _code,
    "EventDestination": _destination,
}
