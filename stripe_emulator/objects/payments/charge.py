"""Charges, which payment intents make. https://docs.stripe.com/api/charges."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.objects.payments.charge_record import CHARGE
from stripe_emulator.pagination import newest_first, page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [CHARGE]
routes = Routes()


@routes("GET /v1/charges/{charge}")
def retrieve(call: Call) -> Document:
    """Return one charge."""
    return call.in_path(CHARGE, "charge")


@routes("POST /v1/charges/{charge}")
def update(call: Call) -> Document:
    """Change what is said about a charge."""
    charge, params = call.in_path(CHARGE, "charge"), call.params
    if "metadata" in params:
        charge["metadata"] = merge_metadata(charge["metadata"], params["metadata"])
    plain = ("description", "receipt_email", "shipping", "fraud_details")
    return call.save(CHARGE, {**charge, **{name: params[name] for name in plain if name in params}})


@routes("GET /v1/charges")
def index(call: Call) -> Document:
    """List charges, newest first."""
    return page(call, newest_first(call, CHARGE.object, "customer", "payment_intent"), noun=CHARGE.noun)
