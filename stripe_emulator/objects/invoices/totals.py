"""The sums of an invoice: lines, less discounts, less credits, plus taxes, and what the customer's balance leaves due.

https://docs.stripe.com/invoicing/overview#invoice-lifecycle
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.discounts.redeem import coupon_of
from stripe_emulator.objects.invoices import taxes
from stripe_emulator.objects.invoices.reductions import Reduction, left, reduce, reduction_of
from stripe_emulator.objects.payments.smallest_amount import least

Document = dict[str, Any]


def summed(call: Call, invoice: Document) -> Document:
    """Return a draft with its sums, counted anew from its lines."""
    lines, currency = invoice["_lines"], invoice["currency"]
    of_lines = _reductions(call, [one for line in lines for one in line["discounts"]], currency)
    of_all = _reductions(call, invoice["discounts"], currency)
    reduce(lines, currency, of_lines, list(of_all.values()))
    own = {line["id"]: _rates(call, line["_tax_rates"]) for line in lines}
    for line in lines:
        line["invoice"] = invoice["id"]
        line["pretax_credit_amounts"] = _pretax(line)
    taxes.tax(lines, _rates(call, invoice["default_tax_rates"]), own, currency)
    return {**invoice, **sums(lines, set(of_all)), **_balance(call, invoice, _total(lines))}


def sums(lines: list[Document], of_all: set[str]) -> Document:
    """Return the sums of lines; `of_all` names the discounts that are not a single line's."""
    discounts = [one for line in lines for one in line["discount_amounts"]]
    subtotal = sum(line["amount"] for line in lines)
    subtotal -= sum(one["amount"] for one in discounts if one["discount"] not in of_all)
    total_taxes, total = taxes.summed(lines), _total(lines)
    added, held = taxes.exclusive(total_taxes), taxes.inclusive(total_taxes)
    for line in lines:
        line["subtotal"] = line["amount"]
    return {
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - held,
        "total": total,
        "total_discount_amounts": _by(discounts, "discount"),
        "total_excluding_tax": total - added - held,
        "total_pretax_credit_amounts": _all_pretax(lines),
        "total_taxes": total_taxes,
    }


def _total(lines: list[Document]) -> int:
    added = taxes.exclusive([one for line in lines for one in line["taxes"]])
    return sum(left(line) - credits_of(line) for line in lines) + added


def credits_of(line: Document) -> int:
    """Return what billing credits pay of a line."""
    return sum(int(one["amount"]) for one in line["pretax_credit_amounts"] if one["type"] != "discount")


def _pretax(line: Document) -> list[Document]:
    """Discounts are credits before tax as well; what billing credits paid stays."""
    paid = [one for one in line["pretax_credit_amounts"] if one["type"] != "discount"]
    return [{**one, "type": "discount"} for one in line["discount_amounts"]] + paid


def _all_pretax(lines: list[Document]) -> list[Document]:
    entries = [one for line in lines for one in line["pretax_credit_amounts"]]
    found = [{**one, "type": "discount"} for one in _by(entries, "discount")]
    name = "credit_balance_transaction"
    return found + [{**one, "type": name} for one in _by(entries, name)]


def _by(entries: list[Document], name: str) -> list[Document]:
    found: dict[str, int] = {}
    for one in entries:
        if one.get(name):
            found[one[name]] = found.get(one[name], 0) + one["amount"]
    return [{"amount": amount, name: identifier} for identifier, amount in found.items()]


def _balance(call: Call, invoice: Document, total: int) -> Document:
    customer = call.store.peek("customer", invoice["customer"] or "") or {}
    starting = int(customer.get("balance", 0))
    due, _ = settled(total, starting, invoice["currency"], _can_wait(invoice))
    return {"amount_due": due, "amount_remaining": due, "starting_balance": starting}


def _can_wait(invoice: Document) -> bool:
    return bool(invoice["collection_method"] == "charge_automatically")


def settled(total: int, starting: int, currency: str, can_wait: bool) -> tuple[int, int]:
    """Return what is due, and the customer's balance afterwards: credit is used up, too little to charge waits."""
    owed = total + starting
    if total < 0 or owed <= 0:
        return 0, owed
    if can_wait and owed < least(currency):
        return 0, owed
    return owed, 0


def _reductions(call: Call, identifiers: list[str], currency: str) -> dict[str, Reduction]:
    found = {}
    for identifier in identifiers:
        reduction = reduction_of(identifier, coupon_of(call, identifier), currency)
        if reduction is not None:
            found[identifier] = reduction
    return found


def _rates(call: Call, identifiers: list[str]) -> list[Document]:
    found = (call.store.peek("tax_rate", one) for one in identifiers)
    return [one for one in found if one is not None]
