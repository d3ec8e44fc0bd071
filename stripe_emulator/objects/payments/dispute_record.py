"""What a dispute is: a customer asks the bank for the money back. https://docs.stripe.com/disputes."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.payments.charge_record import CHARGE

Document = dict[str, Any]

CLOSED = ("won", "lost")
_DAYS_TO_ANSWER = 9


def _events(before: Document | None, after: Document | None) -> list[str]:
    if after is None:
        return []
    if before is None:
        return ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    if after["status"] == before["status"] or after["status"] not in CLOSED:
        return ["charge.dispute.updated"]
    return ["charge.dispute.closed", *(["charge.dispute.funds_reinstated"] if after["status"] == "won" else [])]


DISPUTE = Kind(
    "dispute",
    "du",
    "dispute",
    path_param="dispute",
    expandable={"charge": "charge", "payment_intent": "payment_intent"},
    events=_events,
)


def open_dispute(call: Call, charge: Document) -> Document:
    """Let the customer of a charge ask the bank for the money back."""
    call.save(CHARGE, {**charge, "disputed": True})
    return call.create(
        DISPUTE,
        {
            "amount": charge["amount"],
            "balance_transactions": [],
            "charge": charge["id"],
            "created": call.now,
            "currency": charge["currency"],
            "enhanced_eligibility_types": [],
            "evidence": {},
            "evidence_details": {
                "due_by": call.now + _DAYS_TO_ANSWER * 86400,
                "enhanced_eligibility": {},
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
            "is_charge_refundable": False,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "payment_method_details": {
                "type": "card",
                "card": {"brand": "visa", "case_type": "chargeback", "network_reason_code": "83"},
            },
            "reason": "fraudulent",
            "status": "needs_response",
        },
    )
