"""The hosted invoice page: what was billed, and a way to pay it. https://docs.stripe.com/invoicing/hosted-invoice-page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from stripe_emulator.errors import StripeError
from stripe_emulator.http import DESK
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.payments.collect import collect
from stripe_emulator.objects.payments.consequences import authenticate as answer_bank
from stripe_emulator.operate import operate
from stripe_emulator.pages.card_form import CardForm, chooser
from stripe_emulator.pages.guard import guarded
from stripe_emulator.pages.invoice_view import printed, view
from stripe_emulator.pages.pdf import document
from stripe_emulator.pages.refusals import UnknownPageError
from stripe_emulator.pages.render import away, page
from stripe_emulator.pages.visits import visit

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]

_DECLINED = "Your card was declined."


@guarded
async def show(http: web.Request) -> web.Response:
    """Show the invoice."""
    call, invoice = _invoice(http)
    return _page(call, invoice, CardForm(), None)


@guarded
async def pay(http: web.Request) -> web.Response:
    """Charge the card that was typed in, or fill in a test card."""
    form = {name: str(value) for name, value in (await http.post()).items()}
    call, invoice = _invoice(http)
    action, card = form.get("action", "pay"), CardForm.of(form)
    if action.startswith("fill-"):
        return _page(call, invoice, CardForm.filled(action.removeprefix("fill-"), call.now), None)
    if invoice["status"] != "open" or not card.check(call.now):
        return _page(call, invoice, card, None)
    try:
        invoice = _charged(call, invoice, card, form.get("name_on_card") or None)
    except StripeError as error:
        call, invoice = _invoice(http)  # what the attempt changed is dropped
        return _page(call, invoice, card, error.message)
    http.app[DESK].emulator.commit(call)
    waits = _waiting(call, invoice)
    if waits is not None:
        return away(f"{_here(call, invoice)}/authenticate")
    return (
        away(_here(call, invoice)) if invoice["status"] == "paid" else _page(call, invoice, card, _why(call, invoice))
    )


@guarded
async def pdf(http: web.Request) -> web.Response:
    """Answer with the invoice as a file."""
    _, invoice = _invoice(http)
    headers = {"Content-Disposition": f'inline; filename="{invoice["id"]}.pdf"', "X-Content-Type-Options": "nosniff"}
    return web.Response(body=document(printed(invoice)), content_type="application/pdf", headers=headers)


@guarded
async def ask(http: web.Request) -> web.Response:
    """Show what the bank asks."""
    call, invoice = _invoice(http)
    if _waiting(call, invoice) is None:
        return away(_here(call, invoice))
    return page("authenticate", session=invoice, action=f"{_here(call, invoice)}/authenticate")


@guarded
async def authenticate(http: web.Request) -> web.Response:
    """Go on with the customer's answer to the bank."""
    form = await http.post()
    call, invoice = _invoice(http)
    intent = _waiting(call, invoice)
    if intent is not None:
        answer_bank(call, {**intent}, succeeds=form.get("outcome") == "complete")
        http.app[DESK].emulator.commit(call)
        call, invoice = _invoice(http)
        if invoice["status"] != "paid":
            return _page(call, invoice, CardForm(), _why(call, invoice))
    return away(_here(call, invoice))


def _invoice(http: web.Request) -> tuple[Call, Document]:
    identifier, account = http.match_info["id"], http.match_info["account"]
    call = visit(http.app[DESK].emulator, INVOICE.object, identifier)
    invoice = call.named(INVOICE, identifier, "invoice")
    if call.scope.account != account or invoice["status"] == "draft":
        message = f"there is no page for the invoice {identifier}"
        raise UnknownPageError(message)
    return call.on_clock(invoice["test_clock"]), invoice


def _here(call: Call, invoice: Document) -> str:
    return f"/i/{call.scope.account}/{invoice['id']}"


def _charged(call: Call, invoice: Document, card: CardForm, name: str | None) -> Document:
    """Pay with the card, which the customer keeps afterwards."""
    given = {"type": "card", "card": card.params(), "billing_details": {"name": name}}
    method = operate(call, "POST /v1/payment_methods", given)["id"]
    owner = {"customer": invoice["customer"]}
    operate(call, "POST /v1/payment_methods/{payment_method}/attach", owner, payment_method=method)
    return collect(call, invoice, off_session=False, method=method)


def _waiting(call: Call, invoice: Document) -> Document | None:
    """Return the payment that waits for the customer's answer to the bank."""
    intents = call.store.where("payment_intent", "_invoice", invoice["id"])
    return next((one for one in intents if one["status"] == "requires_action"), None)


def _why(call: Call, invoice: Document) -> str | None:
    """Return why the invoice is not paid; a debit may be on its way."""
    intents = call.store.where("payment_intent", "_invoice", invoice["id"])
    errors = [one["last_payment_error"] for one in intents if one["last_payment_error"]]
    return str(errors[-1]["message"]) if errors else _DECLINED


def _page(call: Call, invoice: Document, card: CardForm, problem: str | None) -> web.Response:
    status = 400 if problem or card.problems else 200
    context: Document = {"card": card, "problems": card.problems, "cards": chooser(), "problem": problem}
    return page("invoice", status=status, action=_here(call, invoice), **view(invoice), **context)
