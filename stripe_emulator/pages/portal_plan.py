"""Changes of the plan in the portal: another price or quantity, now or at the end of the period, and what it costs."""

from __future__ import annotations

from typing import Any

from stripe_emulator.objects.discounts.promotion_code_record import PROMOTION_CODE, is_active
from stripe_emulator.objects.portal.offer import Choice, choices, is_later
from stripe_emulator.objects.subscriptions.record import items_of, price_of
from stripe_emulator.operate import operate
from stripe_emulator.pages.portal_visit import PortalVisit
from stripe_emulator.pages.refusals import RefusedError

Document = dict[str, Any]

_UPDATE = "POST /v1/subscriptions/{subscription_exposed_id}"


def update(visit: PortalVisit, given: Document) -> Document:
    """Switch to another price or quantity that the configuration offers."""
    subscription = visit.subscription(given.get("subscription"))
    item, price, quantity = _chosen(visit, subscription, given)
    params = _params(visit, subscription, item, price, quantity)
    code = given.get("promotion_code")
    if code:
        params["discounts"] = [{"promotion_code": _promotion_code(visit, str(code))}]
    settings = visit.features["subscription_update"]
    old = (price_of(visit.call, item), item["quantity"] or 0)
    if is_later(settings, subscription, old, (price, quantity or 0)):
        return _schedule(visit, subscription, params["items"][0])
    return operate(visit.call, _UPDATE, params, subscription_exposed_id=subscription["id"])


def confirm_update(visit: PortalVisit, _given: Document) -> Document:
    """Do what the link of a confirmation flow proposes."""
    subscription, params, discounts = _proposal(visit)
    if discounts:
        params["discounts"] = discounts
    return operate(visit.call, _UPDATE, params, subscription_exposed_id=subscription["id"])


def preview(visit: PortalVisit, given: Document) -> Document:
    """Return the invoice that a change would make, without making it."""
    subscription = visit.subscription(given.get("subscription"))
    item, price, quantity = _chosen(visit, subscription, given)
    return _preview(visit, subscription, _params(visit, subscription, item, price, quantity), None)


def preview_proposal(visit: PortalVisit) -> Document:
    """Return the invoice that the proposal of a confirmation flow would make."""
    return _preview(visit, *_proposal(visit))


def _proposal(visit: PortalVisit) -> tuple[Document, Document, list[Document] | None]:
    flow = (visit.flow or {}).get("subscription_update_confirm")
    if flow is None:
        message = f"the portal session {visit.session['id']} has no update to confirm"
        raise RefusedError(message)
    subscription, proposed = visit.subscription(flow["subscription"]), flow["items"][0]
    item = _only_item(visit, subscription)
    price = visit.call.store.peek("price", proposed["price"]) or {}
    params = _params(visit, subscription, item, price, proposed["quantity"])
    discounts = [{name: value for name, value in one.items() if value} for one in flow["discounts"] or []]
    return subscription, params, discounts or None


def _preview(
    visit: PortalVisit, subscription: Document, params: Document, discounts: list[Document] | None
) -> Document:
    details: Document = {name: params[name] for name in ("items", "proration_behavior", "trial_end") if name in params}
    if "billing_cycle_anchor" in params:
        details["billing_cycle_anchor"] = "now"
    asked: Document = {"subscription": subscription["id"], "subscription_details": details}
    if discounts:
        asked["discounts"] = discounts
    return operate(visit.call, "POST /v1/invoices/create_preview", asked)


def offered(visit: PortalVisit, subscription: Document) -> list[Choice]:
    """Return what the subscription can be switched to; nothing where the portal cannot change it."""
    update_ = visit.features["subscription_update"]
    items = items_of(visit.call, subscription)
    if not update_["enabled"] or len(items) != 1:
        return []
    return choices(visit.call, update_, subscription, items[0]["price"])


