"""What a request says of an invoice: how it is collected, when it is due, its discounts, taxes and words."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import invoices as errors
from stripe_emulator.errors import subscriptions
from stripe_emulator.objects.discounts.redeem import redeem_all
from stripe_emulator.objects.subscriptions.payment import require_attached
from stripe_emulator.objects.subscriptions.tax_rates import rates_of

Document = dict[str, Any]

_PLAIN = (
    "auto_advance", "collection_method", "custom_fields", "description", "effective_at", "footer", "number",
    "shipping_details", "statement_descriptor",
)  # fmt: skip


def given_fields(call: Call, invoice: Document) -> Document:
    """Return the fields that a request sets."""
    params = call.params
    fields = {name: params[name] for name in _PLAIN if name in params}
    if "payment_settings" in params:
        fields["payment_settings"] = {**invoice["payment_settings"], **params["payment_settings"]}
    if "default_payment_method" in params:
        method, name = params["default_payment_method"], "default_payment_method"
        fields[name] = require_attached(call, invoice["customer"], method, name)
    if "default_tax_rates" in params:
        fields["default_tax_rates"] = rates_of(call, params["default_tax_rates"], "default_tax_rates")
    if "discounts" in params:
        fields["discounts"] = _discounts(call, invoice)
    return {**fields, **_due(call, {**invoice, **fields})}


def _discounts(call: Call, invoice: Document) -> list[str]:
    owner = {"customer": invoice["customer"], "invoice": invoice["id"]}
    amount = sum(line["amount"] for line in invoice["_lines"])
    return redeem_all(call, call.params["discounts"], owner, currency=invoice["currency"], amount=amount)


def _due(call: Call, invoice: Document) -> Document:
    """Only what is sent is due on a date: a number of days after it was finalized, or the date itself."""
    days, date = call.params.get("days_until_due"), call.params.get("due_date")
    if invoice["collection_method"] == "charge_automatically":
        if days is not None or date is not None:
            raise errors.charged_has_no_due_date("days_until_due" if date is None else "due_date")
        return {}
    if days is None and date is None and invoice["_days_until_due"] is None and invoice["due_date"] is None:
        raise errors.no_due_date()
    if date is not None and date < call.now:
        raise subscriptions.time_in_past("due_date", date)
    return {} if days is None and date is None else {"_days_until_due": days, "due_date": date}
