"""What a promotion code is, and whether it can be used."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import discounts as errors
from stripe_emulator.kinds import Kind, lifecycle
from stripe_emulator.objects.discounts.coupon_record import COUPON, is_valid

Document = dict[str, Any]


def is_active(call: Call, code: Document) -> bool:
    """Say whether the code is switched on and can be redeemed."""
    return bool(code["active"]) and _has_valid_coupon(call, code) and _is_redeemable(call, code)


def refuse_not_redeemable(call: Call, code: Document) -> None:
    """Answer 400 where a code would be active and yet of no use."""
    if not _has_valid_coupon(call, code):
        raise errors.coupon_invalid(code["promotion"]["coupon"])
    if not _is_redeemable(call, code):
        raise errors.not_redeemable()


def _has_valid_coupon(call: Call, code: Document) -> bool:
    coupon = call.store.get(COUPON.object, code["promotion"]["coupon"])
    # A coupon made anew under a deleted one's id is another coupon.
    return coupon is not None and not code.get("_orphan") and is_valid(call, coupon)


def _is_redeemable(call: Call, code: Document) -> bool:
    in_time = code["expires_at"] is None or call.now < code["expires_at"]
    return in_time and (code["max_redemptions"] is None or code["times_redeemed"] < code["max_redemptions"])


def _view(call: Call, code: Document) -> Document:
    return {**code, "active": is_active(call, code)}


PROMOTION_CODE = Kind(
    "promotion_code",
    "promo",
    "promotion code",
    path_param="promotion_code",
    expandable={"customer": "customer", "promotion.coupon": "coupon"},
    on_request=frozenset({"restrictions.currency_options"}),
    view=_view,
    events=lifecycle("promotion_code"),
)
