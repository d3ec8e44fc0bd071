"""Flows: links into the portal that lead to one thing to do, and what comes after it.

https://docs.stripe.com/customer-management/portal-deep-links
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import parameters
from stripe_emulator.errors import portal as errors
from stripe_emulator.objects.discounts.coupon_record import COUPON
from stripe_emulator.objects.discounts.promotion_code_record import PROMOTION_CODE
from stripe_emulator.objects.portal.urls import is_url
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION, peek_items

Document = dict[str, Any]

_WITH_SUBSCRIPTION = ("subscription_cancel", "subscription_pause", "subscription_update", "subscription_update_confirm")
_FEATURE = {"subscription_update_confirm": "subscription_update"}


def flow_of(call: Call, customer: Document, features: Document) -> Document | None:
    """Return the flow as Stripe echoes it, or refuse what the configuration does not allow."""
    given = call.params.get("flow_data")
    if not given:
        return None
    kind = str(given["type"])
    if not features[_FEATURE.get(kind, kind)]["enabled"]:
        raise errors.feature_disabled(_FEATURE.get(kind, kind))
    echo: Document = {"after_completion": _after(given.get("after_completion")), "type": kind}
    for name in _WITH_SUBSCRIPTION:
        echo[name] = _with_subscription(call, customer, features, given) if name == kind else None
    return {**echo, "customer_update": {} if kind == "customer_update" else None}


def _after(given: Document | None) -> Document:
    echo = {"hosted_confirmation": None, "redirect": None, "type": "portal_homepage", **(given or {})}
    if echo["type"] == "redirect":
        name = "flow_data[after_completion][redirect]"
        if not echo["redirect"]:
            raise parameters.missing(name)
        if not is_url(echo["redirect"]["return_url"]):
            raise errors.bad_url(f"{name}[return_url]")
    if echo["type"] == "hosted_confirmation":
        echo["hosted_confirmation"] = {"custom_message": None, **(echo["hosted_confirmation"] or {})}
    return echo


def _with_subscription(call: Call, customer: Document, features: Document, given: Document) -> Document:
    kind = given["type"]
    name = f"flow_data[{kind}]"
    if kind not in given:
        raise parameters.missing(name)
    subscription = call.named(SUBSCRIPTION, given[kind]["subscription"], f"{name}[subscription]")
    if subscription["customer"] != customer["id"]:
        raise errors.subscription_of_another(subscription["id"], f"{name}[subscription]")
    if subscription["status"] in ENDED:
        raise errors.subscription_over(subscription["id"], f"{name}[subscription]")
    echo: Document = {"subscription": subscription["id"]}
    if kind == "subscription_cancel":
        _refuse_twice(subscription, f"{name}[subscription]")
        echo["retention"] = _retention(call, given[kind].get("retention"), f"{name}[retention]")
    if kind in ("subscription_update", "subscription_update_confirm") and len(peek_items(call, subscription)) > 1:
        raise errors.several_items(f"{name}[subscription]")
    if kind == "subscription_update_confirm":
        echo["items"] = [_item(call, subscription, features, given[kind]["items"], f"{name}[items]")]
        echo["discounts"] = _discounts(call, given[kind].get("discounts"), f"{name}[discounts]")
    return echo


def _refuse_twice(subscription: Document, name: str) -> None:
    if subscription["cancel_at_period_end"]:
        raise errors.ends_already(name)


def _retention(call: Call, given: Document | None, name: str) -> Document | None:
    if not given:
        return None
    coupon = call.named(COUPON, given["coupon_offer"]["coupon"], f"{name}[coupon_offer][coupon]")
    return {"coupon_offer": {"coupon": coupon["id"]}, "type": given["type"]}


def _item(call: Call, subscription: Document, features: Document, given: list[Document], name: str) -> Document:
    if len(given) != 1:
        raise errors.one_item(name)
    item = given[0]
    if item["id"] not in subscription["_items"]:
        raise errors.item_of_another(item["id"], subscription["id"], f"{name}[0][id]")
    current = call.store.peek("subscription_item", item["id"]) or {}
    price, offered = str(item.get("price", current["price"])), features["subscription_update"]["products"] or []
    if price not in [one for product in offered for one in product["prices"]]:
        raise errors.price_not_offered(price, f"{name}[0][price]")
    return {"id": item["id"], "price": price, "quantity": item.get("quantity", current["quantity"])}


def _discounts(call: Call, given: list[Document] | None, name: str) -> list[Document] | None:
    if not given:
        return None
    if len(given) > 1:
        raise errors.one_discount(name)
    for kind in (COUPON, PROMOTION_CODE):
        if kind.object in given[0]:
            call.named(kind, given[0][kind.object], f"{name}[0][{kind.object}]")
    return [{"coupon": None, "promotion_code": None, **given[0]}]
