"""The portal's pages as values: everything that the templates show."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from stripe_emulator.objects.portal.offer import Choice
from stripe_emulator.objects.subscriptions.record import ENDED, peek_items, price_of
from stripe_emulator.pages.money import date, interval, money, price_text
from stripe_emulator.pages.portal_plan import offered
from stripe_emulator.pages.portal_visit import PortalVisit

Document = dict[str, Any]

REASONS = {
    "customer_service": "Customer service was less than expected",
    "low_quality": "Quality was less than expected",
    "missing_features": "Some features are missing",
    "other": "Other reason",
    "switched_service": "I'm switching to a different service",
    "too_complex": "Ease of use was less than expected",
    "too_expensive": "It's too expensive",
    "unused": "I don't use the service enough",
}
_LABELS = {"line1": "Address line 1", "line2": "Address line 2"}
_ADDRESS = ("line1", "line2", "postal_code", "city", "state", "country")


def home(visit: PortalVisit) -> Document:
    """Return what the first page shows."""
    features = visit.features
    return {
        **frame(visit),
        "subscriptions": [_subscription(visit, one) for one in _mine(visit, "subscription") if _goes_on(one)],
        "methods": [_method(visit, one) for one in _mine(visit, "payment_method")],
        "data": _facts(visit.customer),
        "invoices": [_invoice(visit, one) for one in _mine(visit, "invoice") if one["status"] not in (None, "draft")],
        "features": features,
    }


def frame(visit: PortalVisit) -> Document:
    """Return what every page of the portal shows."""
    return_url = visit.session["return_url"]
    profile = visit.configuration["business_profile"]
    return {
        "base": f"/p/session/{visit.session['id']}",
        "headline": profile["headline"],
        "links": [
            (text, profile[name])
            for name, text in (("privacy_policy_url", "Privacy"), ("terms_of_service_url", "Terms"))
            if profile[name]
        ],
        "return_url": return_url if visit.flow is None or not visit.session.get("_done") else None,
        "return_to": urlsplit(return_url or "").hostname,
        "customer": visit.customer,
        "in_flow": visit.flow is not None,
    }


def plan(visit: PortalVisit, subscription: Document, chosen: Document) -> Document:
    """Return what can be chosen, and what is chosen."""
    item = peek_items(visit.call, subscription)[0]
    price, quantity = str(chosen.get("price") or item["price"]), chosen.get("quantity") or item["quantity"]
    options = [_option(visit, one, subscription, price, item) for one in offered(visit, subscription)]
    adjustable = [one for one in offered(visit, subscription) if one.adjustable]
    return {
        **frame(visit),
        "subscription": _subscription(visit, subscription),
        "options": options,
        "quantity": quantity,
        "minimum": min((one.minimum for one in adjustable), default=None),
        "codes": "promotion_code" in visit.features["subscription_update"]["default_allowed_updates"],
        "code": chosen.get("promotion_code") or "",
    }


def ending(visit: PortalVisit, subscription: Document) -> Document:
    """Return what somebody is asked who wants to go."""
    settings = visit.features["subscription_cancel"]
    flow = (visit.flow or {}).get("subscription_cancel") or {}
    reasons = settings["cancellation_reason"]
    return {
        **frame(visit),
        "subscription": _subscription(visit, subscription),
        "at_period_end": settings["mode"] == "at_period_end",
        "reasons": [(one, REASONS[one]) for one in reasons["options"]] if reasons["enabled"] else [],
        "offer": _offer(visit, flow["retention"]["coupon_offer"]["coupon"]) if flow.get("retention") else None,
    }


def pausing(visit: PortalVisit, subscription: Document) -> Document:
    """Return for how long a subscription can be paused."""
    duration = visit.features["subscription_pause"]["duration"]
    known = duration["type"] == "interval_options"
    options = [f"For {_length(one)}" for one in duration["interval_options"]] if known else []
    return {**frame(visit), "subscription": _subscription(visit, subscription), "durations": options}


def due(visit: PortalVisit, preview: Document) -> Document:
    """Return the lines of a preview, and what is to be paid when."""
    settings = visit.features["subscription_update"]
    at_once = settings["proration_behavior"] == "always_invoice" or settings["billing_cycle_anchor"] == "now"
    currency = preview["currency"]
    return {
        "lines": [(one["description"], money(one["amount"], currency)) for one in preview["lines"]["data"]],
        "when": "Due now" if at_once else f"Due on {date(preview['period_end'])}",
        "total": money(preview["amount_due"], currency),
        "credit": money(-preview["total"], currency) if preview["total"] < 0 else None,
    }


def customer_fields(visit: PortalVisit) -> list[Document]:
    """Return the customer's data: what it is called, what it is, and whether it may be changed."""
    customer, settings = visit.customer, visit.features["customer_update"]
    allowed = settings["allowed_updates"] if settings["enabled"] else []
    plain = [
        {"name": name, "label": label, "value": customer[name] or "", "allowed": name in allowed}
        for name, label in (("name", "Name"), ("email", "Email"), ("phone", "Phone"))
    ]
    address = customer["address"] or {}
    lines = [
        {
            "name": f"address-{name}",
            "label": _LABELS.get(name, name.replace("_", " ").capitalize()),
            "value": address.get(name) or "",
            "allowed": "address" in allowed,
        }
        for name in _ADDRESS
    ]
    return plain + lines


