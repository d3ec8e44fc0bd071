"""Requests of an older version, put in the newest words before anything is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Form = dict[str, Any]


@dataclass(frozen=True)
class Wording:
    """What some operations were asked before the version of a date, and how that is said now."""

    since: str
    routes: tuple[str, ...]
    now: Callable[[Form], Form]


def asked(route: str, raw: Form, version: str) -> Form:
    """Return what a request asks for, in the newest words; what it says wrongly stays as it is."""
    for wording in _WORDINGS:
        if version[:10] < wording.since and route in wording.routes:
            raw = wording.now(raw)
    return raw


def _renamed(old: str, new: str) -> Callable[[Form], Form]:
    def now(raw: Form) -> Form:
        return {new if name == old and new not in raw else name: value for name, value in raw.items()}

    return now


def _anchor(raw: Form) -> Form:
    """`billing_cycle_anchor=now` has been a hash since endive."""
    said = raw.get("billing_cycle_anchor")
    return {**raw, "billing_cycle_anchor": {"type": said}} if isinstance(said, str) and said else raw


def _anchor_of_preview(raw: Form) -> Form:
    details = raw.get("subscription_details")
    said = details.get("billing_cycle_anchor") if isinstance(details, dict) else None
    if not isinstance(details, dict) or said not in ("now", "unchanged"):
        return raw
    return {**raw, "subscription_details": _anchor(details)}


def _coupon_of_code(raw: Form) -> Form:
    """`coupon` of a promotion code has stood in `promotion` since clover."""
    if "coupon" not in raw or "promotion" in raw:
        return raw
    rest = {name: value for name, value in raw.items() if name != "coupon"}
    return {**rest, "promotion": {"type": "coupon", "coupon": raw["coupon"]}}


def _discounts(raw: Form) -> Form:
    """`coupon` and `promotion_code` of a subscription have been elements of `discounts` since basil."""
    named = {name: raw[name] for name in ("coupon", "promotion_code") if name in raw}
    if not named or "discounts" in raw:
        return raw
    rest = {name: value for name, value in raw.items() if name not in named}
    given = {name: value for name, value in named.items() if value != ""}
    return {**rest, "discounts": {"0": given} if given else ""}


def _price_of_item(raw: Form) -> Form:
    """`price` of an invoice item has stood in `pricing` since basil, `unit_amount` has been a decimal."""
    moved = {name: value for name, value in raw.items() if name not in ("price", "unit_amount")}
    if "price" in raw:
        moved["pricing"] = {"price": raw["price"]}
    if "unit_amount" in raw:
        moved["unit_amount_decimal"] = raw["unit_amount"]
    return moved


def _threshold(raw: Form) -> Form:
    """The filter of an alert has been one of its threshold's filters since acacia."""
    threshold, only = raw.get("usage_threshold_config"), raw.get("filter")
    if not isinstance(threshold, dict) or "usage_threshold" in raw:
        return raw
    filters = {"filters": {"0": {"type": "customer", **only}}} if isinstance(only, dict) else {}
    rest = {name: value for name, value in raw.items() if name not in ("usage_threshold_config", "filter")}
    return {**rest, "usage_threshold": {**threshold, **filters}}


_SUBSCRIPTION = "POST /v1/subscriptions/{subscription_exposed_id}"
_ITEMS = ("POST /v1/invoiceitems", "POST /v1/invoiceitems/{invoiceitem}")
_WORDINGS = (
    Wording("2026-09-30", (_SUBSCRIPTION, "POST /v1/subscriptions/{subscription}/resume"), _anchor),
    Wording("2026-09-30", ("POST /v1/invoices/create_preview",), _anchor_of_preview),
    Wording(
        "2026-09-30", ("POST /v1/checkout/sessions",), _renamed("payment_method_types", "allowed_payment_method_types")
    ),
    Wording("2025-09-30", ("POST /v1/promotion_codes",), _coupon_of_code),
    Wording("2025-03-31", ("POST /v1/subscriptions", _SUBSCRIPTION, "POST /v1/invoices/create_preview"), _discounts),
    Wording("2025-03-31", _ITEMS, _price_of_item),
    Wording("2024-09-30", ("POST /v1/billing/alerts",), _threshold),
    Wording("2024-04-10", ("POST /v1/products", "POST /v1/products/{id}"), _renamed("features", "marketing_features")),
)
