"""What a charge is: one attempt to take money. https://docs.stripe.com/api/charges."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors.declines import Decline
from stripe_emulator.kinds import Kind

Document = dict[str, Any]


def _events(before: Document | None, after: Document | None) -> list[str]:
    if after is None:
        return []
    was = before or {"status": None, "amount_refunded": 0, "captured": after["captured"]}
    if after["status"] != was["status"]:
        return [f"charge.{after['status']}"]
    if after["amount_refunded"] > was["amount_refunded"]:
        return ["charge.refunded"]
    return ["charge.captured" if after["captured"] and not was["captured"] else "charge.updated"]


def _view(call: Call, charge: Document) -> Document:
    found = call.store.where("refund", "charge", charge["id"]) if charge["_refunds"] else []
    url = f"/v1/charges/{charge['id']}/refunds"
    return {**charge, "refunds": {"object": "list", "data": found[::-1], "has_more": False, "url": url}}


CHARGE = Kind(
    "charge",
    "ch",
    "charge",
    path_param="charge",
    expandable={"customer": "customer", "payment_intent": "payment_intent"},
    on_request=frozenset({"refunds"}),
    view=_view,
    events=_events,
)


def charge(
    call: Call,
    intent: Document,
    method: Document,
    status: str,
    *,
    decline: Decline | None = None,
    captured: bool = True,
) -> Document:
    """Store an attempt to take an intent's amount from a payment method."""
    failed = decline is not None
    taken = captured and status == "succeeded"
    fields = {
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if taken else 0,
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": intent["statement_descriptor"],
        "captured": taken,
        "created": call.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "fraud_details": {},
        "metadata": intent["metadata"],
        "outcome": outcome(decline),
        "paid": status != "failed",
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"type": method["type"], method["type"]: method[method["type"]]},
        "receipt_email": intent["receipt_email"],
        "receipt_url": None if failed else call.hosted.url("invoice", f"/receipts/{intent['id']}"),
        "refunded": False,
        "shipping": intent["shipping"],
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": status,
        "_refunds": 0,
    }
    return call.create(CHARGE, {**dict.fromkeys(_NEVER_SET), **fields})


_NEVER_SET = (
    "application", "application_fee", "application_fee_amount", "balance_transaction", "failure_balance_transaction",
    "on_behalf_of", "receipt_number", "review", "source", "source_transfer", "transfer_data", "transfer_group",
)  # fmt: skip


def outcome(decline: Decline | None) -> Document:
    """Return what the bank and Stripe's fraud detection said."""
    if decline is None:
        return {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    return {
        "advice_code": "do_not_try_again" if decline.is_hard else "try_again_later",
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network",
        "reason": decline.decline_code,
        "risk_level": "normal",
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }
