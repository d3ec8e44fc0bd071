"""Whatever happens in whatever order: the sum of a grant's entries is what it has left, and no unit is lost or made."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_runtime._books.grants import grant_of
from billing_runtime.errors import BillingError

if TYPE_CHECKING:
    from billing_runtime import Billing
    from billing_runtime._books.grants import KeptGrant
    from tests.billing_runtime.credits.conftest import Time

Json = dict[str, Any]
NAME = "credits"  # the plan includes 100 in a month
USED = ("used", "refunded", "released", "lapsed")

amounts = st.integers(1, 90)
steps = st.one_of(
    st.tuples(st.just("grant"), amounts, st.integers(0, 2), st.none() | st.integers(1, 40), st.integers(0, 9)),
    st.tuples(st.just("consume"), amounts),
    st.tuples(st.just("reserve"), amounts, st.integers(1, 30)),
    st.tuples(st.just("commit"), st.integers(0, 9), st.integers(0, 110)),
    st.tuples(st.just("release"), st.integers(0, 9)),
    st.tuples(st.just("refund"), st.integers(0, 9), st.integers(1, 90)),
    st.tuples(st.just("revoke"), st.integers(0, 9)),
    st.tuples(st.just("pass"), st.integers(1, 60)),
    st.tuples(st.just("month")),
    st.tuples(st.just("expire")),
)
numbers = count()


class Play:
    """One entity, to which all of it happens."""

    def __init__(self, billing: Billing, clock: Time) -> None:
        self.billing, self.clock, self.entity = billing, clock, f"org_{next(numbers)}"
        self.receipts: list[str] = []
        self.sources: list[str] = []

    def grant(self, units: int, priority: int, minutes: int | None, later: int) -> None:
        """Credits with an end or without one, some of which begin later."""
        now = self.clock.now
        starts = now + timedelta(minutes=later) if later > 6 else None
        expires = None if minutes is None else now + timedelta(minutes=minutes + later)
        source = f"s{len(self.sources)}"
        self.sources.append(source)
        self.billing.credits.grant(
            self.entity, NAME, units, source=source, priority=priority, starts_at=starts, expires_at=expires
        )

    def consume(self, units: int) -> None:
        """Some of it is refused."""
        self._taken(self.billing.consume(self.entity, NAME, units).receipt)

    def reserve(self, units: int, minutes: int) -> None:
        """Some of it expires."""
        held = self.billing.reserve(self.entity, NAME, units, expires_in=timedelta(minutes=minutes))
        self._taken(held.receipt)

    def commit(self, which: int, units: int) -> None:
        """Less or more than was reserved, in time or late."""
        if self.receipts:
            self.billing.commit(self.receipts[which % len(self.receipts)], units)

    def release(self, which: int) -> None:
        """Everything goes back."""
        if self.receipts:
            self.billing.release(self.receipts[which % len(self.receipts)])

    def refund(self, which: int, units: int) -> None:
        """A part goes back."""
        if self.receipts:
            self.billing.refund(self.receipts[which % len(self.receipts)], units)

    def revoke(self, which: int) -> None:
        """A grant is taken back."""
        if self.sources:
            self.billing.credits.revoke(self.entity, NAME, source=self.sources[which % len(self.sources)])

    def expire(self) -> None:
        """A worker comes by."""
        self.billing.credits.expire()

    def month(self) -> None:
        """Another window begins."""
        self.clock.pass_(days=31)

    def do(self, step: tuple[Any, ...]) -> None:
        """One step; one that does not fit at the moment is refused and changes nothing."""
        name, *given = step
        if name == "pass":
            self.clock.pass_(minutes=given[0])
            return
        try:
            getattr(self, name)(*given)
        except BillingError:
            return

    def _taken(self, receipt: str | None) -> None:
        if receipt is not None:
            self.receipts.append(receipt)

    def kept(self) -> list[KeptGrant]:
        """Every grant as it stands in the store."""
        context = self.billing._context
        with context.store.reading(context.scope) as reading:
            return [grant_of(row) for row in reading.all("grants_of_name", entity_id=self.entity, name=NAME)]


def holds(play: Play) -> None:
    """What must be so at any time."""
    balance = play.billing.credits.balance(play.entity, NAME)
    told = {grant.id: grant for grant in balance.grants}
    for grant in play.kept():
        entries = play.billing.credits.entries(play.entity, grant_id=grant.id, limit=1000)
        assert sum(entry.units for entry in entries) == grant.left >= 0
        used = -sum(entry.units for entry in entries if entry.kind in USED)
        gone = grant.lapsed + grant.taken + (grant.revoked or 0)
        assert used >= 0
        assert grant.units == used + gone + grant.left
    assert balance.available == sum(grant.left for grant in told.values()) - balance.pending >= 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(steps, max_size=30))
def test_the_sum_of_the_entries_is_the_balance(billing: Billing, clock: Time, plan: list[Any]) -> None:
    """After any interleaving of grants, uses, reservations, refunds, expiry and revoking, nothing may be amiss."""
    play = Play(billing, clock)
    for step in plan:
        play.do(step)
        holds(play)
    play.expire()
    play.clock.pass_(days=2)  # every reservation has expired by now
    made = billing.consume(play.entity, NAME, 1, enforce=False)
    counted = 0 if made.limit is None else max(0, made.limit - made.usage)
    assert made.remaining is not None
    assert made.remaining >= counted
    holds(play)
