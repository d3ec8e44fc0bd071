"""When a change of plan begins and how it is billed: said once, or at a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from billing_runtime.errors import InvalidInput

When = Literal["now", "period_end"]
WHEN: tuple[When, ...] = ("now", "period_end")
Proration = Literal["always_invoice", "create_prorations", "none"]
ChangePayment = Literal["error_if_incomplete", "allow_incomplete", "pending_if_incomplete", "default_incomplete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanges:
    """When changes of plan begin, and how they are billed, unless a call says otherwise.

    More begins now and is invoiced now, and whoever cannot pay keeps what it had; less begins when what was paid for
    has been used. https://docs.stripe.com/billing/subscriptions/prorations
    """

    up: When = "now"
    down: When = "period_end"
    proration: Proration = "always_invoice"
    payment_behavior: ChangePayment = "error_if_incomplete"

    def __post_init__(self) -> None:
        checked_when("up", self.up)
        checked_when("down", self.down)


def checked_when(name: str, value: When) -> When:
    """Now, or at the end of the period."""
    if value not in WHEN:
        message = f"{name} must be one of {', '.join(WHEN)}."
        raise InvalidInput(message)
    return value
