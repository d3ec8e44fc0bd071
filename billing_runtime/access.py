"""What a subscription's status is worth: may the entity use what it pays for? A table, with grace for late payers.

https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

#: `full`: as long as the status lasts; `grace`: for a while after it began; `none`: not at all.
Worth = Literal["full", "grace", "none"]

STATUSES: Mapping[str, Worth] = {
    "active": "full",
    "trialing": "full",
    "past_due": "grace",  # a renewal was not paid yet; Stripe is trying again
    "incomplete": "none",  # the first payment has not succeeded: nothing was ever paid
    "incomplete_expired": "none",
    "unpaid": "none",  # Stripe has given up trying
    "paused": "none",  # the trial ended without a payment method
    "canceled": "none",
}


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """What statuses are worth where an application judges otherwise than STATUSES, and how long grace lasts."""

    statuses: Mapping[str, Worth] = field(default_factory=dict)
    grace: timedelta = timedelta(days=7)

    def worth(self, status: str) -> Worth:
        """What a status is worth; one that nobody names, such as a new one of Stripe's, is worth nothing."""
        return self.statuses.get(status) or STATUSES.get(status, "none")


@dataclass(frozen=True, slots=True)
class Access:
    """Whether an entity may use what it subscribed to; truthy if so.

    `until` is when that ends by itself, as far as is known; `reason` is a word or two for logs and pages.
    """

    allowed: bool
    reason: str
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self.allowed


def access(
    policy: AccessPolicy, status: str, *, now: datetime, ends: datetime | None, past_due_since: datetime | None
) -> Access:
    """The access of a subscription in this status, which ends at `ends` if it was cancelled for then.

    An end that has passed ends the access, whether or not Stripe's event about it has arrived.
    """
    worth = policy.worth(status)
    if worth == "none":
        return Access(allowed=False, reason=status)
    if ends is not None and ends <= now:
        return Access(allowed=False, reason="ended", until=ends)
    if worth == "full":
        return Access(allowed=True, reason=status, until=ends)
    return _graceful(policy, status, now, ends, past_due_since)


def _graceful(
    policy: AccessPolicy, status: str, now: datetime, ends: datetime | None, since: datetime | None
) -> Access:
    over = (since or now) + policy.grace
    until = over if ends is None else min(over, ends)
    return Access(
        allowed=now < over, reason=f"{status}, in grace" if now < over else f"{status}, grace is over", until=until
    )
