"""Which parameters of a checkout session go together, and which the emulator would have to pretend to obey."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import checkout as errors
from stripe_emulator.errors.requests import not_emulated

Document = dict[str, Any]

_NOT_EMULATED = (
    "customer_account", "payment_method_data", "shipping_options",
)  # fmt: skip
_NOT_SWITCHED_ON = ("adaptive_pricing", "automatic_tax", "managed_payments")
_NOT_IN_SUBSCRIPTIONS = (
    "application_fee_percent", "billing_cycle_anchor_config", "default_tax_rates", "on_behalf_of",
    "pending_invoice_item_interval", "transfer_data",
)  # fmt: skip
_NOT_IN_PAYMENTS = ("application_fee_amount", "capture_method", "on_behalf_of", "transfer_data", "transfer_group")
_MODES = {
    "customer_creation": ("payment", "setup"),
    "invoice_creation": ("payment",),
    "line_items": ("payment", "subscription"),
    "payment_intent_data": ("payment",),
    "payment_method_collection": ("subscription",),
    "setup_intent_data": ("setup",),
    "submit_type": ("payment", "subscription"),
    "subscription_data": ("subscription",),
}


def refuse_unfit(call: Call, mode: str) -> None:
    """Refuse what belongs to another mode, and what is not emulated."""
    for name, modes in _MODES.items():
        if name in call.params and mode not in modes:
            raise errors.not_in_mode(name, mode)
    for name, given in _sensitive(call.params).items():
        if given:
            raise not_emulated(name)


def _sensitive(params: Document) -> Document:
    """Return by its name everything that would change money, or what a customer is asked for."""
    return {
        **{name: params.get(name) for name in _NOT_EMULATED},
        **{f"{name}[enabled]": params.get(name, {}).get("enabled") for name in _NOT_SWITCHED_ON},
        **_inside(params, "subscription_data", _NOT_IN_SUBSCRIPTIONS),
        **_inside(params, "payment_intent_data", _NOT_IN_PAYMENTS),
    }


def _inside(params: Document, data: str, names: tuple[str, ...]) -> Document:
    return {f"{data}[{name}]": params.get(data, {}).get(name) for name in names}
