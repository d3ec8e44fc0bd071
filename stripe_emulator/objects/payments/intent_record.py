"""What payment intents and setup intents are, and what is told of them.

https://docs.stripe.com/payments/paymentintents/lifecycle
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.kinds import Kind

Document = dict[str, Any]

_TOLD_OF_PAYMENT = {
    "canceled": "payment_intent.canceled",
    "processing": "payment_intent.processing",
    "requires_action": "payment_intent.requires_action",
    "requires_capture": "payment_intent.amount_capturable_updated",
    "succeeded": "payment_intent.succeeded",
}
_TOLD_OF_SETUP = {
    "canceled": "setup_intent.canceled",
    "requires_action": "setup_intent.requires_action",
    "succeeded": "setup_intent.succeeded",
}


def _payment_events(before: Document | None, after: Document | None) -> list[str]:
    return _events("payment_intent", "payment_failed", _TOLD_OF_PAYMENT, before, after)


def _setup_events(before: Document | None, after: Document | None) -> list[str]:
    return _events("setup_intent", "setup_failed", _TOLD_OF_SETUP, before, after)


def _events(noun: str, failed: str, told: dict[str, str], before: Document | None, after: Document | None) -> list[str]:
    if after is None:
        return []
    was = before or {"status": None, "_failures": 0}
    created = [f"{noun}.created"] if before is None else []
    failures = [f"{noun}.{failed}"] if after["_failures"] != was["_failures"] else []
    moved = after["status"] in told and after["status"] != was["status"]
    return created + failures + ([told[after["status"]]] if moved else [])


PAYMENT_INTENT = Kind(
    "payment_intent",
    "pi",
    "payment_intent",
    path_param="intent",
    expandable={"customer": "customer", "payment_method": "payment_method", "latest_charge": "charge"},
    events=_payment_events,
)
SETUP_INTENT = Kind(
    "setup_intent",
    "seti",
    "setupintent",
    path_param="intent",
    expandable={"customer": "customer", "payment_method": "payment_method"},
    events=_setup_events,
)


def shown(document: Document) -> Document:
    """Return an object as an error shows it: nothing expanded, the emulator's own fields left out."""
    return {name: value for name, value in document.items() if not name.startswith("_")}
