"""The beginning of a subscription: who, what, in which currency, with which trial, in which status."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import parameters
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.subscriptions.end import set_end
from stripe_emulator.objects.subscriptions.lines import add_item, new_price
from stripe_emulator.objects.subscriptions.payment import first_status, require_attached
from stripe_emulator.objects.subscriptions.period import DAY
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION, items_of

Document = dict[str, Any]

_MOST = 500  # subscriptions of a customer


def start(call: Call) -> Document:
    """Create a subscription, or refuse it before anything is stored."""
    customer = _customer(call)
    given = call.params.get("items") or []
    if not given:
        raise parameters.missing("items")
    prices = [new_price(call, item, f"items[{index}]") for index, item in enumerate(given)]
    currency = _currency(call, prices)
    subscription = call.create(SUBSCRIPTION, {**_plain(call), **_when(call, prices), "currency": currency})
    for index, (price, item) in enumerate(zip(prices, given, strict=True)):
        add_item(call, subscription, price, item, f"items[{index}]")
    _set_status(call, subscription)
    if customer["currency"] is None:
        call.save(CUSTOMER, {**customer, "currency": currency})
    return call.save(SUBSCRIPTION, subscription)


def _customer(call: Call) -> Document:
    if "customer" not in call.params:
        raise parameters.missing("customer")
    if call.params.get("payment_behavior") == "pending_if_incomplete":
        raise errors.pending_on_create()
    customer = call.named(CUSTOMER, call.params["customer"], "customer", status=404)
    rows = call.store.rows(SUBSCRIPTION.object)
    others = [rows.documents[one] for one in rows.with_value("customer", customer["id"])]
    if sum(one["status"] not in ENDED for one in others) >= _MOST:
        raise errors.too_many_subscriptions(_MOST)
    return customer


def _currency(call: Call, prices: list[Document]) -> str:
    currency = str(call.params.get("currency", prices[0]["currency"])).lower()
    for index, price in enumerate(prices):
        if currency not in price["currency_options"]:
            raise errors.other_currency_in_items(f"items[{index}][price]", price["currency"], currency)
        if price["id"] in [other["id"] for other in prices[:index]]:
            raise errors.same_price_twice(price["id"])
    return currency


def _when(call: Call, prices: list[Document]) -> Document:
    trial_end = _trial_end(call, prices)
    anchor = call.params.get("billing_cycle_anchor") or trial_end or call.now
    if anchor < call.now:
        raise errors.time_in_past("billing_cycle_anchor", anchor)
    return {
        "billing_cycle_anchor": anchor,
        "created": call.now,
        "start_date": call.now,
        "trial_end": trial_end,
        "trial_start": call.now if trial_end else None,
    }


def _trial_end(call: Call, prices: list[Document]) -> int | None:
    params = call.params
    if "trial_end" in params:
        if params["trial_end"] == "now":
            return None
        if params["trial_end"] <= call.now:
            raise errors.time_in_past("trial_end", params["trial_end"])
        return int(params["trial_end"])
    days = params.get("trial_period_days", 0)
    if not days and params.get("trial_from_plan"):
        days = max(price["recurring"]["trial_period_days"] or 0 for price in prices)
    if days < 0:
        raise parameters.invalid_non_negative("trial_period_days")
    return call.now + days * DAY if days else None


def _set_status(call: Call, subscription: Document) -> None:
    behavior = call.params.get("payment_behavior", "allow_incomplete")
    items = items_of(call, subscription)
    trial = subscription["trial_end"] is not None
    subscription["status"] = "trialing" if trial else first_status(call, subscription, items, behavior)
    set_end(call, subscription)


def _plain(call: Call) -> Document:
    params = call.params
    method = require_attached(call, params["customer"], params.get("default_payment_method"), "default_payment_method")
    collection = params.get("collection_method", "charge_automatically")
    if collection == "send_invoice" and "days_until_due" not in params:
        raise errors.no_due_days()
    return {
        **_never_set(),
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_mode": _billing_mode(params),
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": collection,
        "customer": params["customer"],
        "days_until_due": params.get("days_until_due"),
        "default_payment_method": method,
        "description": params.get("description"),
        "ended_at": None,
        "invoice_settings": invoice_settings(params.get("invoice_settings", {})),
        "metadata": merge_metadata({}, params.get("metadata")),
        "payment_settings": payment_settings(params.get("payment_settings", {})),
        "status": "active",
        "trial_settings": params.get("trial_settings")
        or {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "_items": [],
    }


def _billing_mode(params: Document) -> Document:
    given = params.get("billing_mode", {"type": "flexible"})
    if given["type"] == "classic":
        return {"flexible": None, "type": "classic"}
    return {"flexible": {"proration_discounts": "included", **given.get("flexible", {})}, "type": "flexible"}


def payment_settings(given: Document) -> Document:
    """Return the settings with what was not given."""
    blank = {"payment_method_options": None, "payment_method_types": None, "save_default_payment_method": "off"}
    return {**blank, **given}


def invoice_settings(given: Document) -> Document:
    """Return the settings with what was not given."""
    blank = dict.fromkeys(("account_tax_ids", "custom_fields", "description", "footer"))
    return {**blank, "issuer": {"type": "self"}, **given}


def _never_set() -> Document:
    """Return the fields this version of the emulator never fills."""
    null = (
        "application", "application_fee_percent", "billing_cycle_anchor_config", "billing_thresholds",
        "customer_account", "default_source", "latest_invoice", "next_pending_invoice_item_invoice", "on_behalf_of",
        "pause_collection", "pending_invoice_item_interval", "pending_setup_intent", "pending_update", "schedule",
        "test_clock", "transfer_data",
    )  # fmt: skip
    return {**dict.fromkeys(null), "billing_schedules": [], "default_tax_rates": [], "discounts": []}
