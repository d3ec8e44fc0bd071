"""Objects that do not change, as far as the stack's manifest tells: a plan leaves them out.

The manifest is what the application needs, so an object lacks what it does not: its step is marked partial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from billing_review.reading.names import Named, sections
from billing_review.reading.values import clean
from billing_review.steps import Step

Json = Mapping[str, Any]


def objects(manifest: Json) -> Iterator[Step]:
    """Every object of the manifest, unchanged."""
    plans = plans_of(manifest)
    for kind, key, entry in sections(manifest):
        read = _READ.get(kind, _as_it_is)
        args = clean({name: value for name, value in read(entry).items() if name != "id"})
        if kind == "Product" and isinstance(plans.get(key, {}).get("name"), str):
            args["name"] = plans[key]["name"]
        object_id = entry.get("id")
        yield Step(
            kind,
            key,
            "same",
            args,
            args,
            object_id=object_id if isinstance(object_id, str) else None,
            plan=plan_of((kind, key), manifest),
            is_partial=True,
        )


def plans_of(manifest: Json) -> dict[str, dict[str, Any]]:
    """What the manifest says of each plan."""
    found = manifest.get("plans")
    plans = found.items() if isinstance(found, Mapping) else ()
    return {key: clean_plan(plan) for key, plan in plans if isinstance(plan, Mapping)}


def clean_plan(plan: Json) -> dict[str, Any]:
    """A plan without what it leaves open: no badge, no meter of a limit."""
    found: dict[str, Any] = clean(plan)
    return found


def plan_of(named: Named, manifest: Json) -> str | None:
    """The plan that an object's name puts it into: the price team.monthly belongs to team, if that is a plan."""
    kind, key = named
    if kind not in {"Product", "Price", "ProductFeature"}:
        return None
    owner, plans = key.partition(".")[0], manifest.get("plans")
    return owner if isinstance(plans, Mapping) and owner in plans else None


def _as_it_is(entry: Json) -> dict[str, Any]:
    return dict(entry)


def _price(entry: Json) -> dict[str, Any]:
    plain = ("product", "currency", "lookup_key", "trial_days", "limits", "features", "seats", "transform_quantity")
    recurring = {name: entry.get(name) for name in ("interval", "interval_count", "meter")}
    recurring |= {"usage_type": "metered"} if entry.get("meter") else {}
    return {
        **{name: entry.get(name) or None for name in plain},
        **_amounts(entry),
        "tiers_mode": entry.get("tiers_mode"),
        "default": True if entry.get("default") else None,
        "recurring": recurring if entry.get("interval") else None,
        "currency_options": {code: _amounts(one) for code, one in (entry.get("currency_options") or {}).items()}
        or None,
    }


def _amounts(entry: Json) -> dict[str, Any]:
    tiers = [
        {"up_to": tier.get("up_to"), **_amount(tier, "unit_amount"), **_amount(tier, "flat_amount")}
        for tier in entry.get("tiers") or ()
    ]
    return {**_amount(entry, "unit_amount"), "tiers": tiers or None}


def _amount(entry: Json, name: str) -> dict[str, Any]:
    """A whole amount as an int, as a program writes it."""
    digits = entry.get(f"{name}_decimal")
    is_whole = isinstance(digits, str) and digits.isascii() and digits.isdigit()
    return {name: int(digits)} if is_whole and digits else {f"{name}_decimal": digits}


def _meter(entry: Json) -> dict[str, Any]:
    return {
        "event_name": entry.get("event_name"),
        "default_aggregation": {"formula": entry.get("formula")},
        "customer_mapping": {"event_payload_key": entry.get("customer_key"), "type": "by_id"},
        "value_settings": {"event_payload_key": entry.get("value_key")},
        "event_time_window": entry.get("window"),
    }


def _alert(entry: Json) -> dict[str, Any]:
    threshold = {"meter": entry.get("meter"), "gte": entry.get("gte")}
    return {"title": entry.get("title"), "status": entry.get("status"), "usage_threshold": threshold}


def _code(entry: Json) -> dict[str, Any]:
    return {"code": entry.get("code"), "promotion": {"coupon": entry.get("coupon"), "type": "coupon"}}


def _destination(entry: Json) -> dict[str, Any]:
    return {"webhook_endpoint": {"url": entry.get("url")}}


_READ: Mapping[str, Callable[[Json], dict[str, Any]]] = {
    "Price": _price,
    "Meter": _meter,
    "Alert": _alert,
    "PromotionCode": _code,
    "EventDestination": _destination,
}
