"""Everything that customers do in the portal, by name: the buttons of its page, and the same calls for tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from stripe_emulator.errors import StripeError
from stripe_emulator.expand import Presenter
from stripe_emulator.objects import KINDS
from stripe_emulator.objects.portal.session import used
from stripe_emulator.operate import operate
from stripe_emulator.pages import portal_cards as cards
from stripe_emulator.pages.portal_pause import pause, resume
from stripe_emulator.pages.portal_plan import confirm_update, preview, preview_proposal, update
from stripe_emulator.pages.portal_visit import PortalVisit, visit_portal
from stripe_emulator.pages.refusals import RefusedError

if TYPE_CHECKING:
    from stripe_emulator.emulator import Emulator

Document = dict[str, Any]
Action = Callable[[PortalVisit, Document], Document]

_SUBSCRIPTION = "{subscription_exposed_id}"


def act(emulator: Emulator, session: str, action: str, given: Document) -> Document:
    """Do one thing as the customer, and return the object that changed, as Stripe shows it."""
    visit = visit_portal(emulator, session)
    do = ACTIONS.get(action)
    if do is None:
        message = f"customers cannot {action} in the portal: choose {', '.join(ACTIONS)}"
        raise RefusedError(message)
    visit.require_in_flow(action, given.get("subscription"))
    try:
        changed = do(visit, given)
    except StripeError as error:
        raise RefusedError(error.message) from None
    if action != "preview":
        used(visit.call, {**visit.session, "_done": visit.flow is not None or visit.session.get("_done", False)})
        emulator.commit(visit.call)
    return Presenter(visit.call, KINDS).show(changed, [])


def foresee(visit: PortalVisit, given: Document | None) -> Document:
    """Return the invoice that a change would make (none: the one that a flow proposes); nothing stays of it."""
    try:
        found = preview_proposal(visit) if given is None else preview(visit, given)
        return Presenter(visit.call, KINDS).show(found, [])
    except StripeError as error:
        raise RefusedError(error.message) from None


def _cancel(visit: PortalVisit, given: Document) -> Document:
    """End a subscription as the configuration says: now, or at the end of the period."""
    settings = visit.require("subscription_cancel", "cancel their subscription")
    subscription = visit.subscription(given.get("subscription"))
    details = {"cancellation_details": _reason(settings["cancellation_reason"], given)}
    if settings["mode"] == "at_period_end":
        return _change(visit, subscription["id"], {"cancel_at_period_end": True, **details})
    params = {"prorate": settings["proration_behavior"] == "create_prorations", **details}
    path = {"subscription_exposed_id": subscription["id"]}
    return operate(visit.call, f"DELETE /v1/subscriptions/{_SUBSCRIPTION}", params, **path)


def _reason(settings: Document, given: Document) -> Document:
    feedback, comment = given.get("feedback"), given.get("comment")
    if feedback is None and comment is None:
        return {}
    if not settings["enabled"]:
        raise RefusedError("the portal's configuration does not ask for reasons")
    if feedback is not None and feedback not in settings["options"]:
        message = f"the portal's configuration has no reason {feedback}: choose {', '.join(settings['options'])}"
        raise RefusedError(message)
    return {name: value for name, value in (("feedback", feedback), ("comment", comment)) if value}


def _accept_offer(visit: PortalVisit, _given: Document) -> Document:
    """Stay, with the coupon that the cancellation flow offers."""
    flow = (visit.flow or {}).get("subscription_cancel") or {}
    if not flow.get("retention"):
        message = f"the portal session {visit.session['id']} offers no coupon"
        raise RefusedError(message)
    coupon = flow["retention"]["coupon_offer"]["coupon"]
    return _change(visit, flow["subscription"], {"discounts": [{"coupon": coupon}]})


def _renew(visit: PortalVisit, given: Document) -> Document:
    """Take an announced end back."""
    visit.require("subscription_cancel", "renew their subscription")
    subscription = visit.subscription(given.get("subscription"))
    if not subscription["cancel_at_period_end"]:
        message = f"the subscription {subscription['id']} is not about to end"
        raise RefusedError(message)
    return _change(visit, subscription["id"], {"cancel_at_period_end": False})


def _update_customer(visit: PortalVisit, given: Document) -> Document:
    """Change what the configuration lets customers change about themselves."""
    allowed = visit.require("customer_update", "change their data")["allowed_updates"]
    if strangers := sorted(set(given) - set(allowed)):
        message = f"the portal's configuration does not let customers change {', '.join(strangers)}"
        raise RefusedError(message)
    return operate(visit.call, "POST /v1/customers/{customer}", given, customer=visit.customer["id"])


def _pay_invoice(visit: PortalVisit, given: Document) -> Document:
    """Pay an open invoice with the card that is kept, or with another one."""
    visit.require("invoice_history", "see their invoices")
    invoice = visit.call.store.peek("invoice", str(given.get("invoice")))
    if invoice is None or invoice["customer"] != visit.customer["id"]:
        message = f"the customer {visit.customer['id']} has no invoice {given.get('invoice')}"
        raise RefusedError(message)
    params = {name: given[name] for name in ("payment_method",) if given.get(name)}
    return operate(visit.call, "POST /v1/invoices/{invoice}/pay", params, invoice=invoice["id"])


def _change(visit: PortalVisit, subscription: str, params: Document) -> Document:
    path = {"subscription_exposed_id": subscription}
    return operate(visit.call, f"POST /v1/subscriptions/{_SUBSCRIPTION}", params, **path)


ACTIONS: dict[str, Action] = {
    "update": update,
    "confirm_update": confirm_update,
    "preview": preview,
    "cancel": _cancel,
    "accept_offer": _accept_offer,
    "renew": _renew,
    "pause": pause,
    "resume": resume,
    "add_payment_method": cards.add,
    "remove_payment_method": cards.remove,
    "set_default_payment_method": cards.choose,
    "update_customer": _update_customer,
    "pay_invoice": _pay_invoice,
    "answer_bank": cards.answer,
}