def _facts(customer: Document) -> list[tuple[str, str | None]]:
    address = customer["address"] or {}
    lines = ", ".join(str(address[name]) for name in _ADDRESS if address.get(name))
    return [*((name.capitalize(), customer[name]) for name in ("name", "email", "phone")), ("Address", lines)]


def _mine(visit: PortalVisit, kind: str) -> list[Document]:
    return [one for one in visit.call.store.all(kind) if one.get("customer") == visit.customer["id"]][::-1]


def _goes_on(subscription: Document) -> bool:
    return subscription["status"] not in ENDED


def _subscription(visit: PortalVisit, subscription: Document) -> Document:
    features = visit.features
    items = peek_items(visit.call, subscription)
    ends = min((int(one["current_period_end"]) for one in items), default=None)
    goes = subscription["cancel_at"]
    status = subscription["status"]
    return {
        "id": subscription["id"],
        "status": status,
        "items": [_item(visit, one, subscription["currency"]) for one in items],
        "when": _when(status, goes, subscription["trial_end"], ends),
        "ends": ends and date(ends),
        "can_update": bool(offered(visit, subscription)) and status != "paused",
        "can_cancel": features["subscription_cancel"]["enabled"] and goes is None,
        "can_renew": features["subscription_cancel"]["enabled"] and subscription["cancel_at_period_end"],
        "can_pause": features["subscription_pause"]["enabled"] and status == "active" and goes is None,
        "can_resume": features["subscription_pause"]["enabled"] and status == "paused",
    }


def _when(status: str, goes: int | None, trial_end: int | None, ends: int | None) -> str:
    if goes is not None:
        return f"Ends on {date(goes)}"
    if status == "trialing" and trial_end is not None:
        return f"Free until {date(trial_end)}"
    if status == "paused":
        return "Paused"
    return f"Renews on {date(ends)}" if ends is not None else ""


def _item(visit: PortalVisit, item: Document, currency: str) -> Document:
    price = price_of(visit.call, item)
    times = f"{item['quantity']} × " if (item["quantity"] or 1) != 1 else ""
    return {"name": _product(visit, price), "price": f"{times}{price_text(price, currency)}"}


def _product(visit: PortalVisit, price: Document) -> str:
    return str((visit.call.store.peek("product", price["product"]) or {"name": price["product"]})["name"])


def _option(visit: PortalVisit, choice: Choice, subscription: Document, chosen: str, item: Document) -> Document:
    price = choice.price
    return {
        "id": price["id"],
        "name": _product(visit, price),
        "price": price_text(price, subscription["currency"]),
        "chosen": price["id"] == chosen,
        "current": price["id"] == item["price"],
    }


def _offer(visit: PortalVisit, identifier: str) -> str:
    coupon = visit.call.store.peek("coupon", identifier)
    if coupon is None:
        return "a discount"
    amount = coupon["amount_off"]
    off = f"{coupon['percent_off']:g}%" if amount is None else money(amount, coupon["currency"])
    months = coupon["duration_in_months"]
    lasts = {"once": "your next invoice", "forever": "all of your invoices"}
    return f"{off} off {lasts.get(coupon['duration'], f'for {months} months')}"


def _length(option: Document) -> str:
    return f"1 {option['interval']}" if option["interval_count"] == 1 else interval(option)


def _method(visit: PortalVisit, method: Document) -> Document:
    card = method.get("card") or {}
    brand = str(card.get("brand") or method["type"]).replace("_", " ")
    last4 = card.get("last4") or (method.get(method["type"]) or {}).get("last4", "")
    return {
        "id": method["id"],
        "text": f"{brand.capitalize()} ···· {last4}",
        "expiry": f"{card['exp_month']:02} / {card['exp_year']}" if card else "",
        "is_default": method["id"] == visit.customer["invoice_settings"]["default_payment_method"],
    }


def _invoice(visit: PortalVisit, invoice: Document) -> Document:
    return {
        "href": f"/i/{visit.call.scope.account}/{invoice['id']}",
        "number": invoice["number"],
        "date": date(invoice["created"]),
        "total": money(invoice["total"], invoice["currency"]),
        "status": invoice["status"],
    }
