"""A checkout session as the application sees it (https://docs.stripe.com/api/checkout/sessions/object)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime.clock import from_unix

if TYPE_CHECKING:
    from datetime import datetime

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """A page to send the customer to: `url`; it is None once the page is completed or has expired."""

    id: str
    url: str | None
    mode: str
    status: str
    expires_at: datetime
    trial_days: int | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """What an entity did on a checkout page; `paid` is False while a payment that takes days is on its way."""

    session_id: str
    entity_id: str
    mode: str
    prices: tuple[str, ...]
    status: str
    payment_status: str
    created: datetime

    @property
    def paid(self) -> bool:
        """Whether the page was completed and nothing is owed."""
        return self.status == "complete" and self.payment_status in {"paid", "no_payment_required"}


def read_session(body: Json, trial_days: int | None = None) -> CheckoutSession:
    """The view of Stripe's object."""
    expires = from_unix(body["expires_at"])
    assert expires is not None  # noqa: S101 - Stripe always says
    return CheckoutSession(body["id"], body.get("url"), body["mode"], body["status"], expires, trial_days)
