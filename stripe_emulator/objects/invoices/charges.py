"""The lines that a subscription's item puts on an invoice: seats in advance, usage in arrears, one for each tier.

https://docs.stripe.com/products-prices/pricing-models
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.catalog.price_calculation import TierPart, exact_cost, tier_parts
from stripe_emulator.objects.invoices import describe
from stripe_emulator.objects.invoices.line import line, of_subscription_item, priced
from stripe_emulator.objects.invoices.money import rounded

Document = dict[str, Any]
Period = tuple[int, int]


def name_of(call: Call, price: Document) -> str:
    """Return the name of what is sold."""
    product = call.store.peek("product", price["product"]) or {"name": price["product"]}
    return str(product["name"])


def unit_of(price: Document, currency: str) -> str | None:
    """Return the amount of one unit in a currency; a tiered price has none of its own."""
    amount: str | None = price["currency_options"].get(currency, price)["unit_amount_decimal"]
    return amount


def whole(
    call: Call, subscription: Document, item: Document, price: Document, quantity: int, period: Period, already: int = 0
) -> list[Document]:
    """Return the lines of a quantity for a whole period, without the units that were billed in it already."""
    currency = subscription["currency"]
    if price["billing_scheme"] == "tiered":
        found = _tiers(name_of(call, price), price, quantity, already, currency)
        return [_line(call, subscription, item, price, period, **one) for one in found]
    unit, more = unit_of(price, currency), quantity - already
    text = describe.licensed(name_of(call, price), more, unit, currency, price)
    exact = exact_cost(price, quantity, currency) - exact_cost(price, already, currency)
    facts = {"amount": rounded(exact, currency), "unit": unit, "text": text, "quantity": more}
    return [_line(call, subscription, item, price, period, **facts)]


def trial(call: Call, subscription: Document, item: Document, price: Document, period: Period) -> Document:
    """Return the line that says that a trial costs nothing."""
    facts = {"amount": 0, "quantity": item["quantity"] or 0, "text": describe.trial(name_of(call, price)), "unit": "0"}
    return _line(call, subscription, item, price, period, **facts)


def nothing(call: Call, subscription: Document, item: Document, price: Document, period: Period) -> Document:
    """Return the line that names, at nothing, what usage will be billed for."""
    name, currency = name_of(call, price), subscription["currency"]
    if price["billing_scheme"] == "tiered":
        unit: Any = tier_parts(price, 0, currency)[0].unit_amount or 0
        text = describe.tier(name, 0, 1, unit, currency, price)
    else:
        unit = unit_of(price, currency) or 0
        text = describe.licensed(name, 0, unit, currency, price)
    return _line(call, subscription, item, price, period, amount=0, quantity=0, text=text, unit=unit)


def part(
    call: Call, subscription: Document, item: Document, price: Document, period: Period, share: Fraction
) -> Document:
    """Return the line of a period that is only a part of a whole one, or of several."""
    currency, quantity = subscription["currency"], item["quantity"]
    facts = {
        "amount": rounded(Fraction(exact_cost(price, quantity, currency)) * share, currency),
        "quantity": quantity,
        "text": describe.part(name_of(call, price), quantity, *period),
        "unit": unit_of(price, currency),
    }
    made = _line(call, subscription, item, price, period, **facts)
    made["parent"]["subscription_item_details"]["proration"] = True
    return made


def _tiers(name: str, price: Document, quantity: int, already: int, currency: str) -> list[Document]:
    if price["tiers_mode"] == "volume" and already:
        return [_rest_of_volume(name, price, quantity, already, currency)]
    before = {one.number: one for one in tier_parts(price, already, currency)} if already else {}
    made = []
    for one in tier_parts(price, quantity, currency):
        units = one.units - before[one.number].units if one.number in before else one.units
        if units or not already:
            made += _of_tier(one, units, name, currency, price, is_new=one.number not in before)
    return made


def _of_tier(one: TierPart, units: int, name: str, currency: str, price: Document, *, is_new: bool) -> list[Document]:
    """Return what a tier asks for: its units, then its flat fee unless that was billed before."""
    found: list[Document] = []
    if one.unit_amount is not None or one.flat_amount is None:
        unit = one.unit_amount or Decimal(0)
        text = describe.tier(name, units, one.number, unit, currency, price)
        found.append({"amount": rounded(unit * units, currency), "quantity": units, "unit": unit, "text": text})
    if one.flat_amount is not None and is_new:
        flat = one.flat_amount
        text = describe.flat_fee(name, one.number, flat, currency, price)
        found.append({"amount": rounded(flat, currency), "quantity": 1, "unit": flat, "text": text})
    return found


def _rest_of_volume(name: str, price: Document, quantity: int, already: int, currency: str) -> Document:
    """All units cost what the last one says, so what was billed before at another tier is made up for."""
    (one,) = tier_parts(price, quantity, currency)
    exact = exact_cost(price, quantity, currency) - exact_cost(price, already, currency)
    text = describe.tier(name, quantity - already, one.number, one.unit_amount or 0, currency, price)
    unit = one.unit_amount
    return {"amount": rounded(exact, currency), "quantity": quantity - already, "unit": unit, "text": text}


def _line(
    call: Call, subscription: Document, item: Document, price: Document, period: Period, **facts: Any
) -> Document:
    return line(
        call,
        amount=facts["amount"],
        currency=subscription["currency"],
        description=facts["text"],
        period=period,
        quantity=facts["quantity"],
        pricing=priced(price, facts["unit"]),
        _metered=item["quantity"] is None,
        _product=price["product"],
        **of_subscription_item(call, subscription, item),
    )
