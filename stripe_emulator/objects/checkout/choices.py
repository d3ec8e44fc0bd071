"""What a customer chooses on the page of a checkout session before paying: quantities and optional items."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.objects.checkout.discounting import typed_discount
from stripe_emulator.objects.checkout.lines import chosen_option, with_quantity
from stripe_emulator.objects.checkout.totals import totals

Document = dict[str, Any]


@dataclass(frozen=True)
class Filled:
    """What the customer fills in."""

    payment_method: str = "pm_card_visa"
    email: str | None = None
    quantities: dict[int, int] = field(default_factory=dict)
    """By the place of the line item, from 0."""
    optional_items: dict[int, int] = field(default_factory=dict)
    """How many of the optional item at a place, from 0."""
    promotion_code: str | None = None


def chosen(call: Call, session: Document, filled: Filled) -> Document:
    """Return the session as these choices leave it; a place that is not there is a ValueError."""
    lines = list(session["_lines"])
    for index, quantity in filled.quantities.items():
        _refuse_no_place("line item", index, len(lines))
        lines[index] = with_quantity(call, session, index, quantity)
    for index, quantity in filled.optional_items.items():
        _refuse_no_place("optional item", index, len(session["_optional"]))
        if quantity:
            lines.append(chosen_option(call, session, index, quantity))
    code = filled.promotion_code
    discounts = typed_discount(call, session, code) if code else session["discounts"]
    return {**session, **totals(call, lines, discounts, customer=session["customer"])}


def _refuse_no_place(noun: str, index: int, count: int) -> None:
    if not 0 <= index < count:
        message = f"the checkout session has no {noun} {index}: there are {count}, counted from 0"
        raise ValueError(message)
