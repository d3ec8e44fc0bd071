"""Invoices. https://docs.stripe.com/api/invoices."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import invoices as errors
from stripe_emulator.errors import parameters, requests
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.invoices.advance import tasks
from stripe_emulator.objects.invoices.draft import blank
from stripe_emulator.objects.invoices.listing import invoices_of
from stripe_emulator.objects.invoices.make import ADVANCE, HOUR, advance_later, bill_if_any, take_pending
from stripe_emulator.objects.invoices.record import INVOICE, INVOICE_ITEM
from stripe_emulator.objects.invoices.settings import given_fields
from stripe_emulator.objects.invoices.totals import summed
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [INVOICE]
routes = Routes()
__all__ = ["KINDS", "routes", "tasks"]

_NOT_EMULATED = (
    "account_tax_ids", "application_fee_amount", "customer_account", "default_source", "from_invoice", "on_behalf_of",
    "rendering", "shipping_cost", "transfer_data",
)  # fmt: skip


@routes("POST /v1/invoices")
def create(call: Call) -> Document:
    """Create a draft: of what is pending for a subscription, or an empty one for a customer."""
    refuse_not_emulated(call)
    if "subscription" in call.params:
        return _of_subscription(call)
    if "customer" not in call.params:
        raise parameters.missing("customer")
    customer = call.named(CUSTOMER, call.params["customer"], "customer")
    call = call.on_clock(customer["test_clock"])
    currency = str(call.params.get("currency") or customer["currency"] or "usd").lower()
    invoice = call.create(INVOICE, {**blank(call, customer, currency, "manual"), "auto_advance": False})
    if call.params.get("pending_invoice_items_behavior") == "include":
        invoice["_lines"] = take_pending(call, invoice, None)
    return with_parameters(call, invoice)


@routes("GET /v1/invoices/{invoice}")
def retrieve(call: Call) -> Document:
    """Return one invoice."""
    return call.in_path(INVOICE, "invoice")


@routes("POST /v1/invoices/{invoice}")
def update(call: Call) -> Document:
    """Change a draft; of a finalized invoice only what changes no money."""
    refuse_not_emulated(call)
    call, invoice = in_its_time(call)
    later = {"auto_advance", "default_payment_method", "metadata", "number", "payment_settings", "days_until_due"}
    if invoice["status"] != "draft" and set(call.params) - later:
        raise errors.not_a_draft(f"`{min(set(call.params) - later)}` can't be changed")
    return with_parameters(call, invoice)


@routes("DELETE /v1/invoices/{invoice}")
def delete(call: Call) -> Document:
    """Delete a draft that is nobody's subscription's; its items are gone too."""
    invoice = call.in_path(INVOICE, "invoice")
    if invoice["status"] != "draft":
        raise errors.cannot_be_deleted()
    if invoice["_subscription"]:
        raise errors.of_subscription_cannot_be_deleted()
    for item in call.store.where(INVOICE_ITEM.object, "invoice", invoice["id"]):
        call.store.remove(INVOICE_ITEM.object, item["id"])
    call.due(ADVANCE, invoice["id"], None)
    call.store.remove(INVOICE.object, invoice["id"])
    return {"id": invoice["id"], "object": INVOICE.object, "deleted": True}


@routes("GET /v1/invoices")
def index(call: Call) -> Document:
    """List invoices, newest first."""
    return invoices_of(call)


def refuse_not_emulated(call: Call) -> None:
    """Refuse parameters that would change money and are not emulated."""
    for name in _NOT_EMULATED:
        if call.params.get(name):
            raise requests.not_emulated(name)
    if call.params.get("automatic_tax", {}).get("enabled"):
        raise requests.not_emulated("automatic_tax[enabled]")


def in_its_time(call: Call) -> tuple[Call, Document]:
    """Return the invoice the address names, and the call at its time."""
    invoice = call.in_path(INVOICE, "invoice")
    return call.on_clock(invoice["test_clock"]), invoice


def with_parameters(call: Call, invoice: Document) -> Document:
    """Return an invoice saved with what a request says of it."""
    invoice = {**invoice, **given_fields(call, invoice)}
    if "metadata" in call.params:
        invoice["metadata"] = merge_metadata(invoice["metadata"], call.params["metadata"])
    if invoice["status"] != "draft":
        return call.save(INVOICE, invoice)
    invoice = summed(call, invoice)
    asked = call.params.get("automatically_finalizes_at")
    if asked is None and not invoice["auto_advance"]:
        return advance_later(call, invoice, None)
    later = invoice["automatically_finalizes_at"] or call.now + HOUR
    return advance_later(call, {**invoice, "auto_advance": True}, asked or later)


def _of_subscription(call: Call) -> Document:
    subscription = call.named(SUBSCRIPTION, call.params["subscription"], "subscription")
    if call.params.get("customer") not in (None, subscription["customer"]):
        raise requests.no_such("subscription", subscription["id"], param="subscription", status=400)
    call = call.on_clock(subscription["test_clock"])
    reason = "manual" if subscription["status"] in ENDED else "subscription_update"
    invoice = bill_if_any(call, subscription, reason)
    if invoice is None:
        raise errors.nothing_to_invoice()
    return with_parameters(call, {**invoice, "auto_advance": False})
