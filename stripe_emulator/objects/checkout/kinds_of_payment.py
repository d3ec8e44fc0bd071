"""How a checkout session can be paid, and how little it can cost."""

from __future__ import annotations

from typing import Any

from stripe_emulator.errors import StripeError
from stripe_emulator.errors import checkout as errors
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.payments.smallest_amount import require_large_enough

Document = dict[str, Any]

_EMULATED = ("card", "us_bank_account")


def payment_method_types(params: Document) -> list[str]:
    """Return the types that the session takes: a card, and a bank account where it is asked for."""
    asked = params.get("allowed_payment_method_types") or ["card"]
    excluded = params.get("excluded_payment_method_types") or []
    found = [one for one in _EMULATED if one in asked and one not in excluded]
    if not found:
        name = "allowed_payment_method_types" if "allowed_payment_method_types" in params else _EXCLUDED
        raise not_emulated(f"{name} without {' or '.join(_EMULATED)}")
    return found


_EXCLUDED = "excluded_payment_method_types"


def refuse_too_small(amount: int, currency: str) -> None:
    """Refuse a total that no payment could be made of; nothing at all is fine."""
    if not amount:
        return
    try:
        require_large_enough(amount, currency)
    except StripeError:
        raise errors.total_too_small(currency) from None
