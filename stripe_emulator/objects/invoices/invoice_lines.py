"""The lines of a draft: listed, added, changed, taken off. https://docs.stripe.com/api/invoice-line-item."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import invoices as errors
from stripe_emulator.errors import requests
from stripe_emulator.objects.invoices.invoice import in_its_time
from stripe_emulator.objects.invoices.item_fields import COSTS, described
from stripe_emulator.objects.invoices.line import of_invoice_item
from stripe_emulator.objects.invoices.record import INVOICE, INVOICE_ITEM, LINE_ITEM, lines_url
from stripe_emulator.objects.invoices.totals import summed
from stripe_emulator.objects.subscriptions.proration_items import plain_item
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [LINE_ITEM]
routes = Routes()

_OF_LINE = ("description", "discountable")


@routes("GET /v1/invoices/{invoice}/lines")
def index(call: Call) -> Document:
    """List an invoice's lines in their order."""
    invoice = call.in_path(INVOICE, "invoice")
    return page(call, invoice["_lines"], noun=LINE_ITEM.noun, url=lines_url(invoice["id"]))


@routes("POST /v1/invoices/{invoice}/add_lines")
def add_lines(call: Call) -> Document:
    """Add new lines, or items that wait, to a draft."""
    call, invoice = _draft(call, "no lines can be added to it")
    for index_, given in enumerate(call.params["lines"]):
        item = _item(call, invoice, given, f"lines[{index_}]")
        put_line(call, _again(call, invoice), item)
    return _with_metadata(call, _again(call, invoice))


@routes("POST /v1/invoices/{invoice}/update_lines")
def update_lines(call: Call) -> Document:
    """Change lines of a draft."""
    call, invoice = _draft(call, "its lines can't be changed")
    for index_, given in enumerate(call.params["lines"]):
        change_line(call, _again(call, invoice), given["id"], given, f"lines[{index_}]")
    return _with_metadata(call, _again(call, invoice))


@routes("POST /v1/invoices/{invoice}/remove_lines")
def remove_lines(call: Call) -> Document:
    """Take lines off a draft: deleted, or waiting for another invoice."""
    call, invoice = _draft(call, "its lines can't be removed")
    for given in call.params["lines"]:
        line = line_of(invoice, given["id"])
        item = call.store.get(INVOICE_ITEM.object, line.get("_item") or "")
        if item is not None and given["behavior"] == "unassign":
            call.save(INVOICE_ITEM, {**item, "invoice": None})
        elif item is not None:
            call.store.remove(INVOICE_ITEM.object, item["id"])
        invoice["_lines"].remove(line)
    return _with_metadata(call, call.save(INVOICE, summed(call, invoice)))


@routes("POST /v1/invoices/{invoice}/lines/{line_item_id}")
def update(call: Call) -> Document:
    """Change one line of a draft."""
    identifier = call.path["line_item_id"]
    call, invoice = _draft(call, "its lines can't be changed")
    if all(line["id"] != identifier for line in invoice["_lines"]):
        raise requests.no_such(LINE_ITEM.noun, identifier, param="line_item_id", status=404)
    change_line(call, invoice, identifier, call.params, "")
    return line_of(_again(call, invoice), identifier)


def put_line(call: Call, invoice: Document, item: Document) -> Document:
    """Put an item on a draft, or its changed form in the place where it stands; return the item saved."""
    made = of_invoice_item(call, item)
    places = [place for place, line in enumerate(invoice["_lines"]) if line.get("_item") == item["id"]]
    lines = list(invoice["_lines"])
    if places:
        lines[places[0]] = {**made, "id": lines[places[0]]["id"]}
    else:
        lines.append(made)
    call.save(INVOICE, summed(call, {**invoice, "_lines": lines}))
    return call.save(INVOICE_ITEM, {**item, "invoice": invoice["id"]})


def drop_line(call: Call, invoice: Document, item: str) -> None:
    """Take an item off a draft."""
    lines = [line for line in invoice["_lines"] if line.get("_item") != item]
    call.save(INVOICE, summed(call, {**invoice, "_lines": lines}))


def change_line(call: Call, invoice: Document, identifier: str, given: Document, name: str) -> None:
    """Change a line of a draft: its item if it has one; of a subscription's own line only what changes no price."""
    line = line_of(invoice, identifier)
    item = call.store.get(INVOICE_ITEM.object, line.get("_item") or "")
    if item is not None:
        put_line(call, invoice, described(call, item, given, name))
        return
    fixed = [field for field in (*COSTS, "quantity") if field in given]
    if fixed:
        raise errors.line_is_fixed(f"{name}[{fixed[0]}]" if name else fixed[0])
    kept = described(
        call, {**plain_item(call, invoice["customer"], invoice["currency"], None), **_as_item(line)}, given
    )
    line |= {field: kept[field] for field in (*_OF_LINE, "discounts", "metadata", "period")}
    line["_tax_rates"] = kept["tax_rates"]
    call.save(INVOICE, summed(call, invoice))


def line_of(invoice: Document, identifier: str) -> Document:
    """Return a line of an invoice, or answer 400."""
    found: Document | None = next((line for line in invoice["_lines"] if line["id"] == identifier), None)
    if found is None:
        raise errors.no_line(identifier)
    return found


def _as_item(line: Document) -> Document:
    same = ("id", "amount", "description", "discountable", "discounts", "metadata", "period")
    return {**{field: line[field] for field in same}, "tax_rates": line["_tax_rates"]}


def _item(call: Call, invoice: Document, given: Document, name: str) -> Document:
    if "invoice_item" in given:
        item = call.named(INVOICE_ITEM, given["invoice_item"], f"{name}[invoice_item]")
        if item["invoice"] not in (None, invoice["id"]):
            raise errors.item_is_invoiced()
    else:
        plain = plain_item(call, invoice["customer"], invoice["currency"], invoice["test_clock"])
        item = call.create(INVOICE_ITEM, plain)
    return described(call, item, given, name)


def _draft(call: Call, what: str) -> tuple[Call, Document]:
    call, invoice = in_its_time(call)
    if invoice["status"] != "draft":
        raise errors.not_a_draft(what)
    return call, invoice


def _again(call: Call, invoice: Document) -> Document:
    return call.named(INVOICE, invoice["id"], "invoice")


def _with_metadata(call: Call, invoice: Document) -> Document:
    if "invoice_metadata" not in call.params:
        return invoice
    metadata = merge_metadata(invoice["metadata"], call.params["invoice_metadata"])
    return call.save(INVOICE, {**invoice, "metadata": metadata})
