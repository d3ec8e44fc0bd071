"""Before 2025-03-31.basil a subscription had one period, and an invoice named subscription, charge and payment intent.

https://docs.stripe.com/changelog/basil
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.versions.change import Change, Document, Find, whole, without

_SINCE = "2025-03-31"
_PERIOD = ("current_period_end", "current_period_start")


def _subscription(document: Document, find: Find) -> Document:
    """The period is that of the item that renews first; of several discounts the first one is shown alone."""
    items = (document.get("items") or {}).get("data", [])
    nobody: Document = {}
    first = min(items, key=lambda item: int(item["current_period_end"]), default=nobody)
    period = {name: first.get(name) for name in _PERIOD}
    return {**document, **period, "discount": _first_discount(document, find)}


def _subscription_item(document: Document, _find: Find) -> Document:
    return without(document, *_PERIOD)


def _invoice(document: Document, find: Find) -> Document:
    parent = document.get("parent") or {}
    details = parent.get("subscription_details") or {}
    taxes = document.get("total_taxes") or []
    older = without(document, "amount_overpaid", "confirmation_secret", "parent", "payments", "total_taxes")
    return {
        **older,
        **_payment(document, find),
        "application_fee_amount": None,
        "discount": _first_discount(document, find),
        "paid": document.get("status") == "paid",
        "quote": (parent.get("quote_details") or {}).get("quote"),
        "subscription": details.get("subscription"),
        "subscription_details": {"metadata": details.get("metadata")},
        "tax": sum(tax["amount"] for tax in taxes) if taxes else None,
        "total_tax_amounts": [_tax(tax) for tax in taxes],
        "transfer_data": None,
    }


def _payment(document: Document, find: Find) -> Document:
    """Return what the payments of an invoice said of it; the newest stands for all."""
    payments = _payments(document, find)
    named = [payment["payment"] for payment in payments if payment["payment"]["type"] == "payment_intent"]
    intent = whole(named[-1]["payment_intent"], "payment_intent", find) if named else None
    known: Document = intent if isinstance(intent, dict) else {}
    return {
        "charge": known.get("latest_charge"),
        "paid_out_of_band": document.get("status") == "paid" and bool(document.get("amount_due")) and not named,
        "payment_intent": known.get("id", intent),
    }


def _payments(document: Document, find: Find) -> list[Document]:
    """The payments stand in the invoice where they were asked for, else they are looked up by its id."""
    listed = document.get("payments") or find("payments of an invoice", document.get("id", "")) or {}
    return list(listed.get("data", []))


def _line_item(document: Document, find: Find) -> Document:
    parent = document.get("parent") or {}
    details: Document = parent.get(parent.get("type", "")) or {}
    of_item = parent.get("type") == "invoice_item_details"
    return {
        **without(document, "parent", "pricing", "taxes"),
        **_priced(document, find),
        "proration": details.get("proration", False),
        "proration_details": details.get("proration_details") or {"credited_items": None},
        "subscription": details.get("subscription"),
        "tax_amounts": [_tax(tax) for tax in document.get("taxes") or []],
        "tax_rates": [],
        "type": "invoiceitem" if of_item else "subscription",
        **({"invoice_item": details["invoice_item"]} if details.get("invoice_item") else {}),
        **({"subscription_item": details["subscription_item"]} if details.get("subscription_item") else {}),
    }


def _invoice_item(document: Document, find: Find) -> Document:
    details = (document.get("parent") or {}).get("subscription_details") or {}
    decimal = (document.get("pricing") or {}).get("unit_amount_decimal")
    digits = "" if decimal is None else str(decimal)
    return {
        **without(document, "parent", "pricing"),
        **_priced(document, find),
        "subscription": details.get("subscription"),
        **({"subscription_item": details["subscription_item"]} if details.get("subscription_item") else {}),
        "unit_amount": int(digits) if digits and "." not in digits else None,
        "unit_amount_decimal": decimal,
    }


def _priced(document: Document, find: Find) -> Document:
    """Return the price as it stood whole in a line, and the plan it has been since before there were prices."""
    named = ((document.get("pricing") or {}).get("price_details") or {}).get("price")
    price = whole(named, "price", find)
    return {"price": price, "plan": find("plan of a price", named) if isinstance(named, str) else None}


def _tax(tax: Document) -> Document:
    rate = (tax.get("tax_rate_details") or {}).get("tax_rate")
    same = {name: tax.get(name) for name in ("amount", "taxability_reason", "taxable_amount")}
    return {**same, "inclusive": tax.get("tax_behavior") == "inclusive", "tax_rate": rate}


def _session(document: Document, _find: Find) -> Document:
    collected = document.get("collected_information") or {}
    return {**document, "shipping_details": collected.get("shipping_details")}


def _payment_intent(document: Document, find: Find) -> Document:
    return {**document, "invoice": (find("invoice of a payment", document["id"]) or {}).get("id")}


def _charge(document: Document, find: Find) -> Document:
    intent = document.get("payment_intent")
    named = intent["id"] if isinstance(intent, dict) else intent
    return {**document, "invoice": (find("invoice of a payment", named) or {}).get("id") if named else None}


def _first_discount(document: Document, find: Find) -> Any:
    """Return the first discount whole: it was the only one, and never an id alone."""
    discounts = document.get("discounts")
    return whole(discounts[0], "discount", find) if discounts else None


CHANGES = (
    Change(_SINCE, ("subscription",), _subscription, (("discount", "discount"),)),
    Change(_SINCE, ("subscription_item",), _subscription_item),
    Change(
        _SINCE,
        ("invoice",),
        _invoice,
        (("charge", "charge"), ("payment_intent", "payment_intent"), ("subscription", "subscription")),
    ),
    Change(_SINCE, ("line_item",), _line_item),
    Change(_SINCE, ("invoiceitem",), _invoice_item, (("subscription", "subscription"),)),
    Change(_SINCE, ("checkout.session",), _session),
    Change(_SINCE, ("payment_intent",), _payment_intent, (("invoice", "invoice"),)),
    Change(_SINCE, ("charge",), _charge, (("invoice", "invoice"),)),
)
