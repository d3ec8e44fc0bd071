"""Changes of the plan in the portal: another price or quantity, now or at the end of the period, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stripe_emulator.objects.discounts.promotion_code_record import PROMOTION_CODE, is_active
from stripe_emulator.objects.portal.offer import Choice, choices, is_later
from stripe_emulator.objects.subscriptions.record import items_of, price_of
from stripe_emulator.operate import operate
from stripe_emulator.pages.portal_visit import PortalVisit
from stripe_emulator.pages.refusals import RefusedError

Document = dict[str, Any]

_UPDATE = "POST /v1/subscriptions/{subscription_exposed_id}"


@dataclass(frozen=True)
class Plan:
    """What a subscription is to become."""

    subscription: Document
    item: Document
    price: Document
    quantity: int | None
    discounts: list[Document]


def update(visit: PortalVisit, given: Document) -> Document:
    """Switch to another price or quantity that the configuration offers."""
    return _apply(visit, _chosen(visit, given))


def confirm_update(visit: PortalVisit, _given: Document) -> Document:
    """Do what the link of a confirmation flow proposes."""
    return _apply(visit, _proposed(visit))


def preview(visit: PortalVisit, given: Document) -> Document:
    """Return the invoice that a change would make, without making it."""
    return _preview(visit, _chosen(visit, given))


def preview_proposal(visit: PortalVisit) -> Document:
    """Return the invoice that the proposal of a confirmation flow would make."""
    return _preview(visit, _proposed(visit))


def waits(visit: PortalVisit, given: Document | None) -> bool:
    """Say whether a change (none: the one that a flow proposes) begins only when the period is over."""
    plan = _proposed(visit) if given is None else _chosen(visit, given)
    old = (price_of(visit.call, plan.item), plan.item["quantity"] or 0)
    return is_later(visit.features["subscription_update"], plan.subscription, old, (plan.price, plan.quantity or 0))


def _apply(visit: PortalVisit, plan: Plan) -> Document:
    params = _params(visit, plan)
    old = (price_of(visit.call, plan.item), plan.item["quantity"] or 0)
    later = visit.features["subscription_update"]
    if is_later(later, plan.subscription, old, (plan.price, plan.quantity or 0)):
        return _schedule(visit, plan.subscription, params["items"][0], plan.discounts)
    if plan.discounts:
        params["discounts"] = plan.discounts
    return operate(visit.call, _UPDATE, params, subscription_exposed_id=plan.subscription["id"])


def _proposed(visit: PortalVisit) -> Plan:
    flow = (visit.flow or {}).get("subscription_update_confirm")
    if flow is None:
        message = f"the portal session {visit.session['id']} has no update to confirm"
        raise RefusedError(message)
    subscription, proposed = visit.subscription(flow["subscription"]), flow["items"][0]
    price = visit.call.store.peek("price", proposed["price"]) or {}
    discounts = [{name: value for name, value in one.items() if value} for one in flow["discounts"] or []]
    return Plan(subscription, _only_item(visit, subscription), price, proposed["quantity"], discounts)


def _preview(visit: PortalVisit, plan: Plan) -> Document:
    params = _params(visit, plan)
    details: Document = {name: params[name] for name in ("items", "proration_behavior", "trial_end") if name in params}
    if "billing_cycle_anchor" in params:
        details["billing_cycle_anchor"] = "now"
    asked: Document = {"subscription": plan.subscription["id"], "subscription_details": details}
    if plan.discounts:
        asked["discounts"] = plan.discounts
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


def _chosen(visit: PortalVisit, given: Document) -> Plan:
    """Return what the customer chose, if it is offered."""
    subscription = visit.subscription(given.get("subscription"))
    visit.require("subscription_update", "change their subscription")
    item = _only_item(visit, subscription)
    wanted = given.get("price") or item["price"]
    choice = next((one for one in offered(visit, subscription) if one.price["id"] == wanted), None)
    if choice is None:
        message = f"the portal does not offer the price {wanted} for {subscription['id']}"
        raise RefusedError(message)
    quantity = None
    if choice.price["recurring"]["usage_type"] != "metered":
        quantity = _quantity(choice, item["quantity"] or choice.minimum or 1, given.get("quantity"))
    code = given.get("promotion_code")
    discounts = [{"promotion_code": _promotion_code(visit, str(code))}] if code else []
    return Plan(subscription, item, choice.price, quantity, discounts)


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


def _params(visit: PortalVisit, plan: Plan) -> Document:
    """Return the update that Stripe's portal makes of a choice; one that cannot be paid changes nothing."""
    settings = visit.features["subscription_update"]
    number = {} if plan.quantity is None else {"quantity": plan.quantity}
    params: Document = {
        "items": [{"id": plan.item["id"], "price": plan.price["id"], **number}],
        "proration_behavior": settings["proration_behavior"],
    }
    if settings["billing_cycle_anchor"] == "now":
        params["billing_cycle_anchor"] = {"type": "now"}
    if plan.subscription["status"] == "trialing" and settings["trial_update_behavior"] == "end_trial":
        params["trial_end"] = "now"
    if plan.subscription["collection_method"] == "charge_automatically":
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


def _schedule(visit: PortalVisit, subscription: Document, item: Document, discounts: list[Document]) -> Document:
    """Let the change happen when the period ends: a schedule whose second phase has the new item."""
    if subscription["schedule"]:
        message = f"the subscription {subscription['id']} has a schedule already, which the portal does not change"
        raise RefusedError(message)
    call, given = visit.call, {"from_subscription": subscription["id"]}
    schedule = operate(call, "POST /v1/subscription_schedules", given)
    first = schedule["phases"][0]
    kept = [{name: one[name] for name in ("price", "quantity") if one.get(name) is not None} for one in first["items"]]
    bounds = {"start_date": first["start_date"], "end_date": first["end_date"]}
    later: Document = {"items": [{name: item[name] for name in ("price", "quantity") if name in item}]}
    redeemed = {"discounts": discounts} if discounts else {}
    phases = [{**bounds, "items": kept}, {**later, **redeemed, "proration_behavior": "none"}]
    params = {"phases": phases, "end_behavior": "release"}
    operate(call, "POST /v1/subscription_schedules/{schedule}", params, schedule=schedule["id"])
    return visit.subscription(subscription["id"])
