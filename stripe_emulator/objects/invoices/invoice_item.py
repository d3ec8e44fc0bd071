"""Invoice items: what waits for a customer's next invoice, or stands on a draft. https://docs.stripe.com/api/invoiceitems."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import invoices as errors
from stripe_emulator.errors import parameters, requests
from stripe_emulator.long_lists import few, page_of
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.invoices.invoice_lines import drop_line, put_line
from stripe_emulator.objects.invoices.item_fields import COSTS, currency_of, described
from stripe_emulator.objects.invoices.record import INVOICE, INVOICE_ITEM
from stripe_emulator.objects.subscriptions.proration_items import parent_of, plain_item
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [INVOICE_ITEM]
routes = Routes()


@routes("POST /v1/invoiceitems")
def create(call: Call) -> Document:
    """Create an item for a draft, for a subscription's next invoice, or for the customer's next one."""
    params = call.params
    if "customer" not in params:
        raise parameters.missing("customer")
    customer = call.named(CUSTOMER, params["customer"], "customer")
    if not any(name in params for name in COSTS):
        raise errors.no_amount()
    call = call.on_clock(customer["test_clock"])
    invoice = draft_named(call, params["invoice"], customer["id"]) if "invoice" in params else None
    currency = _currency(call, customer, invoice)
    item = call.create(INVOICE_ITEM, plain_item(call, customer["id"], currency, customer["test_clock"]))
    item = described(call, {**item, "parent": _parent(call, customer)}, params)
    if customer["currency"] is None:
        call.save(CUSTOMER, {**customer, "currency": currency})
    if invoice is not None:
        return put_line(call, invoice, item)
    return call.save(INVOICE_ITEM, item)


@routes("GET /v1/invoiceitems/{invoiceitem}")
def retrieve(call: Call) -> Document:
    """Return one item."""
    return call.in_path(INVOICE_ITEM, "invoiceitem")


@routes("POST /v1/invoiceitems/{invoiceitem}")
def update(call: Call) -> Document:
    """Change an item that waits or stands on a draft."""
    item = call.in_path(INVOICE_ITEM, "invoiceitem")
    call = call.on_clock(item["test_clock"])
    invoice = _draft_of(call, item)
    item = described(call, item, call.params)
    return call.save(INVOICE_ITEM, item) if invoice is None else put_line(call, invoice, item)


@routes("DELETE /v1/invoiceitems/{invoiceitem}")
def delete(call: Call) -> Document:
    """Delete an item that waits or stands on a draft."""
    item = call.in_path(INVOICE_ITEM, "invoiceitem")
    invoice = _draft_of(call, item)
    if invoice is not None:
        drop_line(call.on_clock(item["test_clock"]), invoice, item["id"])
    call.store.remove(INVOICE_ITEM.object, item["id"])
    return {"id": item["id"], "object": INVOICE_ITEM.object, "deleted": True}


@routes("GET /v1/invoiceitems")
def index(call: Call) -> Document:
    """List items, newest first."""
    return page_of(call, INVOICE_ITEM, lambda one: one if _is_wanted(call, one) else None, _among(call))


def draft_named(call: Call, identifier: str, customer: str) -> Document:
    """Return the draft that a parameter names."""
    invoice = call.named(INVOICE, identifier, "invoice")
    if invoice["customer"] != customer:
        raise requests.no_such("invoice", identifier, param="invoice", status=400)
    if invoice["status"] != "draft":
        raise errors.not_a_draft("no items can be added to it")
    return invoice


def _currency(call: Call, customer: Document, invoice: Document | None) -> str:
    if invoice is None:
        return currency_of(call, call.params, customer)
    asked = str(call.params.get("currency", invoice["currency"])).lower()
    if asked != invoice["currency"]:
        raise errors.other_currency(asked, invoice["currency"])
    return asked


def _parent(call: Call, customer: Document) -> Document | None:
    if "subscription" not in call.params:
        return None
    subscription = call.named(SUBSCRIPTION, call.params["subscription"], "subscription")
    if subscription["customer"] != customer["id"] or subscription["status"] in ENDED:
        raise requests.no_such("subscription", subscription["id"], param="subscription", status=400)
    return parent_of(subscription["id"])


def _draft_of(call: Call, item: Document) -> Document | None:
    invoice = call.store.get(INVOICE.object, item["invoice"]) if item["invoice"] else None
    if invoice is not None and invoice["status"] != "draft":
        raise errors.item_is_invoiced()
    return invoice


def _is_wanted(call: Call, item: Document) -> bool:
    params = call.params
    same = all(item[name] == params[name] for name in ("customer", "invoice") if name in params)
    return same and ("pending" not in params or params["pending"] == (item["invoice"] is None))


def _among(call: Call) -> set[str] | None:
    rows = call.store.rows(INVOICE_ITEM.object)
    for name in ("invoice", "customer"):
        if name in call.params:
            mine = rows.with_value(name, call.params[name])
            return mine if few(mine, rows) else None
    return None
