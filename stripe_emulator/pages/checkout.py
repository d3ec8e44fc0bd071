"""Hosted checkout: the page at a session's url, which works without a script.

https://docs.stripe.com/payments/checkout/how-checkout-works
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from stripe_emulator.errors import StripeError
from stripe_emulator.http import DESK
from stripe_emulator.objects.checkout.choices import chosen
from stripe_emulator.objects.checkout.record import CHECKOUT_SESSION
from stripe_emulator.objects.customers.test_cards import by_number
from stripe_emulator.operate import operate
from stripe_emulator.pages.card_form import CardForm, banks
from stripe_emulator.pages.checkout_actions import pay, take_up
from stripe_emulator.pages.checkout_view import Entered, rhythm, view
from stripe_emulator.pages.guard import guarded
from stripe_emulator.pages.refusals import RefusedError
from stripe_emulator.pages.render import away, message, page
from stripe_emulator.pages.visits import visit

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]

_UNABLE = "We are unable to authenticate your payment method. Please choose a different payment method and try again."


@guarded
async def show(http: web.Request) -> web.Response:
    """Show the page, or say that it is over."""
    call, session = _session(http)
    if session["status"] != "open":
        return _over(session)
    entered = Entered(email=session["customer_email"] or "", quantities={}, optional={})
    return _form(call, session, entered)


@guarded
async def submit(http: web.Request) -> web.Response:
    """Do what the pressed button says: fill in a test card, change a quantity, apply a code, or pay."""
    form = await http.post()
    call, session = _session(http)
    if session["status"] != "open":
        return _over(session)
    entered, action = Entered.of(dict(form.items())), str(form.get("action", "pay"))
    if action == "enter":  # the key, in whatever field
        action = "apply_code" if entered.typed else "pay"
    _press(call, session, entered, action)
    if action != "pay" or not _is_complete(call, session, entered):
        return _form(call, session, entered)
    return _paid(http, call, session, entered)


@guarded
async def ask(http: web.Request) -> web.Response:
    """Show what the bank asks."""
    _, session = _session(http)
    if session["status"] != "open" or not session.get("_attempt"):
        return away(_here(session))
    return page("authenticate", session=session, action=f"/c/pay/{session['id']}/authenticate")


@guarded
async def authenticate(http: web.Request) -> web.Response:
    """Go on with the customer's answer to the bank."""
    form = await http.post()
    call, session = _session(http)
    attempt = session.get("_attempt")
    if session["status"] != "open" or not attempt:
        return away(_here(session))
    call.save(CHECKOUT_SESSION, {**session, "_attempt": None})
    entered = _remembered(attempt)
    if form.get("outcome") != "complete":
        http.app[DESK].emulator.commit(call)
        entered.problems["form"] = _UNABLE
        return _form(call, session, entered)
    return _finish(http, call, session, entered, attempt["payment_method"])


@guarded
async def recover(http: web.Request) -> web.Response:
    """Open a copy of an expired session, and go there."""
    made = take_up(http.app[DESK].emulator, http.match_info["id"])
    return away(f"/c/pay/{made['id']}")


def _session(http: web.Request) -> tuple[Call, Document]:
    identifier = http.match_info["id"]
    call = visit(http.app[DESK].emulator, CHECKOUT_SESSION.object, identifier)
    return call, call.named(CHECKOUT_SESSION, identifier, "session")


def _here(session: Document) -> str:
    return f"/c/pay/{session['id']}"


def _over(session: Document) -> web.Response:
    if session["status"] == "complete":
        return message("All done", "You have completed this page already.", link=("Continue", _target(session)))
    link = session["cancel_url"] and ("Go back", session["cancel_url"])
    return message("This page has expired", "Nothing was charged. Please begin again.", status=410, link=link)


def _target(session: Document) -> str:
    """Return where the customer goes after paying."""
    url = session["success_url"] or session["return_url"] or f"{_here(session)}/thanks"
    return str(url).replace("{CHECKOUT_SESSION_ID}", session["id"])


@guarded
async def thanks(http: web.Request) -> web.Response:
    """Say that it worked, where the integration named no page for that."""
    _, session = _session(http)
    if session["status"] == "open":
        return away(_here(session))
    return message("Thank you", "Your payment went through. You can close this page.")


