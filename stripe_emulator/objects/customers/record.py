"""What a customer is, for everything that belongs to one."""

from __future__ import annotations

from stripe_emulator.call import Call
from stripe_emulator.kinds import Kind, lifecycle

CUSTOMER = Kind(
    "customer",
    "cus",
    "customer",
    expandable={"invoice_settings.default_payment_method": "payment_method"},
    events=lifecycle("customer"),
)


def clock_of(call: Call, customer: str | None) -> str | None:
    """Return the test clock that a customer lives on."""
    found = call.store.peek(CUSTOMER.object, customer) if customer else None
    return found["test_clock"] if found else None


def in_time_of(call: Call, customer: str | None) -> Call:
    """Return the same call at the time in which a customer lives."""
    return call.on_clock(clock_of(call, customer))
