"""What calls about seats answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class SeatChange:
    """One per-seat item and its quantity before and after."""

    subscription_id: str
    item_id: str
    price: str | None
    before: int
    after: int

    @property
    def changed(self) -> bool:
        """Whether Stripe had to be told."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class SeatSync:
    """What a synchronization found and did; `calls` counts the requests sent to Stripe."""

    entity_id: str
    changes: tuple[SeatChange, ...]
    calls: int

    @property
    def changed(self) -> bool:
        """Whether any quantity was changed."""
        return any(change.changed for change in self.changes)

    @property
    def before(self) -> int:
        """The quantity before, of the first item if there are several."""
        return self.changes[0].before

    @property
    def after(self) -> int:
        """The quantity now, of the first item if there are several."""
        return self.changes[0].after


@dataclass(frozen=True, slots=True)
class SeatHolder:
    """A member, or an invitation that keeps a seat free until it ends."""

    id: str
    state: Literal["member", "invited"]
    since: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeatEvent:
    """One line of the history: `joined`, `left`, `invited`, `accepted`, `revoked` or `expired`."""

    at: datetime
    what: str
    holder_id: str


@dataclass(frozen=True, slots=True)
class SeatStatus:
    """Seats and who holds them. `capacity` is None where there is no upper bound.

    `pending`: Stripe has not been told of everything yet; `failure` says why the last try did not succeed.
    """

    entity_id: str
    capacity: int | None
    members: int
    invited: int
    pending: bool
    failure: str | None

    @property
    def used(self) -> int:
        """Seats that are held or kept free."""
        return self.members + self.invited

    @property
    def free(self) -> int | None:
        """Seats that can still be given away; never negative."""
        return None if self.capacity is None else max(0, self.capacity - self.used)


@dataclass(frozen=True, slots=True)
class SeatSweep:
    """What a sweep did: entities that were set right, and those that could not be, with the reason."""

    synced: tuple[SeatSync, ...]
    failed: dict[str, str]
