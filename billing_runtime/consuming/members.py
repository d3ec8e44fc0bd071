"""`billing.members`: how much each member of an organization may use of what all of them may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from billing_runtime import _inputs
from billing_runtime.catalog import Limit
from billing_runtime.errors import InvalidInput
from billing_runtime.limits.form import faults

if TYPE_CHECKING:
    from billing_runtime._books.books import Books
    from billing_runtime._books.commit import Ledger
    from billing_runtime._books.needs import Needs
    from billing_runtime._context import Context
    from billing_runtime.limits.allowances import Allowances


@dataclass(frozen=True, slots=True)
class MemberLimit:
    """So much of a name a member may use in each window; `member` is None for everybody who has no limit of his own."""

    name: str
    included: int | Literal["unlimited"]
    per: str
    member: str | None = None


@dataclass(slots=True)
class _SetLimit:
    """A limit of one member, or of every member, as an operation on the books."""

    entity_id: str
    name: str
    member_id: str
    limit: Limit | None

    def needs(self, needs: Needs) -> None:
        """The entity's counter, which says that there are such limits."""
        needs.entities.add(self.entity_id)
        needs.counters.add((self.entity_id, self.name, ""))

    def apply(self, books: Books) -> None:
        """Keep it. Raises UnknownName."""
        allowance, counter = books.allowance(self.entity_id, self.name), books.counter(self.entity_id, self.name)
        books.advance(counter, allowance)
        if self.limit is not None:
            counter.members = True
            books.keep(counter)
        books.members.keep(self.entity_id, self.name, self.member_id, self.limit)


class Members:
    """`billing.members`. Limits of members are the application's own: Stripe knows nothing of them."""

    def __init__(self, context: Context, ledger: Ledger, allowances: Allowances) -> None:
        self._context, self._ledger, self._allowances = context, ledger, allowances

    def limit(
        self,
        entity_id: str,
        name: str,
        included: int | Literal["unlimited"] | None,
        *,
        member: str | None = None,
        per: str = "month",
    ) -> None:
        """A member (None: every member who has no limit of his own) may use so much of a name in each window.

        `consume(…, member=…)` then has to satisfy this limit and the entity's; a use that names no member is nobody's.
        0 denies, "unlimited" lets one member use what the entity may, None takes the limit away. `per` is period,
        month, day, hour or lifetime, counted from the entity's own anchor. What a member used before he had a limit
        does not count. Raises InvalidInput, UnknownName, StoreError.
        """
        limit = None if included is None else Limit(included, per)
        problems = [] if limit is None else faults(limit)
        if problems:
            raise InvalidInput("; ".join(problems) + ".")
        plain = self._allowances.settings.plain(_inputs.name(name))
        member_id = "" if member is None else _inputs.holder(member)
        self._ledger.do(_SetLimit(_inputs.entity(entity_id), plain, member_id, limit))

    def limits(self, entity_id: str) -> tuple[MemberLimit, ...]:
        """Every such limit of an entity, from the store alone, by name; that of every member comes first."""
        with self._context.store.reading(self._context.scope) as reading:
            rows = reading.all("member_limits", entity_id=_inputs.entity(entity_id))
        return tuple(
            MemberLimit(
                row["name"],
                "unlimited" if row["included"] is None else row["included"],
                row["per"],
                row["member_id"] or None,
            )
            for row in rows
        )
