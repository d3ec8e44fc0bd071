"""What a schedule says of all its phases, and a schedule made of a subscription that runs already."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.subscriptions.record import items_of

Document = dict[str, Any]

_NOT_EMULATED = ("application_fee_percent", "billing_thresholds", "on_behalf_of", "transfer_data")


def blank(call: Call, customer: Document) -> Document:
    """Return the fields of a new schedule without phases."""
    mode = call.params.get("billing_mode", {}).get("type", "flexible")
    flexible = {"proration_discounts": "included"} if mode == "flexible" else None
    null = ("application", "canceled_at", "completed_at", "current_phase", "customer_account", "released_at")
    return {
        **dict.fromkeys((*null, "released_subscription", "subscription")),
        "billing_mode": {"flexible": flexible, "type": mode},
        "created": call.now,
        "customer": customer["id"],
        "default_settings": default_settings(call, _defaults()),
        "end_behavior": call.params.get("end_behavior", "release"),
        "metadata": merge_metadata({}, call.params.get("metadata")),
        "pause_schedules": [],
        "phases": [],
        "status": "not_started",
        "test_clock": customer["test_clock"],
    }


def default_settings(call: Call, known: Document) -> Document:
    """Return the settings with what a request changes."""
    given = call.params.get("default_settings") or {}
    for name in _NOT_EMULATED:
        if given.get(name):
            raise not_emulated(f"default_settings[{name}]")
    if given.get("automatic_tax", {}).get("enabled"):
        raise not_emulated("default_settings[automatic_tax][enabled]")
    plain = ("billing_cycle_anchor", "collection_method", "default_payment_method", "description")
    settings = {**known, **{name: given[name] for name in plain if name in given}}
    return {**settings, "invoice_settings": {**known["invoice_settings"], **given.get("invoice_settings", {})}}


def of_subscription(call: Call, subscription: Document) -> Document:
    """Return the fields of a schedule with one phase: the period that runs, as it is."""
    items = items_of(call, subscription)
    phase = {
        "add_invoice_items": [],
        "application_fee_percent": None,
        "automatic_tax": subscription["automatic_tax"],
        "billing_cycle_anchor": None,
        "billing_thresholds": None,
        "collection_method": subscription["collection_method"],
        "currency": subscription["currency"],
        "default_payment_method": subscription["default_payment_method"],
        "default_tax_rates": subscription["default_tax_rates"],
        "description": subscription["description"],
        "discounts": [{"coupon": None, "discount": one, "promotion_code": None} for one in subscription["discounts"]],
        "end_date": max(item["current_period_end"] for item in items),
        "invoice_settings": None,
        "items": [_item(one) for one in items],
        "metadata": {},
        "on_behalf_of": None,
        "proration_behavior": "create_prorations",
        "start_date": min(item["current_period_start"] for item in items),
        "transfer_data": None,
        "trial_end": subscription["trial_end"],
    }
    customer = {"id": subscription["customer"], "test_clock": subscription["test_clock"]}
    run = {"billing_mode": subscription["billing_mode"], "status": "active", "subscription": subscription["id"]}
    return {**blank(call, customer), **run, "phases": [phase]}


def _item(item: Document) -> Document:
    return {
        "billing_thresholds": None,
        "discounts": [{"coupon": None, "discount": one, "promotion_code": None} for one in item["discounts"]],
        "metadata": item["metadata"],
        "plan": item["price"],
        "price": item["price"],
        "quantity": item["quantity"],
        "tax_rates": item["tax_rates"],
    }


def _defaults() -> Document:
    invoices = dict.fromkeys(("account_tax_ids", "custom_fields", "days_until_due", "description", "footer"))
    return {
        "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": "automatic",
        "billing_thresholds": None,
        "collection_method": "charge_automatically",
        "default_payment_method": None,
        "description": None,
        "invoice_settings": {**invoices, "issuer": {"type": "self"}},
        "on_behalf_of": None,
        "transfer_data": None,
    }
