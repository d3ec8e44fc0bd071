"""What is told of credits: grants, balances and entries of the ledger. Amounts in units, times aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from billing_runtime.clock import from_unix, time_of
from billing_runtime.limits.counting import Amount, amount_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing_runtime._books.grants import KeptGrant
    from billing_runtime._store import Row


@dataclass(frozen=True, slots=True)
class CreditGrant:
    """Units that an entity was given or has bought, on top of what its plan includes.

    `left` may still be used, between `starts_at` and `expires_at`; below 0 it is what is owed after a refund. `expired`
    was lost unused, `taken_back` was clawed back after a refund or dispute, or revoked.
    """

    id: str
    entity_id: str
    name: str
    source: str
    units: Amount
    left: Amount
    priority: int
    starts_at: datetime
    expires_at: datetime | None
    created_at: datetime
    expired: Amount = 0
    taken_back: Amount = 0
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class CreditBalance:
    """What an entity has of a name: `available` now, `pending` (it begins later), `expired` unused so far.

    `debt` is what was used of credits that were taken back later, where that has to be made up for: what comes next
    pays it first. `grants` are those that have something left, in the order in which they are used.
    """

    name: str
    available: Amount
    pending: Amount
    expired: Amount
    debt: Amount
    grants: tuple[CreditGrant, ...]


@dataclass(frozen=True, slots=True)
class CreditEntry:
    """One change of a grant; the sum of a grant's entries is what it has left.

    `kind`: granted; used, refunded, released (a reservation gave units back), lapsed (a reservation expired), with the
    decision's `receipt`; expired; revoked; clawed_back, reinstated (a dispute was won); offset (paid a debt, or is one
    that was paid).
    """

    id: str
    grant_id: str
    name: str
    source: str
    kind: str
    units: Amount
    receipt: str | None
    at: datetime


def grant_view(grant: KeptGrant) -> CreditGrant:
    """A grant as it is told."""
    return CreditGrant(
        grant.id, grant.entity_id, grant.name, grant.source, grant.units, grant.left, grant.priority,
        time_of(grant.starts_at), from_unix(grant.expires_at), time_of(grant.created_at), grant.lapsed,
        grant.taken + (grant.revoked or 0), grant.revoked is not None,
    )  # fmt: skip


def balance_of(name: str, grants: Sequence[KeptGrant], now: int) -> CreditBalance:
    """The balance of these grants, which are all there are of a name; what has expired is booked out."""
    left = sorted((grant for grant in grants if grant.left), key=lambda grant: grant.order)
    return CreditBalance(
        name,
        sum(grant.left for grant in left if grant.left > 0 and grant.starts_at <= now),
        sum(grant.left for grant in left if grant.left > 0 and grant.starts_at > now),
        sum(grant.lapsed for grant in grants),
        -sum(grant.left for grant in left if grant.left < 0),
        tuple(map(grant_view, left)),
    )


def entry_of(row: Row) -> CreditEntry:
    """The entry in a row."""
    return CreditEntry(
        row["entry_id"], row["grant_id"], row["name"], row["source"], row["kind"], amount_of(row["units"]),
        row["receipt"], time_of(row["at"]),
    )  # fmt: skip
