"""Refunds: money goes back, all of it or a part. https://docs.stripe.com/api/refunds."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import intents as errors
from stripe_emulator.errors import parameters
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.kinds import Kind, lifecycle
from stripe_emulator.objects.customers.record import in_time_of
from stripe_emulator.objects.payments.charge_record import CHARGE
from stripe_emulator.objects.payments.intent_record import PAYMENT_INTENT
from stripe_emulator.pagination import newest_first, page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

REFUND = Kind(
    "refund",
    "re",
    "refund",
    path_param="refund",
    expandable={"charge": "charge", "payment_intent": "payment_intent"},
    events=lifecycle("refund"),
)
KINDS = [REFUND]
routes = Routes()


@routes("POST /v1/refunds")
def create(call: Call) -> Document:
    """Give back what was charged, or a part of it."""
    for name in ("customer", "origin", "instructions_email", "refund_application_fee", "reverse_transfer"):
        if call.params.get(name):
            raise not_emulated(name)
    charge = _charge(call)
    call = in_time_of(call, charge["customer"])
    amount = _amount(call, charge)
    returned = charge["amount_refunded"] + amount
    whole = returned == charge["amount_captured"]
    call.save(CHARGE, {**charge, "amount_refunded": returned, "refunded": whole, "_refunds": charge["_refunds"] + 1})
    return call.create(REFUND, {**_blank(call, charge), "amount": amount})


@routes("GET /v1/refunds/{refund}")
def retrieve(call: Call) -> Document:
    """Return one refund."""
    return call.in_path(REFUND, "refund")


@routes("POST /v1/refunds/{refund}")
def update(call: Call) -> Document:
    """Change the metadata of a refund."""
    refund = call.in_path(REFUND, "refund")
    metadata = merge_metadata(refund["metadata"], call.params.get("metadata", {}))
    return call.save(REFUND, {**refund, "metadata": metadata})


@routes("GET /v1/refunds")
def index(call: Call) -> Document:
    """List refunds, newest first."""
    return page(call, newest_first(call, REFUND.object, "charge", "payment_intent"), noun=REFUND.noun)


@routes("GET /v1/charges/{charge}/refunds")
def index_of_charge(call: Call) -> Document:
    """List the refunds of a charge, newest first."""
    charge = call.in_path(CHARGE, "charge")
    found = [one for one in newest_first(call, REFUND.object) if one["charge"] == charge["id"]]
    return page(call, found, noun=REFUND.noun)


def _charge(call: Call) -> Document:
    """Return the charge that is to be given back: the one named, or the one that an intent succeeded with."""
    params = call.params
    if "charge" in params:
        return call.named(CHARGE, params["charge"], "charge")
    if "payment_intent" not in params:
        raise errors.nothing_to_refund()
    intent = call.named(PAYMENT_INTENT, params["payment_intent"], "payment_intent")
    charge = call.store.get(CHARGE.object, intent["latest_charge"] or "")
    if charge is None or charge["status"] == "failed":
        raise errors.not_charged(intent["id"])
    return charge


def _amount(call: Call, charge: Document) -> int:
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["disputed"]:
        raise errors.disputed(charge["id"])
    if charge["status"] != "succeeded" or not charge["captured"]:
        raise errors.not_charged(charge["payment_intent"])
    if left == 0:
        raise errors.already_refunded(charge["id"])
    amount = int(call.params.get("amount", left))
    if amount < 1:
        raise parameters.invalid_positive("amount")
    if amount > left:
        raise errors.refunds_too_much(amount, left)
    return amount


def _blank(call: Call, charge: Document) -> Document:
    kind = charge["payment_method_details"]["type"]
    details = {"card": {"type": "refund", "reference_status": "pending", "reference_type": "acquirer_reference_number"}}
    return {
        "balance_transaction": None,
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "destination_details": {"type": kind, **(details if kind == "card" else {kind: {}})},
        "metadata": merge_metadata({}, call.params.get("metadata")),
        "payment_intent": charge["payment_intent"],
        "reason": call.params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
