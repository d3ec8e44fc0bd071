"""The invoice that a subscription would have: at its next renewal, after a change, or at its beginning."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import invoices as errors
from stripe_emulator.objects.customers import customer as customers
from stripe_emulator.objects.invoices.make import bill, bill_if_any
from stripe_emulator.objects.invoices.upcoming import cycle_at
from stripe_emulator.objects.subscriptions.change import changed, concluded
from stripe_emulator.objects.subscriptions.end import cut_off
from stripe_emulator.objects.subscriptions.moments import RENEWING
from stripe_emulator.objects.subscriptions.prorate import Before, credit_rest
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION, items_of
from stripe_emulator.objects.subscriptions.start import begun

Document = dict[str, Any]

_RENEWS = (*RENEWING, "trialing")
_AT_START = {"start_date": "backdate_start_date"}
_ONLY_CHANGES = ("cancel_now", "proration_date")


def nobody(call: Call) -> Document:
    """Return a customer who does not exist yet, for the preview only."""
    details = call.params.get("customer_details", {})
    given = {name: details[name] for name in ("address", "shipping", "tax_exempt") if name in details}
    return customers.create(replace(call, params=given))


def first_to_renew(call: Call, customer: str) -> Document | None:
    """Return the subscription of a customer whose next invoice comes first."""
    mine = [one for one in call.store.where(SUBSCRIPTION.object, "customer", customer) if one["status"] in _RENEWS]
    found = min(mine, key=lambda one: _renewal(call, one), default=None)
    return None if found is None else call.store.get(SUBSCRIPTION.object, found["id"])


def of_existing(call: Call, subscription: Document, details: Document) -> Document:
    """Return the invoice of a subscription as it is, or as a request would change it."""
    if subscription["status"] not in _RENEWS:
        raise errors.no_upcoming()
    if details.get("cancel_now"):
        return _at_end(call, subscription, details)
    asked = {name: value for name, value in details.items() if name not in ("billing_mode", "start_date")}
    if asked:
        trial = replace(call, params=asked)
        before = Before.of(trial, subscription)
        subscription, invoice = concluded(trial, changed(trial, subscription), before)
        if invoice is not None:
            return invoice
    return _next(call, subscription)


def of_new(call: Call, customer: Document, details: Document) -> Document:
    """Return the first invoice of a subscription that does not exist yet; if it has none, the one of its renewal."""
    asked = {_AT_START.get(name, name): value for name, value in details.items() if name not in _ONLY_CHANGES}
    anchor = asked.get("billing_cycle_anchor")
    if isinstance(anchor, dict):
        asked = {name: value for name, value in asked.items() if name != "billing_cycle_anchor"}
    currency = {"currency": call.params["currency"]} if "currency" in call.params else {}
    trial, subscription, invoice = begun(replace(call, params={**asked, **currency, "customer": customer["id"]}))
    return invoice if invoice is not None else _next(trial, subscription)


def _renewal(call: Call, subscription: Document) -> int:
    return min(int(item["current_period_end"]) for item in items_of(call, subscription))


def _next(call: Call, subscription: Document) -> Document:
    moment = _renewal(call, subscription)
    if subscription["cancel_at"] is not None and subscription["cancel_at"] <= moment:
        return _last(call, subscription, subscription["cancel_at"])
    return cycle_at(call, {**subscription, "status": "active"}, moment)


def _last(call: Call, subscription: Document, moment: int) -> Document:
    cut_off(call.at(moment), subscription)
    found = bill_if_any(call.at(moment), subscription, "subscription_cycle", usage_until=moment)
    if found is None:
        raise errors.no_upcoming()
    return found


def _at_end(call: Call, subscription: Document, details: Document) -> Document:
    if details.get("proration_behavior", "create_prorations") != "none":
        for item in items_of(call, subscription):
            credit_rest(call, subscription, item, details.get("proration_date", call.now))
    return bill(call, subscription, "subscription_update", usage_until=call.now)
