"""The discount of a checkout session: given by the integration, or typed in by the customer.

https://docs.stripe.com/payments/checkout/discounts
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import checkout as errors
from stripe_emulator.errors import parameters
from stripe_emulator.objects.discounts.coupon_record import COUPON
from stripe_emulator.objects.discounts.promotion_code_record import PROMOTION_CODE, is_active
from stripe_emulator.objects.discounts.redeem import redeem_all
from stripe_emulator.objects.invoices.reductions import reduce, reduction_of

Document = dict[str, Any]

_NAMES = ("coupon", "promotion_code")


def given_discount(call: Call) -> list[Document]:
    """Return the discount that the integration names, as Stripe echoes it."""
    given = call.params.get("discounts") or []
    if not given:
        return []
    if call.params.get("allow_promotion_codes"):
        raise parameters.exclusive(["allow_promotion_codes", "discounts"], "allow_promotion_codes")
    if len(given) > 1:
        raise errors.one_discount()
    named = {name: given[0][name] for name in _NAMES if name in given[0]}
    if len(named) != 1:
        raise parameters.exclusive(list(_NAMES), "discounts[0]")
    return [{**dict.fromkeys(_NAMES), **named}]


def typed_discount(call: Call, session: Document, code: str) -> list[Document]:
    """Return the discount of a code that the customer typed in; one that is not known is a ValueError."""
    if not session["allow_promotion_codes"]:
        message = f"the checkout session {session['id']} does not take promotion codes"
        raise ValueError(message)
    found = [one for one in call.store.all(PROMOTION_CODE.object) if one["code"].lower() == code.strip().lower()]
    mine = [one for one in found if is_active(call, one) and one["customer"] in (None, session["customer"])]
    if not mine:
        message = "This code is invalid."
        raise ValueError(message)
    return [{"coupon": None, "promotion_code": mine[-1]["id"]}]


def asked(discounts: list[Document]) -> list[Document]:
    """Return discounts as the API takes them."""
    return [{name: value for name, value in one.items() if value} for one in discounts]


def reduced(call: Call, lines: list[Document], discounts: list[Document], *, customer: str | None) -> list[Document]:
    """Return the line items with what the discount takes off them, or refuse one that cannot be redeemed."""
    if not discounts or not lines:
        return [_left(one, 0) for one in lines]
    currency, whole = lines[0]["currency"], sum(one["amount_subtotal"] for one in lines)
    _refuse_not_redeemable(call, asked(discounts), customer, currency, whole)
    reduction = reduction_of("checkout", _coupon(call, discounts[0]), currency)
    weighed = [_weighed(call, one) for one in lines]
    if reduction is not None:
        reduce(weighed, currency, {}, [reduction])
    return [_left(one, _off(other)) for one, other in zip(lines, weighed, strict=True)]


def redeem_once(call: Call, session: Document, customer: str | None) -> None:
    """Redeem the discount of a payment; that of a subscription goes on with it."""
    owner = {"customer": customer, "checkout_session": session["id"]}
    amount = session["amount_subtotal"]
    redeem_all(call, asked(session["discounts"]), owner, currency=session["currency"], amount=amount)


def _refuse_not_redeemable(call: Call, given: list[Document], customer: str | None, currency: str, amount: int) -> None:
    """Try to redeem, and forget it: the discount is redeemed when somebody pays."""
    redeem_all(
        replace(call, store=call.store.scratch()), given, {"customer": customer}, currency=currency, amount=amount
    )


def _coupon(call: Call, discount: Document) -> Document:
    code = discount["promotion_code"]
    identifier = (
        call.named(PROMOTION_CODE, code, "discounts[0][promotion_code]")["promotion"]["coupon"] if code else None
    )
    return call.named(COUPON, identifier or discount["coupon"], "discounts[0][coupon]")


def _weighed(call: Call, line: Document) -> Document:
    """Return a line as the discounts of invoices know one."""
    price = call.store.peek("price", line["price"]) or {"product": None}
    return {
        "amount": line["amount_subtotal"], "discountable": True, "discounts": [], "discount_amounts": [],
        "_product": price["product"],
    }  # fmt: skip


def _off(weighed: Document) -> int:
    return sum(int(one["amount"]) for one in weighed["discount_amounts"])


def _left(line: Document, off: int) -> Document:
    return {**line, "amount_discount": off, "amount_total": line["amount_subtotal"] - off}
