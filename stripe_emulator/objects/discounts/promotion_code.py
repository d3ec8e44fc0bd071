"""Promotion codes: what customers type to redeem a coupon. https://docs.stripe.com/api/promotion_codes."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import discounts as errors
from stripe_emulator.errors import parameters
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.long_lists import listed
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.discounts.coupon_record import COUPON
from stripe_emulator.objects.discounts.promotion_code_record import PROMOTION_CODE, is_active, refuse_not_redeemable
from stripe_emulator.objects.discounts.promotion_code_restrictions import merge_restrictions, restrictions_of
from stripe_emulator.objects.discounts.promotion_code_text import code_of, refuse_taken
from stripe_emulator.objects.discounts.redeem_times import refuse_bad_end
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [PROMOTION_CODE]
routes = Routes()


@routes("POST /v1/promotion_codes")
def create(call: Call) -> Document:
    """Create a code for a coupon, with a chosen text or a new one."""
    code = _fields(call, _coupon(call))
    if code["active"]:
        refuse_not_redeemable(call, code)
        refuse_taken(call, code)
    return call.create(PROMOTION_CODE, code)


@routes("GET /v1/promotion_codes/{promotion_code}")
def retrieve(call: Call) -> Document:
    """Return one code."""
    return call.in_path(PROMOTION_CODE, "promotion_code")


@routes("POST /v1/promotion_codes/{promotion_code}")
def update(call: Call) -> Document:
    """Switch a code off or on, change its metadata, or its minimum amounts in other currencies."""
    code = call.in_path(PROMOTION_CODE, "promotion_code")
    params = call.params
    if "metadata" in params:
        code["metadata"] = merge_metadata(code["metadata"], params["metadata"])
    if "restrictions" in params:
        code["restrictions"] = merge_restrictions(code["restrictions"], params["restrictions"])
    if params.get("active") and not code["active"]:
        refuse_not_redeemable(call, code)
        refuse_taken(call, code)
    return call.save(PROMOTION_CODE, {**code, "active": params.get("active", code["active"])})


@routes("GET /v1/promotion_codes")
def index(call: Call) -> Document:
    """List codes, newest first."""
    return listed(call, PROMOTION_CODE, "customer", also=lambda code: _wanted(call, code))


def _wanted(call: Call, code: Document) -> bool:
    params = call.params
    return (
        params.get("active") in (None, is_active(call, code))
        and params.get("coupon") in (None, code["promotion"]["coupon"])
        and str(params.get("code", code["code"])).lower() == code["code"].lower()
    )


def _coupon(call: Call) -> Document:
    promotion = call.params["promotion"]
    if "coupon" not in promotion:
        raise errors.no_coupon()
    return call.named(COUPON, promotion["coupon"], "promotion[coupon]")


def _fields(call: Call, coupon: Document) -> Document:
    params = call.params
    if "customer_account" in params:
        raise not_emulated("customer_account")
    if "customer" in params:
        call.named(CUSTOMER, params["customer"], "customer")
    _refuse_wider(call, coupon)
    return {
        "active": params.get("active", True),
        "code": code_of(call, PROMOTION_CODE),
        "created": call.now,
        "customer": params.get("customer"),
        "customer_account": None,
        "expires_at": params.get("expires_at"),
        "max_redemptions": params.get("max_redemptions"),
        "metadata": merge_metadata({}, params.get("metadata")),
        "promotion": {"coupon": coupon["id"], "type": "coupon"},
        "restrictions": restrictions_of(params.get("restrictions", {})),
        "times_redeemed": 0,
    }


def _refuse_wider(call: Call, coupon: Document) -> None:
    """Refuse a code that would outlive its coupon, or be redeemed more often."""
    ends, most = call.params.get("expires_at"), call.params.get("max_redemptions")
    if ends is not None:
        refuse_bad_end(call, "expires_at", ends)
        if coupon["redeem_by"] is not None and ends > coupon["redeem_by"]:
            raise errors.beyond_coupon("expires_at", "redeem_by")
    if most is not None:
        if most < 1:
            raise parameters.invalid_positive("max_redemptions")
        if coupon["max_redemptions"] is not None and most > coupon["max_redemptions"]:
            raise errors.beyond_coupon("max_redemptions", "max_redemptions")
