"""What discounts take off an invoice: first off single lines, then off all; each takes its part of what is left.

https://docs.stripe.com/billing/subscriptions/coupons#stackable-discounts
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from stripe_emulator.objects.invoices.money import rounded, shared

Document = dict[str, Any]


@dataclass(frozen=True)
class Reduction:
    """One discount in the currency of the invoice."""

    discount: str
    percent: Decimal | None
    amount: int | None
    products: frozenset[str] | None  # none: every product

    def off(self, sum_: int, currency: str) -> int:
        """Return what it takes off a sum."""
        if self.percent is not None:
            return rounded(Fraction(sum_) * Fraction(self.percent) / 100, currency)
        return min(sum_, self.amount or 0)


def reduction_of(discount: str, coupon: Document, currency: str) -> Reduction | None:
    """Return what a coupon takes off in a currency; None where it has no amount in it."""
    products = frozenset(coupon["applies_to"]["products"]) if coupon["applies_to"] else None
    if coupon["percent_off"] is not None:
        return Reduction(discount, Decimal(str(coupon["percent_off"])), None, products)
    option = coupon["currency_options"].get(currency)
    return Reduction(discount, None, option["amount_off"], products) if option else None


def reduce(lines: list[Document], currency: str, of_lines: dict[str, Reduction], of_all: list[Reduction]) -> None:
    """Write into the lines what each discount takes off them."""
    for one in lines:
        one["discount_amounts"] = [dict(entry) for entry in one.get("_itemized") or []]
        for identifier in one["discounts"]:
            if identifier in of_lines:
                _take(of_lines[identifier], [one], currency)
    for reduction in of_all:
        _take(reduction, lines, currency)


def left(line: Document) -> int:
    """Return what discounts leave of a line."""
    return int(line["amount"]) - sum(int(one["amount"]) for one in line["discount_amounts"])


def _take(reduction: Reduction, lines: list[Document], currency: str) -> None:
    touched = [one for one in lines if _applies(reduction, one)]
    weights = [left(one) for one in touched]
    parts = shared(reduction.off(sum(weights), currency), weights)
    for one, amount in zip(touched, parts, strict=True):
        one["discount_amounts"].append({"amount": amount, "discount": reduction.discount})


def _applies(reduction: Reduction, line: Document) -> bool:
    if not line["discountable"] or left(line) <= 0:
        return False
    return reduction.products is None or line.get("_product") in reduction.products
