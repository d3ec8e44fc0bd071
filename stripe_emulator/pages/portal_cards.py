"""Payment methods in the portal: added with a setup intent, about which the bank may ask; chosen; removed.

https://docs.stripe.com/customer-management
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.objects.payments.consequences import authenticate
from stripe_emulator.objects.payments.intent_record import SETUP_INTENT
from stripe_emulator.objects.payments.setups import confirm_setup, setup_for, setup_refusal
from stripe_emulator.objects.portal.session import PORTAL_SESSION
from stripe_emulator.operate import operate
from stripe_emulator.pages.portal_visit import PortalVisit
from stripe_emulator.pages.refusals import RefusedError

Document = dict[str, Any]

_WHAT = "change their payment methods"


def add(visit: PortalVisit, given: Document) -> Document:
    """Save a card; it becomes the default, unless `default` is false. A bank that asks is answered."""
    intent = _confirmed(visit, given)
    if intent["status"] == "requires_action":
        intent = authenticate(visit.call, intent, succeeds=True)
    return _saved(visit, intent, default=given.get("default", True))


def waits_for_bank(visit: PortalVisit, given: Document) -> bool:
    """Begin to save a card, and say whether the bank asks the customer first; what is begun is kept on the session."""
    intent = _confirmed(visit, given)
    if intent["status"] != "requires_action":
        return False
    visit.call.save(PORTAL_SESSION, {**visit.session, "_asking": intent["id"]})
    return True


def answer(visit: PortalVisit, given: Document) -> Document:
    """Go on with the customer's answer to the bank."""
    intent = visit.call.store.get(SETUP_INTENT.object, visit.session.get("_asking") or "")
    if intent is None or intent["status"] != "requires_action":
        raise RefusedError("no bank asks about a card")
    intent = authenticate(visit.call, intent, succeeds=given.get("outcome") == "complete")
    return _saved(visit, intent, default=True)


def remove(visit: PortalVisit, given: Document) -> Document:
    """Forget a card."""
    visit.require("payment_method_update", _WHAT)
    return operate(visit.call, "POST /v1/payment_methods/{payment_method}/detach", payment_method=_own(visit, given))


def choose(visit: PortalVisit, given: Document) -> Document:
    """Pay with another card from now on."""
    visit.require("payment_method_update", _WHAT)
    return _make_default(visit, _own(visit, given))


def _confirmed(visit: PortalVisit, given: Document) -> Document:
    visit.require("payment_method_update", _WHAT)
    method = str(given.get("payment_method") or _typed(visit, given))
    return confirm_setup(visit.call, setup_for(visit.call, customer=visit.customer["id"]), method)


def _typed(visit: PortalVisit, given: Document) -> str:
    """Return the card that was typed in, or a good one if none was."""
    if not given.get("card"):
        return "pm_card_visa"
    params = {"type": "card", "card": given["card"], "billing_details": {"name": given.get("name")}}
    return str(operate(visit.call, "POST /v1/payment_methods", params)["id"])


def _saved(visit: PortalVisit, intent: Document, *, default: bool) -> Document:
    refused = setup_refusal(intent)
    if refused is not None:
        raise refused
    if default:
        _make_default(visit, intent["payment_method"])
    return operate(visit.call, "GET /v1/payment_methods/{payment_method}", payment_method=intent["payment_method"])


def _make_default(visit: PortalVisit, method: str) -> Document:
    params = {"invoice_settings": {"default_payment_method": method}}
    return operate(visit.call, "POST /v1/customers/{customer}", params, customer=visit.customer["id"])


def _own(visit: PortalVisit, given: Document) -> str:
    method = visit.call.store.peek("payment_method", str(given.get("payment_method")))
    if method is None or method["customer"] != visit.customer["id"]:
        message = f"the customer {visit.customer['id']} has no payment method {given.get('payment_method')}"
        raise RefusedError(message)
    return str(method["id"])