def _press(call: Call, session: Document, entered: Entered, action: str) -> None:
    """Change the form as its buttons do."""
    verb, _, rest = action.partition("-")
    if verb == "bank":
        entered.bank = rest if rest in [one["name"] for one in banks()] else ""
    elif verb == "fill":
        entered.card = CardForm.filled(rest, call.now)
    elif verb in ("more", "less") and rest.isdecimal() and int(rest) < len(session["_lines"]):
        _step(session, entered, int(rest), 1 if verb == "more" else -1)
    elif action == "apply_code":
        entered.code, entered.typed = entered.typed, ""
    elif action == "remove_code":
        entered.code = ""


def _step(session: Document, entered: Entered, index: int, step: int) -> None:
    bounds = session["_lines"][index]["adjustable_quantity"]
    current = entered.quantities.get(index, session["_lines"][index]["quantity"])
    if bounds["enabled"] and current is not None:
        entered.quantities[index] = max(bounds["minimum"], min(bounds["maximum"], current + step))


def _draft(call: Call, session: Document, entered: Entered) -> Document:
    """Return the session as the choices would leave it; what is no choice is taken back, with a word about it."""
    try:
        return chosen(call, session, entered.filled())
    except (StripeError, ValueError) as error:
        sentence = error.message if isinstance(error, StripeError) else str(error)
    if entered.code:
        entered.typed, entered.code = entered.code, ""
        entered.problems["promotion_code"] = sentence
    else:
        entered.quantities, entered.optional = {}, {}
        entered.problems["form"] = sentence
    return _draft(call, session, entered)


def _form(call: Call, session: Document, entered: Entered) -> web.Response:
    draft = _draft(call, session, entered)
    status = 400 if entered.problems or entered.card.problems else 200
    context = view(call, session, draft, entered)
    return page("checkout", status=status, outward=True, rhythm=rhythm(call, draft), **context)


def _is_complete(call: Call, session: Document, entered: Entered) -> bool:
    """Note what is missing, and say whether nothing is."""
    context = view(call, session, _draft(call, session, entered), entered)
    if not context["email"] and not _is_email(entered.email):
        entered.problems["email"] = "Your email is incomplete." if entered.email else "Enter your email."
    if context["needs_card"] and not entered.bank:
        entered.card.check(call.now)
    if entered.shown not in ("", context["total"]):
        entered.problems["form"] = f"The total is {context['total']} now. Please check it before you go on."
    return not entered.problems and not entered.card.problems


def _is_email(text: str) -> bool:
    name, _, host = text.partition("@")
    return bool(name) and "." in host and not any(one.isspace() for one in text)


def _paid(http: web.Request, call: Call, session: Document, entered: Entered) -> web.Response:
    method = f"pm_usBankAccount_{entered.bank}" if entered.bank else ""
    if entered.card.number and not entered.bank:
        params = {"type": "card", "card": entered.card.params(), "billing_details": {"name": entered.name or None}}
        method = operate(call, "POST /v1/payment_methods", params)["id"]
        card = by_number(entered.card.params()["number"])
        if card is not None and card.outcome == "requires_action":
            call.save(CHECKOUT_SESSION, {**session, "_attempt": _attempt(entered, method)})
            http.app[DESK].emulator.commit(call)
            return away(f"{_here(session)}/authenticate")
    return _finish(http, call, session, entered, method)


def _finish(http: web.Request, call: Call, session: Document, entered: Entered, method: str) -> web.Response:
    emulator = http.app[DESK].emulator
    try:
        pay(call, session["id"], entered.filled(method))
    except RefusedError as error:
        entered.problems["form"] = str(error)
        return _form(emulator.begin(call.scope), session, entered)  # what the attempt changed is dropped
    emulator.commit(call)
    return away(_target(session))


def _attempt(entered: Entered, method: str) -> Document:
    """Return what must be kept while the bank asks: choices, and the saved card instead of its number."""
    return {
        "payment_method": method,
        "email": entered.email,
        "quantities": [[at, number] for at, number in entered.quantities.items()],
        "optional": [[at, number] for at, number in entered.optional.items()],
        "code": entered.code,
    }


def _remembered(attempt: Document) -> Entered:
    return Entered(
        email=attempt["email"],
        quantities=dict(attempt["quantities"]),
        optional=dict(attempt["optional"]),
        code=attempt["code"],
    )
