"""What has been used of a name in its open window, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime._books.books import Books
from billing_runtime.clock import from_unix, time_of, to_unix
from billing_runtime.consuming.ending import sweep
from billing_runtime.errors import InvalidInput
from billing_runtime.limits.deciding import available
from billing_runtime.limits.members import member_allowance

if TYPE_CHECKING:
    from datetime import datetime

    from billing_runtime._context import Context
    from billing_runtime.limits.allowances import Allowances
    from billing_runtime.limits.counting import Allowance, Amount, Counter


@dataclass(frozen=True, slots=True)
class Consumption:
    """What an entity has used of a name in the window that is open now; amounts in its unit, times in UTC.

    `usage` is everything that was used, `held` the part of it that reservations hold; `limit` is what the window
    includes (None: no end). `remaining` is what may still be used, units carried over (`carried`) and credits
    (`grants`) among it; never less than 0, None without an end. `overage` is what was used beyond all that. The window
    began at `window_start`; `resets_at` is when the next one begins, None for one that lasts for ever.
    """

    name: str
    usage: Amount
    limit: int | None
    remaining: Amount | None
    overage: Amount
    held: Amount
    carried: Amount
    grants: Amount
    window_start: datetime
    resets_at: datetime | None


class Consumptions:
    """Reads them; nothing is written. Safe to share between threads."""

    def __init__(self, context: Context, allowances: Allowances) -> None:
        self._context, self._allowances = context, allowances

    def of(self, entity_id: str, name: str, member_id: str | None = None) -> Consumption:
        """What holds now, whether or not anybody has counted in this window yet. Raises UnknownName, InvalidInput."""
        plain = self._allowances.settings.plain(name)
        allowance = self._allowances.of(entity_id, plain)
        now = to_unix("clock()", self._context.clock())
        with self._context.store.reading(self._context.scope) as reading:
            # Never written: what ran out since is given back in memory only.
            books = Books(reading, now, self._allowances)
            counter = books.counter(entity_id, plain)
            sweep(books, entity_id, [plain])
            books.advance(counter, allowance)
            if member_id is not None:
                counter = _of_member(books, counter, allowance, member_id)
            grants = books.credits.usable(counter)
        return Consumption(
            plain,
            counter.usage,
            counter.granted,
            available(counter, grants),
            counter.excess,
            counter.held,
            sum(one.left for one in counter.carried),
            sum(grant.left for grant in grants),
            time_of(counter.start),
            from_unix(counter.end),
        )


def _of_member(books: Books, entitys: Counter, allowance: Allowance, member_id: str) -> Counter:
    """What a member has used within his own limit."""
    limit = books.members.limit(entitys.entity_id, entitys.name, member_id) if entitys.members else None
    if limit is None:
        message = f"Member {member_id!r} has no limit of {entitys.name!r}: billing.history(by='member') has the usage."
        raise InvalidInput(message)
    counter = books.counter(entitys.entity_id, entitys.name, member_id)
    books.advance(counter, member_allowance(allowance, limit))
    return counter