def _only_item(visit: PortalVisit, subscription: Document) -> Document:
    items = items_of(visit.call, subscription)
    if len(items) != 1:
        message = f"the subscription {subscription['id']} has {len(items)} items: the portal changes those of one item"
        raise RefusedError(message)
    return items[0]


def _chosen(visit: PortalVisit, subscription: Document, given: Document) -> tuple[Document, Document, int | None]:
    """Return the item, its new price and its new quantity, if they are offered."""
    visit.require("subscription_update", "change their subscription")
    item = _only_item(visit, subscription)
    wanted = given.get("price") or item["price"]
    choice = next((one for one in offered(visit, subscription) if one.price["id"] == wanted), None)
    if choice is None:
        message = f"the portal does not offer the price {wanted} for {subscription['id']}"
        raise RefusedError(message)
    if choice.price["recurring"]["usage_type"] == "metered":
        return item, choice.price, None
    return item, choice.price, _quantity(choice, item["quantity"] or choice.minimum or 1, given.get("quantity"))


def _quantity(choice: Choice, current: int, wanted: Any) -> int:
    quantity = current if wanted is None else int(wanted)
    if quantity != current and not choice.adjustable:
        message = f"the portal does not let customers change the quantity of {choice.price['id']}"
        raise RefusedError(message)
    if choice.adjustable and not choice.has(quantity):
        most = "" if choice.maximum is None else f" and {choice.maximum} at most"
        message = f"the quantity must be {choice.minimum} at least{most}"
        raise RefusedError(message)
    return quantity


def _params(
    visit: PortalVisit, subscription: Document, item: Document, price: Document, quantity: int | None
) -> Document:
    """Return the update that Stripe's portal makes of a choice; one that cannot be paid changes nothing."""
    settings = visit.features["subscription_update"]
    params: Document = {
        "items": [{"id": item["id"], "price": price["id"], **({} if quantity is None else {"quantity": quantity})}],
        "proration_behavior": settings["proration_behavior"],
    }
    if settings["billing_cycle_anchor"] == "now":
        params["billing_cycle_anchor"] = {"type": "now"}
    if subscription["status"] == "trialing" and settings["trial_update_behavior"] == "end_trial":
        params["trial_end"] = "now"
    if subscription["collection_method"] == "charge_automatically":
        params["payment_behavior"] = "error_if_incomplete"
    return params


def _promotion_code(visit: PortalVisit, text: str) -> str:
    if "promotion_code" not in visit.features["subscription_update"]["default_allowed_updates"]:
        message = f"the portal's configuration {visit.configuration['id']} does not let customers use promotion codes"
        raise RefusedError(message)
    for code in visit.call.store.all(PROMOTION_CODE.object):
        if code["code"].lower() == text.strip().lower() and is_active(visit.call, code):
            return str(code["id"])
    raise RefusedError("This code is invalid.")


def _schedule(visit: PortalVisit, subscription: Document, item: Document) -> Document:
    """Let the change happen when the period ends: a schedule whose second phase has the new item."""
    if subscription["schedule"]:
        message = f"the subscription {subscription['id']} has a schedule already, which the portal does not change"
        raise RefusedError(message)
    call, given = visit.call, {"from_subscription": subscription["id"]}
    schedule = operate(call, "POST /v1/subscription_schedules", given)
    first = schedule["phases"][0]
    kept = [{name: one[name] for name in ("price", "quantity") if one.get(name) is not None} for one in first["items"]]
    bounds = {"start_date": first["start_date"], "end_date": first["end_date"]}
    later = {"items": [{name: item[name] for name in ("price", "quantity") if name in item}]}
    phases = [{**bounds, "items": kept}, {**later, "proration_behavior": "none"}]
    params = {"phases": phases, "end_behavior": "release"}
    operate(call, "POST /v1/subscription_schedules/{schedule}", params, schedule=schedule["id"])
    return visit.subscription(subscription["id"])
