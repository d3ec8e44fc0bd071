"""Which worker tells which usage: a lease on each entity and meter, so that Stripe hears of it from one at a time.

Stripe takes one event of a customer and meter at a time (https://docs.stripe.com/billing/subscriptions/usage-based).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from billing_runtime._outbox.rows import Lane
from billing_runtime._store.leases import LENGTH

if TYPE_CHECKING:
    from billing_runtime._store import Scope, Store, Transaction

_NAME = "outbox/"
# So many rows are looked at for so many lanes: whoever has much to tell must not hide the others.
_ROWS_FOR_LANE = 20
# A worker ends this long before its leases do, so that no other begins meanwhile.
_SPARE = 90


@dataclass(frozen=True, slots=True)
class Claim:
    """Lanes that are this holder's until it lets go, or until a time by our clock."""

    holder: str
    until: int
    lanes: dict[Lane, str]

    def is_over(self, now: int) -> bool:
        """Whether nothing more should be begun."""
        return now > self.until - _SPARE


def claim(store: Store, scope: Scope, now: int, most: int, entity_id: str | None) -> Claim:
    """Take lanes that have something due and nobody at them."""
    holder, until = f"outbox/{uuid4().hex}", now + int(LENGTH.total_seconds())
    with store.transaction(scope) as change:
        rows = change.all(
            "claim_lanes",
            holder=holder,
            until=until,
            now=now,
            most=most,
            most_rows=most * _ROWS_FOR_LANE,
            entity_id=entity_id,
        )
    names = [str(row["name"]) for row in rows]
    return Claim(holder, until, {Lane(*json.loads(name.removeprefix(_NAME))): name for name in names})


def let_go(change: Transaction, claimed: Claim) -> None:
    """Let others go on, with what is written in the same transaction."""
    change.run_many("end_lease", [{"name": name, "holder": claimed.holder} for name in claimed.lanes.values()])
