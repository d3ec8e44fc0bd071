"""What is done to an invoice: finalized, paid, sent, taken back, given up.

https://docs.stripe.com/invoicing/integration/workflow-transitions
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import invoices as errors
from stripe_emulator.errors import subscriptions
from stripe_emulator.objects.invoices import advance, close
from stripe_emulator.objects.invoices.finalize import finalize as finalized
from stripe_emulator.objects.invoices.finalize import paid
from stripe_emulator.objects.invoices.invoice import in_its_time
from stripe_emulator.objects.payments.collect import collect, declined
from stripe_emulator.objects.payments.dunning import note_delinquent
from stripe_emulator.objects.payments.invoice_intent import method_of, release
from stripe_emulator.objects.subscriptions.payment import require_attached
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS: list[Any] = []
routes = Routes()


@routes("POST /v1/invoices/{invoice}/finalize")
def finalize(call: Call) -> Document:
    """Finalize a draft; one that advances by itself is collected within the hour."""
    call, invoice = in_its_time(call)
    invoice = finalized(call, {**invoice, "auto_advance": call.params.get("auto_advance", invoice["auto_advance"])})
    if invoice["status"] == "open" and invoice["auto_advance"]:
        return advance.collect_later(call, invoice)
    return invoice


@routes("POST /v1/invoices/{invoice}/pay")
def pay(call: Call) -> Document:
    """Charge an invoice now, or note that it was paid elsewhere; a draft is finalized first."""
    call, invoice = in_its_time(call)
    if invoice["status"] == "draft":
        invoice = finalized(call, invoice)
        if invoice["status"] == "paid":
            return invoice
    if invoice["status"] == "paid":
        raise errors.already_paid()
    if invoice["status"] == "void":
        raise errors.bad_transition("void", "pay")
    if call.params.get("paid_out_of_band"):
        rest = invoice["amount_remaining"]
        release(call, invoice, reason="abandoned")
        note_delinquent(call, invoice["customer"], delinquent=False)
        return paid(call, {**invoice, "amount_paid_off_stripe": rest}, rest)
    return _charged(call, invoice)


def _charged(call: Call, invoice: Document) -> Document:
    """Return the invoice after an attempt; one that fails is an error, and has been made all the same."""
    method = require_attached(call, invoice["customer"], call.params.get("payment_method"), "payment_method")
    if method is None and method_of(call, invoice) is None:
        raise subscriptions.no_payment_method()
    invoice = collect(call, invoice, off_session=call.params.get("off_session", True), method=method)
    refused = declined(call, invoice, keeps=True)
    if refused is not None:
        raise refused
    return invoice


@routes("POST /v1/invoices/{invoice}/send")
def send(call: Call) -> Document:
    """Send an invoice to its customer; a draft is finalized first."""
    call, invoice = in_its_time(call)
    if invoice["status"] == "draft":
        invoice = finalized(call, invoice)
    return advance.send(call, invoice)


@routes("POST /v1/invoices/{invoice}/void")
def void(call: Call) -> Document:
    """Take a finalized invoice back for good."""
    call, invoice = in_its_time(call)
    if invoice["status"] not in ("open", "uncollectible"):
        raise errors.bad_transition(invoice["status"], "void")
    return close.void(call, invoice)


@routes("POST /v1/invoices/{invoice}/mark_uncollectible")
def mark_uncollectible(call: Call) -> Document:
    """Give an open invoice up."""
    call, invoice = in_its_time(call)
    if invoice["status"] == "draft":
        invoice = finalized(call, invoice)
    if invoice["status"] != "open":
        raise errors.bad_transition(invoice["status"], "mark as uncollectible")
    return close.mark_uncollectible(call, invoice)
