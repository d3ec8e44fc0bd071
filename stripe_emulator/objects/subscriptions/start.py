"""The beginning of a subscription: who, what, in which currency, with which trial, in which status."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import parameters
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.invoices.make import bill_if_any
from stripe_emulator.objects.subscriptions.anchor import moments_of
from stripe_emulator.objects.subscriptions.discounts import set_discounts
from stripe_emulator.objects.subscriptions.end import set_end
from stripe_emulator.objects.subscriptions.first_period import begin_item
from stripe_emulator.objects.subscriptions.lines import add_item, new_price
from stripe_emulator.objects.subscriptions.moments import keep
from stripe_emulator.objects.subscriptions.once import add_once
from stripe_emulator.objects.subscriptions.payment import require_attached
from stripe_emulator.objects.subscriptions.pending_setup import prepare_setup
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION
from stripe_emulator.objects.subscriptions.settle import settle_first
from stripe_emulator.objects.subscriptions.tax_rates import rates_of
from stripe_emulator.objects.subscriptions.thresholds import set_thresholds
from stripe_emulator.objects.time.clock_limits import require_place_for_subscription

Document = dict[str, Any]

_MOST = 500  # subscriptions of a customer


def start(call: Call) -> Document:
    """Create a subscription with its first invoice, or refuse it before anything is stored."""
    call, subscription, invoice = begun(call)
    if invoice is not None:
        settle_first(call, subscription, invoice)
    begun_now = call.named(SUBSCRIPTION, subscription["id"], "id")
    is_free = invoice is None or invoice["amount_due"] == 0
    return prepare_setup(call, begun_now) if is_free else begun_now


def begun(call: Call) -> tuple[Call, Document, Document | None]:
    """Return the call at the customer's time, a new subscription, and the draft of its first invoice if it has one."""
    customer = _customer(call)
    call = call.on_clock(customer["test_clock"])
    given = call.params.get("items") or []
    if not given:
        raise parameters.missing("items")
    prices = [new_price(call, item, f"items[{index}]") for index, item in enumerate(given)]
    currency = _currency(call, prices)
    facts = {**_plain(call), **moments_of(call, prices), "currency": currency, "test_clock": customer["test_clock"]}
    subscription = call.create(SUBSCRIPTION, facts)
    for index, (price, item) in enumerate(zip(prices, given, strict=True)):
        begin_item(call, subscription, add_item(call, subscription, price, item, f"items[{index}]"))
    if customer["currency"] is None:
        call.save(CUSTOMER, {**customer, "currency": currency})
    _set_more(call, subscription)
    keep(call, subscription)
    return call, subscription, bill_if_any(call, subscription, "subscription_create")


def _set_more(call: Call, subscription: Document) -> None:
    """Set what needs the items: discounts by their sum, thresholds by their usage, the announced end."""
    subscription["status"] = "trialing" if subscription["trial_end"] is not None else "active"
    set_discounts(call, subscription)
    set_thresholds(call, subscription)
    set_end(call, subscription)
    add_once(call, subscription, call.params.get("add_invoice_items"))


def _customer(call: Call) -> Document:
    if "customer" not in call.params:
        raise parameters.missing("customer")
    if call.params.get("payment_behavior") == "pending_if_incomplete":
        raise errors.pending_on_create()
    customer = call.named(CUSTOMER, call.params["customer"], "customer", status=404)
    others = call.store.where(SUBSCRIPTION.object, "customer", customer["id"])
    if sum(one["status"] not in ENDED for one in others) >= _MOST:
        raise errors.too_many_subscriptions(_MOST)
    require_place_for_subscription(call, customer)
    return customer


def _currency(call: Call, prices: list[Document]) -> str:
    currency = str(call.params.get("currency", prices[0]["currency"])).lower()
    for index, price in enumerate(prices):
        if currency not in price["currency_options"]:
            raise errors.other_currency_in_items(f"items[{index}][price]", price["currency"], currency)
        if price["id"] in [other["id"] for other in prices[:index]]:
            raise errors.same_price_twice(price["id"])
    return currency


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
        "default_tax_rates": rates_of(call, params.get("default_tax_rates"), "default_tax_rates"),
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
        "application", "application_fee_percent", "billing_thresholds",
        "customer_account", "default_source", "latest_invoice", "next_pending_invoice_item_invoice", "on_behalf_of",
        "pause_collection", "pending_invoice_item_interval", "pending_setup_intent", "pending_update", "schedule",
        "status_details", "transfer_data",
    )  # fmt: skip
    return {**dict.fromkeys(null), "billing_schedules": [], "discounts": []}
