"""From draft to open: the number, the credits, the customer's balance, the date by which it is to be paid.

https://docs.stripe.com/invoicing/integration/workflow-transitions
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import invoices as errors
from stripe_emulator.objects.customers.balance import change_balance
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.invoices.credits import with_credits
from stripe_emulator.objects.invoices.draft import of_customer
from stripe_emulator.objects.invoices.late_usage import with_latest_usage
from stripe_emulator.objects.invoices.make import ADVANCE
from stripe_emulator.objects.invoices.record import INVOICE
from stripe_emulator.objects.invoices.totals import settled, summed
from stripe_emulator.objects.payments.invoice_intent import with_intent
from stripe_emulator.objects.subscriptions.status import after_payment

Document = dict[str, Any]

DAY = 86400
OVERDUE, DUE_SOON = "invoice.overdue", "invoice.due_soon"
SOON = 3 * DAY


def finalize(call: Call, invoice: Document) -> Document:
    """Open a draft, and return it saved: paid at once where nothing is due."""
    if invoice["status"] != "draft":
        raise errors.already_finalized()
    customer = call.store.get(CUSTOMER.object, invoice["customer"])
    if customer is not None:
        invoice |= of_customer(customer)
    invoice = summed(call, with_credits(call, summed(call, with_latest_usage(call, invoice))))
    invoice |= _opened(call, invoice, customer) | _settled(call, invoice, customer)
    call.due(ADVANCE, invoice["id"], None)
    remind(call, invoice, invoice["due_date"])
    if invoice["amount_due"] > 0:
        return with_intent(call, invoice)[0]
    return paid(call, {**invoice, "attempted": True})


def paid(call: Call, invoice: Document, amount: int = 0) -> Document:
    """Return an invoice saved as paid, after which its subscription may run."""
    transitions = {**invoice["status_transitions"], "paid_at": call.now}
    whole = invoice["amount_paid"] + amount
    due = {"amount_paid": whole, "amount_remaining": invoice["amount_due"] - whole, "next_payment_attempt": None}
    invoice = {**invoice, **due, "status": "paid", "auto_advance": False, "status_transitions": transitions}
    remind(call, invoice, None)
    call.save(INVOICE, invoice)
    after_payment(call, invoice)
    return invoice


def remind(call: Call, invoice: Document, due_date: int | None) -> None:
    """Let time tell, three days before and at the date, that an invoice is to be paid; None: no more."""
    soon = None if due_date is None or due_date - SOON <= call.now else due_date - SOON
    call.due(DUE_SOON, invoice["id"], soon, invoice["test_clock"])
    call.due(OVERDUE, invoice["id"], due_date, invoice["test_clock"])


def _opened(call: Call, invoice: Document, customer: Document | None) -> Document:
    url = call.hosted.url("invoice", f"/i/{call.scope.account}/{invoice['id']}")
    return {
        "automatically_finalizes_at": None,
        "due_date": _due_date(call, invoice),
        "effective_at": invoice["effective_at"] or call.now,
        "hosted_invoice_url": url,
        "invoice_pdf": f"{url}/pdf",
        "number": invoice["number"] or _number(call, customer),
        "status": "open",
        "status_transitions": {**invoice["status_transitions"], "finalized_at": call.now},
    }


def _due_date(call: Call, invoice: Document) -> int | None:
    if invoice["collection_method"] != "send_invoice" or invoice["due_date"] is not None:
        return invoice["due_date"] if invoice["collection_method"] == "send_invoice" else None
    return call.now + (invoice["_days_until_due"] or 0) * DAY


def _number(call: Call, customer: Document | None) -> str | None:
    """Count the customer's invoices: `A1B2C3D4-0001`."""
    if customer is None:
        return None
    sequence = customer["next_invoice_sequence"]
    customer["next_invoice_sequence"] = sequence + 1
    call.save(CUSTOMER, customer)
    return f"{customer['invoice_prefix']}-{sequence:04d}"


def _settled(call: Call, invoice: Document, customer: Document | None) -> Document:
    """Use the customer's balance, or add to it."""
    starting = customer["balance"] if customer else 0
    can_wait = invoice["collection_method"] == "charge_automatically"
    due, ending = settled(invoice["total"], starting, invoice["currency"], can_wait)
    if customer is not None and ending != starting:
        currency, used = invoice["currency"], ending - starting
        change_balance(call, customer, used, currency, reason="applied_to_invoice", invoice=invoice["id"])
    rest = {"amount_due": due, "amount_remaining": due, "next_payment_attempt": None}
    return {"starting_balance": starting, "ending_balance": ending, **rest}
