"""Taxes of an invoice's lines by tax rates, inclusive or exclusive, rounded line by line.

https://docs.stripe.com/billing/taxes/tax-rates
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from stripe_emulator.objects.invoices.money import rounded
from stripe_emulator.objects.invoices.reductions import left

Document = dict[str, Any]


def tax(lines: list[Document], rates: list[Document], own: dict[str, list[Document]], currency: str) -> None:
    """Write into the lines what each rate takes of them; a line's own rates stand for the invoice's."""
    for line in lines:
        paid = sum(one["amount"] for one in line["pretax_credit_amounts"] if one["type"] != "discount")
        applied = own.get(line["id"]) or rates
        line["taxes"] = _taxes(left(line) - paid, applied, currency)


def _taxes(amount: int, rates: list[Document], currency: str) -> list[Document]:
    inclusive = sum(Fraction(Decimal(str(rate["percentage"]))) for rate in rates if rate["inclusive"])
    net = Fraction(amount) * 100 / (100 + inclusive)
    return [_entry(net, rate, currency) for rate in rates]


def _entry(net: Fraction, rate: Document, currency: str) -> Document:
    return {
        "amount": rounded(net * Fraction(Decimal(str(rate["percentage"]))) / 100, currency),
        "tax_behavior": "inclusive" if rate["inclusive"] else "exclusive",
        "tax_rate_details": {"tax_rate": rate["id"]},
        "taxability_reason": "standard_rated",
        "taxable_amount": rounded(net, currency),
        "type": "tax_rate_details",
    }


def summed(lines: list[Document]) -> list[Document]:
    """Return the taxes of all lines, one entry for each rate."""
    found: dict[str, Document] = {}
    for entry in (one for line in lines for one in line["taxes"]):
        name = entry["tax_rate_details"]["tax_rate"]
        known = found.setdefault(name, {**entry, "amount": 0, "taxable_amount": 0})
        known["amount"] += entry["amount"]
        known["taxable_amount"] += entry["taxable_amount"]
    return list(found.values())


def exclusive(taxes: list[Document]) -> int:
    """Return what taxes add to a total."""
    return sum(int(one["amount"]) for one in taxes if one["tax_behavior"] == "exclusive")


def inclusive(taxes: list[Document]) -> int:
    """Return the taxes that a total holds already."""
    return sum(int(one["amount"]) for one in taxes if one["tax_behavior"] == "inclusive")
