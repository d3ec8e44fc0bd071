"""Coupons: a percentage or an amount off. https://docs.stripe.com/api/coupons."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import discounts as errors
from stripe_emulator.errors import parameters
from stripe_emulator.long_lists import listed
from stripe_emulator.objects.catalog.product_record import PRODUCT
from stripe_emulator.objects.discounts.coupon_record import COUPON
from stripe_emulator.objects.discounts.coupon_terms import merge_currency_options, terms_of
from stripe_emulator.objects.discounts.redeem_times import refuse_bad_end
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [COUPON]
routes = Routes()


@routes("POST /v1/coupons")
def create(call: Call) -> Document:
    """Create a coupon, with a chosen id or a new one."""
    params = call.params
    chosen = params.get("id")
    if chosen and call.store.get(COUPON.object, chosen):
        raise errors.coupon_exists()
    return call.create(COUPON, _fields(call), identifier=chosen or call.new_code(COUPON))


@routes("GET /v1/coupons/{coupon}")
def retrieve(call: Call) -> Document:
    """Return one coupon; a deleted one is gone."""
    return call.in_path(COUPON, "coupon")


@routes("POST /v1/coupons/{coupon}")
def update(call: Call) -> Document:
    """Change the name, the metadata, or the amounts in other currencies."""
    coupon = call.in_path(COUPON, "coupon")
    params = call.params
    if "metadata" in params:
        coupon["metadata"] = merge_metadata(coupon["metadata"], params["metadata"])
    if "currency_options" in params:
        coupon["currency_options"] = merge_currency_options(coupon, params["currency_options"])
    return call.save(COUPON, {**coupon, "name": params.get("name", coupon["name"])})


@routes("DELETE /v1/coupons/{coupon}")
def delete(call: Call) -> Document:
    """Delete a coupon; its promotion codes stay, and can never be active again."""
    coupon = call.in_path(COUPON, "coupon")
    for code in call.store.all("promotion_code"):
        if code["promotion"]["coupon"] == coupon["id"]:
            call.store.put("promotion_code", code["id"], {**code, "active": False, "_orphan": True})
    call.store.remove(COUPON.object, coupon["id"])
    deleted = {"id": coupon["id"], "object": COUPON.object, "deleted": True}
    call.store.put("deleted_coupon", coupon["id"], deleted)
    return deleted


@routes("GET /v1/coupons")
def index(call: Call) -> Document:
    """List coupons, newest first."""
    return listed(call, COUPON)


def _fields(call: Call) -> Document:
    params = call.params
    if "redeem_by" in params:
        refuse_bad_end(call, "redeem_by", params["redeem_by"])
    if params.get("max_redemptions", 1) < 1:
        raise parameters.invalid_positive("max_redemptions")
    return {
        **terms_of(params),
        "applies_to": _applies_to(call),
        "created": call.now,
        "max_redemptions": params.get("max_redemptions"),
        "metadata": merge_metadata({}, params.get("metadata")),
        "name": params.get("name"),
        "redeem_by": params.get("redeem_by"),
        "times_redeemed": 0,
        "valid": True,
    }


def _applies_to(call: Call) -> Document | None:
    given = call.params.get("applies_to")
    if not given or "products" not in given:
        return None
    for index_, product in enumerate(given["products"]):
        call.named(PRODUCT, product, f"applies_to[products][{index_}]")
    return {"products": given["products"]}
