"""Previews: what an invoice would be. Everything is done for real, in a transaction that nobody keeps.

https://docs.stripe.com/api/invoices/create_preview
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import invoices as errors
from stripe_emulator.errors import parameters, requests
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.discounts.redeem import redeem_all
from stripe_emulator.objects.invoices.credits import with_previewed_credits
from stripe_emulator.objects.invoices.preview_items import add_items, drop_items, pending_alone
from stripe_emulator.objects.invoices.totals import summed
from stripe_emulator.objects.invoices.upcoming import as_upcoming
from stripe_emulator.objects.subscriptions import preview as subscriptions
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS: list[Any] = []
routes = Routes()

_NOT_EMULATED = ("customer_account", "on_behalf_of", "schedule", "schedule_details")
_NOT_EMULATED_INSIDE = ("billing_schedules", "pause", "resume_at")


@routes("POST /v1/invoices/create_preview")
def create_preview(call: Call) -> Document:
    """Return the next invoice of a customer, of a subscription, of a changed or of a new one."""
    _refuse_not_emulated(call)
    trial = replace(call, store=call.store.scratch(), request_id=None)
    trial, subscription, customer = _subject(trial)
    if call.params.get("preview_mode") == "recurring":
        drop_items(trial, customer["id"])
    add_items(trial, customer, subscription)
    invoice = _invoice(trial, subscription, customer)
    return _shown(trial, invoice)


def _subject(call: Call) -> tuple[Call, Document | None, Document]:
    """Return the call at the time of what the preview is about, its subscription if it has one, and its customer."""
    params = call.params
    named = call.named(SUBSCRIPTION, params["subscription"], "subscription") if "subscription" in params else None
    identifier = named["customer"] if named else params.get("customer")
    if identifier is None:
        if "customer_details" not in params and "subscription_details" not in params:
            raise parameters.missing("customer")
        return call, None, subscriptions.nobody(call)
    customer = call.named(CUSTOMER, identifier, "customer")
    if params.get("customer") not in (None, identifier):
        raise requests.no_such("subscription", params["subscription"], param="subscription", status=400)
    call = call.on_clock(customer["test_clock"])
    is_new = bool(params.get("subscription_details", {}).get("items"))
    if named is None and not is_new:
        named = subscriptions.first_to_renew(call, customer["id"])
    return call, named, customer


def _invoice(call: Call, subscription: Document | None, customer: Document) -> Document:
    details = call.params.get("subscription_details", {})
    if subscription is not None:
        return subscriptions.of_existing(call, subscription, details)
    if details.get("items"):
        return subscriptions.of_new(call, customer, details)
    alone = pending_alone(call, customer)
    if alone is None:
        raise errors.no_upcoming()
    return alone


def _shown(call: Call, invoice: Document) -> Document:
    """Return a draft as the preview it is: with the discounts that are asked for, and what credits would pay."""
    invoice = {**invoice, "status": "draft"}
    if "discounts" in call.params:
        owner = {"customer": invoice["customer"], "invoice": invoice["id"]}
        amount = sum(line["amount"] for line in invoice["_lines"])
        facts: Any = {"currency": invoice["currency"], "amount": amount}
        invoice["discounts"] = redeem_all(call, call.params["discounts"], owner, **facts)
        invoice = summed(call, invoice)
    shown = as_upcoming(summed(call, with_previewed_credits(call, invoice)))
    details = (shown["parent"] or {}).get("subscription_details")
    moment = call.params.get("subscription_details", {}).get("proration_date")
    if details and moment:
        details["subscription_proration_date"] = moment
    return shown


def _refuse_not_emulated(call: Call) -> None:
    for name in _NOT_EMULATED:
        if call.params.get(name):
            raise requests.not_emulated(name)
    for name in _NOT_EMULATED_INSIDE:
        if call.params.get("subscription_details", {}).get(name):
            raise requests.not_emulated(f"subscription_details[{name}]")
    if call.params.get("automatic_tax", {}).get("enabled"):
        raise requests.not_emulated("automatic_tax[enabled]")
