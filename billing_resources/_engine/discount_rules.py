"""Rules over several fields of coupons and promotion codes, each named for what it states.

https://docs.stripe.com/billing/subscriptions/coupons
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from billing_resources._engine.currencies import CURRENCIES
from billing_resources._engine.facts import is_deferred, is_known

Problems = list[tuple[str, str]]
_LEAST_PERCENT = Decimal("0.01")


def one_of_percent_and_amount(args: dict[str, Any]) -> Problems:
    """Exactly one of percent_off and amount_off; the amount has a currency, and may have others."""
    percent, amount = args.get("percent_off"), args.get("amount_off")
    if percent is None and amount is None:
        return [("", "needs percent_off or amount_off")]
    if percent is not None and amount is not None:
        return [("amount_off", "cannot be given together with percent_off: choose one")]
    if amount is not None:
        return [] if args.get("currency") is not None else [("currency", "is required with amount_off")]
    odd = [name for name in ("currency", "currency_options") if args.get(name) is not None]
    return [(name, "belongs to amount_off, not to a percentage") for name in odd]


def something_is_taken_off(args: dict[str, Any]) -> Problems:
    """Stripe takes no coupons over nothing."""
    percent, amount = args.get("percent_off"), args.get("amount_off")
    if is_known(percent) and Decimal(str(percent)) < _LEAST_PERCENT:
        return [("percent_off", "must be 0.01 or more")]
    if is_known(amount) and amount == 0:
        return [("amount_off", "must be above 0")]
    return []


def months_go_with_repeating(args: dict[str, Any]) -> Problems:
    """A repeating coupon says for how many months, and no other does."""
    duration, months = args.get("duration", "once"), args.get("duration_in_months")
    if is_deferred(duration):
        return []
    if duration == "repeating" and months is None:
        return [("duration_in_months", "is required with duration repeating")]
    if duration != "repeating" and months is not None:
        return [("duration_in_months", "belongs to duration repeating")]
    return []


def options_are_other_currencies(args: dict[str, Any]) -> Problems:
    """Keys are known currencies in lower case, and not the coupon's own."""
    return _other_currencies("currency_options", args.get("currency_options"), args.get("currency"))


def restrictions_are_whole(args: dict[str, Any]) -> Problems:
    """A least amount has its currency, and further currencies are other ones."""
    restrictions = args.get("restrictions")
    if not is_known(restrictions):
        return []
    amount, currency = restrictions.get("minimum_amount"), restrictions.get("minimum_amount_currency")
    found = _other_currencies("restrictions.currency_options", restrictions.get("currency_options"), currency)
    if amount is not None and currency is None:
        found.append(("restrictions.minimum_amount_currency", "is required with minimum_amount"))
    for name in ("minimum_amount_currency", "currency_options"):
        if amount is None and restrictions.get(name) is not None:
            found.append((f"restrictions.{name}", "needs minimum_amount"))
    return found


def _other_currencies(path: str, options: Any, own: Any) -> Problems:
    found: Problems = []
    for currency in options if is_known(options) and isinstance(options, Mapping) else ():
        if currency not in CURRENCIES:
            said = "is not a currency that Stripe knows; write its code in lower case, such as eur"
            found.append((f"{path}.{currency}", said))
        elif currency == own:
            found.append((f"{path}.{currency}", "is the own currency, which has its amount already"))
    return found


def coupon_as_declared(coupon: Mapping[str, Any]) -> dict[str, Any]:
    """A coupon as a declaration writes it: its own currency is no option."""
    options = dict(coupon.get("currency_options") or {})
    options.pop(coupon.get("currency"), None)
    return {**coupon, "currency_options": options}


def code_as_declared(code: Mapping[str, Any]) -> dict[str, Any]:
    """A promotion code as a declaration writes it: the coupon is an id, its own currency is no option."""
    promotion = dict(code.get("promotion") or {})
    coupon = promotion.get("coupon")
    promotion["coupon"] = coupon["id"] if isinstance(coupon, Mapping) else coupon
    restrictions = dict(code.get("restrictions") or {})
    options = dict(restrictions.get("currency_options") or {})
    options.pop(restrictions.get("minimum_amount_currency"), None)
    return {**code, "promotion": promotion, "restrictions": {**restrictions, "currency_options": options}}


def code_has_ended(code: Mapping[str, Any]) -> bool:
    """Whether it or its coupon was redeemed as often, or for as long, as was declared: Stripe deactivates it then."""
    coupon = (code.get("promotion") or {}).get("coupon")
    both = [(code, "expires_at"), (coupon if isinstance(coupon, Mapping) else {}, "redeem_by")]
    return not code.get("active") and any(_is_over(one, end) for one, end in both)


def _is_over(discount: Mapping[str, Any], end: str) -> bool:
    most, until = discount.get("max_redemptions"), discount.get(end)
    used_up = most is not None and discount.get("times_redeemed", 0) >= most
    return used_up or (until is not None and until <= time.time())


OF_COUPONS = (
    one_of_percent_and_amount,
    something_is_taken_off,
    months_go_with_repeating,
    options_are_other_currencies,
)
OF_PROMOTION_CODES = (restrictions_are_whole,)
