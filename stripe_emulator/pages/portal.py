"""The customer portal: its pages, which work without a script. https://docs.stripe.com/customer-management."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from stripe_emulator.http import DESK
from stripe_emulator.pages import portal_view
from stripe_emulator.pages.card_form import CardForm, card_behavior, chooser
from stripe_emulator.pages.guard import guarded
from stripe_emulator.pages.portal_actions import act, foresee
from stripe_emulator.pages.portal_cards import waits_for_bank
from stripe_emulator.pages.portal_form import given
from stripe_emulator.pages.portal_plan import waits
from stripe_emulator.pages.portal_visit import PortalVisit, visit_portal
from stripe_emulator.pages.refusals import RefusedError, UnknownPageError
from stripe_emulator.pages.render import away, message, page

Document = dict[str, Any]

_DONE = {
    "accept_offer": "The discount is yours.",
    "add_payment_method": "Your card has been saved.",
    "cancel": "Your subscription has been canceled.",
    "pause": "Your subscription is paused.",
    "pay_invoice": "The invoice has been paid.",
    "remove_payment_method": "The card has been removed.",
    "renew": "Your subscription goes on.",
    "resume": "Your subscription goes on.",
    "set_default_payment_method": "This card pays from now on.",
    "update": "Your subscription has been changed.",
    "confirm_update": "Your subscription has been changed.",
    "update_customer": "Your data has been changed.",
}
_FIRST = {
    "customer_update": "customer",
    "payment_method_update": "card",
    "subscription_cancel": "cancel",
    "subscription_pause": "pause",
    "subscription_update": "update",
    "subscription_update_confirm": "confirm",
}


@guarded
async def home(http: web.Request) -> web.Response:
    """Show everything, or the one thing that a flow is about."""
    visit = _visit(http)
    flow = visit.flow
    if flow is None:
        return page("portal", outward=True, notice=_DONE.get(http.query.get("done", "")), **portal_view.home(visit))
    if visit.session.get("_done"):
        return _confirmation(flow)
    about = (flow.get(flow["type"]) or {}).get("subscription")
    query = f"?subscription={about}" if about else ""
    return away(f"/p/session/{visit.session['id']}/{_FIRST[flow['type']]}{query}")


@guarded
async def step(http: web.Request) -> web.Response:
    """Show the page of one step."""
    return _step(_visit(http), http.match_info["step"], {"subscription": http.query.get("subscription")}, None)


@guarded
async def submit(http: web.Request) -> web.Response:
    """Do what a button says, or show the step again with what is wrong."""
    name, form = http.match_info["step"], {key: str(value) for key, value in (await http.post()).items()}
    visit = _visit(http)
    action = "answer_bank" if "outcome" in form else form.pop("action", "")
    if action.startswith("fill-"):
        return _card(visit, CardForm.filled(action.removeprefix("fill-"), visit.call.now), None)
    try:
        return _done(http, visit, action, form)
    except RefusedError as error:
        return _step(visit, "card" if action == "answer_bank" else name, form, str(error))


def _done(http: web.Request, visit: PortalVisit, action: str, form: Document) -> web.Response:
    if action == "review":
        return _review(visit, given("update", form))
    if action == "add_payment_method":
        card = CardForm.of(form)
        if not card.check(visit.call.now):
            return _card(visit, card, None)
        if _asks(http, visit, given(action, form)):
            return away(f"/p/session/{visit.session['id']}/bank")
    act(http.app[DESK].emulator, visit.session["id"], action, given(action, form))
    return away(_next(visit, "add_payment_method" if action == "answer_bank" else action))


def _visit(http: web.Request) -> PortalVisit:
    return visit_portal(http.app[DESK].emulator, http.match_info["id"])


def _asks(http: web.Request, visit: PortalVisit, asked: Document) -> bool:
    """Say whether the bank asks about this card before it is saved; then that is kept."""
    visit.require_in_flow("add_payment_method", None)
    behavior = card_behavior(asked["card"]["number"])
    if not behavior.must_authenticate_setup() or not waits_for_bank(visit, asked):
        return False
    http.app[DESK].emulator.commit(visit.call)
    return True


def _bank(visit: PortalVisit, _asked: Document, _problem: str | None) -> web.Response:
    return page("authenticate", outward=True, session=None, action=f"/p/session/{visit.session['id']}/bank")


def _next(visit: PortalVisit, action: str) -> str:
    """Return where a finished action leads: its flow may say."""
    after = (visit.flow or {}).get("after_completion") or {}
    if after.get("type") == "redirect":
        return str(after["redirect"]["return_url"])
    return f"/p/session/{visit.session['id']}?done={action}"


def _confirmation(flow: Document) -> web.Response:
    told = (flow["after_completion"]["hosted_confirmation"] or {}).get("custom_message")
    if flow["after_completion"]["type"] == "redirect":
        return away(flow["after_completion"]["redirect"]["return_url"])
    return message("All done", told or "Thank you. You can close this page.")


def _step(visit: PortalVisit, name: str, asked: Document, problem: str | None) -> web.Response:
    show = _STEPS.get(name)
    if show is None:
        message_ = f"the portal has no page {name}"
        raise UnknownPageError(message_)
    return show(visit, asked, problem)


def _status(problem: str | None) -> int:
    return 400 if problem else 200


def _update(visit: PortalVisit, asked: Document, problem: str | None) -> web.Response:
    visit.require("subscription_update", "change their subscription")
    context = portal_view.plan(visit, visit.subscription(asked.get("subscription")), asked)
    return page("portal_update", status=_status(problem), problem=problem, **context)


def _review(visit: PortalVisit, asked: Document) -> web.Response:
    """Show what a change costs before it is made."""
    due = _due(visit, asked)
    context = portal_view.plan(visit, visit.subscription(asked.get("subscription")), asked)
    return page("portal_review", outward=True, problem=None, due=due, action="update", asked=asked, **context)


def _due(visit: PortalVisit, asked: Document | None) -> Document | None:
    """Return what a change costs; one that waits for the end of the period costs nothing before."""
    foreseen = foresee(visit, asked)
    return None if waits(visit, asked) else portal_view.due(visit, foreseen)


def _confirm(visit: PortalVisit, _asked: Document, problem: str | None) -> web.Response:
    flow = (visit.flow or {}).get("subscription_update_confirm")
    if flow is None:
        raise RefusedError("this link proposes nothing")
    proposed = {**flow["items"][0], "subscription": flow["subscription"]}
    context = portal_view.plan(visit, visit.subscription(flow["subscription"]), proposed)
    due = _due(visit, None)
    return page(
        "portal_review", status=_status(problem), outward=True, problem=problem, due=due, action="confirm_update",
        asked={}, **context,
    )  # fmt: skip


def _cancel(visit: PortalVisit, asked: Document, problem: str | None) -> web.Response:
    visit.require("subscription_cancel", "cancel their subscription")
    context = portal_view.ending(visit, visit.subscription(asked.get("subscription")))
    return page("portal_cancel", status=_status(problem), outward=True, problem=problem, **context)


def _pause(visit: PortalVisit, asked: Document, problem: str | None) -> web.Response:
    visit.require("subscription_pause", "pause their subscription")
    context = portal_view.pausing(visit, visit.subscription(asked.get("subscription")))
    return page("portal_pause", status=_status(problem), outward=True, problem=problem, **context)


def _new_card(visit: PortalVisit, asked: Document, problem: str | None) -> web.Response:
    return _card(visit, CardForm.of(asked), problem)


def _card(visit: PortalVisit, card: CardForm, problem: str | None) -> web.Response:
    visit.require("payment_method_update", "change their payment methods")
    status = 400 if problem or card.problems else 200
    context = {"card": card, "problems": card.problems, "cards": chooser(), **portal_view.frame(visit)}
    return page("portal_card", status=status, outward=True, problem=problem, **context)


def _customer(visit: PortalVisit, _asked: Document, problem: str | None) -> web.Response:
    visit.require("customer_update", "change their data")
    fields = [one for one in portal_view.customer_fields(visit) if one["allowed"]]
    frame = portal_view.frame(visit)
    return page("portal_customer", status=_status(problem), outward=True, problem=problem, fields=fields, **frame)


def _home(visit: PortalVisit, _asked: Document, problem: str | None) -> web.Response:
    return page(
        "portal", status=_status(problem), outward=True, notice=None, problem=problem, **portal_view.home(visit)
    )


_STEPS: dict[str, Callable[[PortalVisit, Document, str | None], web.Response]] = {
    "bank": _bank,
    "cancel": _cancel,
    "card": _new_card,
    "confirm": _confirm,
    "customer": _customer,
    "home": _home,
    "pause": _pause,
    "update": _update,
}
