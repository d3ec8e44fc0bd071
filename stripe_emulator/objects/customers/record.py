"""What a customer is, for everything that belongs to one."""

from __future__ import annotations

from stripe_emulator.kinds import Kind, lifecycle

CUSTOMER = Kind(
    "customer",
    "cus",
    "customer",
    expandable={"invoice_settings.default_payment_method": "payment_method"},
    events=lifecycle("customer"),
)
