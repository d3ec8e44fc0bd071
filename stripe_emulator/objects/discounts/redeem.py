"""Redeeming coupons and promotion codes: who may, how often, for how long.

https://docs.stripe.com/billing/subscriptions/coupons
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import discounts as errors
from stripe_emulator.errors import parameters
from stripe_emulator.objects.discounts.coupon_record import COUPON, is_valid
from stripe_emulator.objects.discounts.promotion_code_record import PROMOTION_CODE, is_active
from stripe_emulator.objects.discounts.record import DISCOUNT, discount_of
from stripe_emulator.objects.subscriptions.period import boundary

Document = dict[str, Any]

_MONTH = {"interval": "month", "interval_count": 1}


def redeem_all(
    call: Call, given: list[Document] | None, owner: Document, *, currency: str, amount: int, name: str = "discounts"
) -> list[str]:
    """Return the ids of the discounts that a list of coupons, promotion codes and discounts makes for an owner."""
    return [
        _redeem(call, one, owner, currency=currency, amount=amount, name=f"{name}[{index}]")
        for index, one in enumerate(given or [])
    ]


def _redeem(call: Call, given: Document, owner: Document, *, currency: str, amount: int, name: str) -> str:
    kinds = [kind for kind in ("coupon", "discount", "promotion_code") if kind in given]
    if len(kinds) != 1:
        raise parameters.exclusive(["coupon", "discount", "promotion_code"], name)
    if "discount" in given:
        return str(call.named(DISCOUNT, given["discount"], f"{name}[discount]")["id"])
    code = _code(call, given, owner, currency, amount, name) if "promotion_code" in given else None
    param = f"{name}[{kinds[0]}]"
    coupon = call.named(COUPON, code["promotion"]["coupon"] if code else given["coupon"], param)
    if not is_valid(call, coupon):
        raise errors.used_up(coupon["id"], param)
    if coupon["amount_off"] is not None and currency not in coupon["currency_options"]:
        raise errors.other_currency(coupon["currency"], currency, param)
    return str(_made(call, coupon, code, owner)["id"])


def _code(call: Call, given: Document, owner: Document, currency: str, amount: int, name: str) -> Document:
    param = f"{name}[promotion_code]"
    code = call.named(PROMOTION_CODE, given["promotion_code"], param)
    if not is_active(call, code):
        raise errors.code_inactive(param)
    if code["customer"] not in (None, owner["customer"]):
        raise errors.code_of_another(param)
    rules = code["restrictions"]
    if rules["first_time_transaction"] and has_paid(call, owner["customer"]):
        raise errors.not_first_time(param)
    least = minimum_of(rules, currency)
    if least is not None and amount < least:
        raise errors.below_minimum(param)
    return code


def has_paid(call: Call, customer: str | None) -> bool:
    """Say whether a customer ever paid something."""
    paid = call.store.where("invoice", "customer", customer) if customer else []
    intents = call.store.where("payment_intent", "customer", customer) if customer else []
    return any(one["amount_paid"] > 0 for one in paid) or any(one["status"] == "succeeded" for one in intents)


def minimum_of(rules: Document, currency: str) -> int | None:
    """Return the smallest purchase a code can be redeemed for in a currency."""
    if rules["minimum_amount"] is None:
        return None
    if rules["minimum_amount_currency"] == currency:
        return int(rules["minimum_amount"])
    option = (rules.get("currency_options") or {}).get(currency)
    return int(option["minimum_amount"]) if option else None


def _made(call: Call, coupon: Document, code: Document | None, owner: Document) -> Document:
    months = coupon["duration_in_months"] if coupon["duration"] == "repeating" else None
    fields = {
        "checkout_session": None,
        "customer_account": None,
        "end": None if months is None else boundary(call.now, _MONTH, months),
        "promotion_code": code and code["id"],
        "source": {"coupon": coupon["id"], "type": "coupon"},
        "start": call.now,
        **dict.fromkeys(("customer", "invoice", "invoice_item", "subscription", "subscription_item")),
        **owner,
        "_coupon": {**coupon},  # a deleted coupon goes on for those who have it
    }
    call.save(COUPON, {**coupon, "times_redeemed": coupon["times_redeemed"] + 1})
    if code:
        call.save(PROMOTION_CODE, {**code, "times_redeemed": code["times_redeemed"] + 1})
    made = call.create(DISCOUNT, fields)
    made.pop("livemode")
    return made


def coupon_of(call: Call, identifier: str) -> Document:
    """Return the coupon of a discount, as it is or as it was when it was deleted."""
    discount = discount_of(call, identifier)
    kept: Document = discount["_coupon"]
    current = call.store.peek(COUPON.object, kept["id"])
    return current if current is not None and current["created"] == kept["created"] else kept
