"""What is to be done with one subscription: the values that plan, journal and report share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

#: Why a subscription stays where it is, in words.
REASONS = {
    "canceled": "has ended",
    "incomplete": "waits for its first payment",
    "gone": "has no item on the old price any more",
    "already_moved": "is on the new price already",
    "target_on_subscription": "has another item on the new price: Stripe allows one item per price",
    "schedule": "is managed by a subscription schedule: change its phases instead",
    "pending_update": "has a pending update that waits for a payment",
    "cancel_at_period_end": "ends by itself (--cancel-at-period-end move takes it along)",
    "past_due": "has an unpaid invoice (--past-due move takes it along)",
    "paused": "is paused: it has no period to bill",
    "other_currency": "is in a currency that the new price does not have",
    "excluded": "was left out by --only or --exclude",
    "below_minimum": "has fewer seats than the new price's minimum (--raise-to-minimum raises them)",
    "above_maximum": "has more seats than the new price's maximum",
    "flat_price": "has several of what the new price sells once",
    "changed_since": "was changed after it had been moved",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A price and how many of it; no number where usage is billed."""

    price: str
    quantity: int | None

    def as_json(self) -> Json:
        """As the journal keeps it."""
        return {"price": self.price, "quantity": self.quantity}

    @classmethod
    def of(cls, data: Json) -> Line:
        """As it was kept."""
        return cls(data["price"], data["quantity"])


@dataclass(frozen=True, slots=True)
class Move:
    """One item that goes from a price to another."""

    subscription: str
    customer: str
    item: str
    currency: str
    before: Line
    after: Line
    status: str = "active"
    period_start: int = 0
    period_end: int = 0

    @property
    def trialing(self) -> bool:
        """Whether its trial runs, and goes on running."""
        return self.status == "trialing"

    @property
    def raised(self) -> bool:
        """Whether it gets more seats than it had."""
        return self.before.quantity != self.after.quantity


@dataclass(frozen=True, slots=True)
class Skip:
    """A subscription that stays, and why."""

    subscription: str
    customer: str
    reason: str
    detail: str = ""
    found: Line | None = None

    @property
    def sentence(self) -> str:
        """Why, in words."""
        return REASONS[self.reason] + (f" ({self.detail})" if self.detail else "")
