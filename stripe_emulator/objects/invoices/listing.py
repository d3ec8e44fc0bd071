"""Lists of invoices. https://docs.stripe.com/api/invoices/list."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.long_lists import few, page_of
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.pagination import in_range

Document = dict[str, Any]

_OWN = {"subscription": "_subscription", "customer": "customer"}
_FILTERS = {**_OWN, "collection_method": "collection_method", "status": "status"}


def invoices_of(call: Call) -> Document:
    """Return a page of the invoices that are asked for."""
    if "customer_account" in call.params:
        raise not_emulated("customer_account")
    return page_of(call, INVOICE, lambda one: _wanted(call, one), _among(call))


def _among(call: Call) -> set[str] | None:
    rows = call.store.rows(INVOICE.object)
    for name, field in _OWN.items():
        if name in call.params:
            mine = rows.with_value(field, call.params[name])
            return mine if few(mine, rows) else None
    return None


def _wanted(call: Call, invoice: Document) -> Document | None:
    same = all(invoice[field] == call.params[name] for name, field in _FILTERS.items() if name in call.params)
    in_time = "due_date" not in call.params or in_range(invoice["due_date"], call.params["due_date"])
    if invoice["test_clock"] is not None and not {"customer", "subscription"} & set(call.params):
        return None
    return invoice if same and in_time else None
