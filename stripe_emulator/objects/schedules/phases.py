"""The phases of a schedule, as a request gives them: each begins where the one before it ends.

https://docs.stripe.com/api/subscription_schedules/create#create_subscription_schedule-phases
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import schedules as errors
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.customers.payment_method_record import PAYMENT_METHOD
from stripe_emulator.objects.subscriptions.lines import new_price
from stripe_emulator.objects.subscriptions.period import boundary

Document = dict[str, Any]

_NOT_EMULATED = ("application_fee_percent", "billing_thresholds", "on_behalf_of", "transfer_data")
_ITEM_NOT_EMULATED = ("billing_thresholds",)


def read_phases(call: Call, given: list[Document], start: int) -> list[Document]:
    """Return phases as they are kept, from the parameters and the moment at which the first one begins."""
    if not given:
        raise errors.no_phases()
    made: list[Document] = []
    for index, phase in enumerate(given):
        prefix = f"phases[{index}]"
        begun = made[-1]["end_date"] if made else start
        if "start_date" in phase and made and _moment(call, phase["start_date"]) != begun:
            raise errors.phases_apart(f"{prefix}[start_date]")
        made.append(_read(call, phase, begun, prefix))
    return made


def _read(call: Call, given: Document, start: int, prefix: str) -> Document:
    for name in _NOT_EMULATED:
        if given.get(name):
            raise not_emulated(f"{prefix}[{name}]")
    if given.get("automatic_tax", {}).get("enabled"):
        raise not_emulated(f"{prefix}[automatic_tax][enabled]")
    items = [_item(call, one, f"{prefix}[items][{index}]") for index, one in enumerate(given.get("items") or [])]
    if not items:
        raise errors.no_items(f"{prefix}[items]")
    end = _end(call, given, start, items, prefix)
    method = given.get("default_payment_method")
    if method is not None:
        call.named(PAYMENT_METHOD, method, f"{prefix}[default_payment_method]")
    trial_end = end if given.get("trial") else given.get("trial_end")
    return {
        "add_invoice_items": given.get("add_invoice_items", []),
        "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": given.get("billing_cycle_anchor"),
        "billing_thresholds": None,
        "collection_method": given.get("collection_method"),
        "currency": given.get("currency") or items[0].pop("_currency"),
        "default_payment_method": method,
        "default_tax_rates": given.get("default_tax_rates") or [],
        "description": given.get("description"),
        "discounts": [_discount(one) for one in given.get("discounts") or []],
        "end_date": end,
        "invoice_settings": given.get("invoice_settings"),
        "items": [{name: value for name, value in one.items() if name != "_currency"} for one in items],
        "metadata": merge_metadata({}, given.get("metadata")),
        "on_behalf_of": None,
        "proration_behavior": given.get("proration_behavior", "create_prorations"),
        "start_date": start,
        "transfer_data": None,
        "trial_end": trial_end,
    }


def _end(call: Call, given: Document, start: int, items: list[Document], prefix: str) -> int:
    if "end_date" in given and "duration" in given:
        raise errors.end_and_duration(prefix)
    if "end_date" in given:
        end = _moment(call, given["end_date"])
        if end <= start:
            raise errors.ends_before_start(f"{prefix}[end_date]")
        return end
    duration = {"interval_count": 1, **given["duration"]} if "duration" in given else _period_of(call, items)
    return boundary(start, duration, 1)


def _period_of(call: Call, items: list[Document]) -> Document:
    """Return the interval of the first price: so long is a phase of which nothing else is said."""
    price = call.store.peek("price", items[0]["price"]) or {}
    return dict(price["recurring"])


def _item(call: Call, given: Document, prefix: str) -> Document:
    for name in _ITEM_NOT_EMULATED:
        if given.get(name):
            raise not_emulated(f"{prefix}[{name}]")
    price = new_price(call, given, prefix)
    metered = price["recurring"]["usage_type"] == "metered"
    return {
        "billing_thresholds": None,
        "discounts": [_discount(one) for one in given.get("discounts") or []],
        "metadata": merge_metadata({}, given.get("metadata")),
        "plan": price["id"],
        "price": price["id"],
        "quantity": None if metered else int(given.get("quantity", 1)),
        "tax_rates": given.get("tax_rates") or [],
        "_currency": price["currency"],
    }


def _discount(given: Document) -> Document:
    return {**dict.fromkeys(("coupon", "discount", "promotion_code")), **given}


def _moment(call: Call, given: int | str) -> int:
    return call.now if given == "now" else int(given)


def current_of(schedule: Document, moment: int) -> Document | None:
    """Return the phase in which a moment lies."""
    phases: list[Document] = schedule["phases"]
    return next((one for one in phases if one["start_date"] <= moment < one["end_date"]), None)
