"""What a coupon is, for everything that refers to one."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind, lifecycle

Document = dict[str, Any]


def is_valid(call: Call, coupon: Document) -> bool:
    """Say whether the coupon can still be redeemed now."""
    in_time = coupon["redeem_by"] is None or call.now < coupon["redeem_by"]
    return in_time and (coupon["max_redemptions"] is None or coupon["times_redeemed"] < coupon["max_redemptions"])


def _view(call: Call, coupon: Document) -> Document:
    return {**coupon, "valid": is_valid(call, coupon)}


COUPON = Kind(
    "coupon",
    "coupon",
    "coupon",
    path_param="coupon",
    on_request=frozenset({"applies_to", "currency_options"}),
    view=_view,
    events=lifecycle("coupon"),
)
