"""What waits to be told is told, by any number of workers at once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from billing_runtime._outbox.claiming import claim
from billing_runtime._outbox.looking import Looking
from billing_runtime._outbox.sealing import Sealed, Sealing
from billing_runtime._outbox.sending import Outcome, Sending, Tools
from billing_runtime._outbox.settling import Settling, dead_problem
from billing_runtime._outbox.taking_back import TakingBack
from billing_runtime._outbox.telling import Moment
from billing_runtime._outbox.together import Together
from billing_runtime._outbox.ways import Direct, Newer, Stream
from billing_runtime._pace import Pace
from billing_runtime._settings import STRIPE
from billing_runtime.clock import to_unix

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime._context import Context
    from billing_runtime._outbox.kinds import MeterRules
    from billing_runtime._outbox.rows import OutboxRow
    from billing_runtime._outbox.ways import Way

# How many entities and meters one worker claims at a time, and how many calls it makes in a second, test and live.
_LANES, _LANES_TOGETHER = 50, 500
_TEST_RATE, _LIVE_RATE = 20, 200


class Outbox:
    """Tells Stripe. Safe to share between threads and with any number of other processes."""

    def __init__(self, context: Context, rules: MeterRules) -> None:
        self._context, self.rules = context, rules
        store, scope, api, reporting = context.store, context.scope, context.api, context.reporting
        turn = self._turn()
        self._direct = Direct(api, turn)
        self._way: Way = self._direct
        if reporting.api != "v1":
            self._way = Newer(api, turn) if reporting.api == "v2" else Stream(api, turn)
        self._looking = Looking(store, scope, api, turn)
        self._taking_back = TakingBack(store, scope, api, turn, self._looking)
        self.settling = Settling(store, scope, reporting, rules, self._is_billed)

    def work(self, entity_id: str | None = None) -> int:
        """Tell some of what is due, of one entity or of all; how many rows were looked at, and 0 if nothing is due.

        Raises StoreError, StripeUnavailable, and StripeRefused if it is the key that Stripe refuses: what is not told
        stays, and is due again.
        """
        context, now = self._context, self.now
        most = _LANES if self._way.most == 1 else _LANES_TOGETHER
        claimed = claim(context.store, context.scope, now, most, entity_id)
        if not claimed.lanes:
            return 0
        outcome, sealed = Outcome(), Sealed()
        try:
            meters = context.manifest.meters
            moment = Moment(now, context.api.ahead)
            sealed = Sealing(context.store, context.scope, self.rules, meters, moment).seal(claimed)
            self._send(Sending(self._tools, claimed, meters, outcome), sealed)
            outcome.rows += _untouched(sealed, outcome, now)
        finally:
            problems = self.settling.settle(claimed, outcome, self.now)
        self.settling.announce([*map(dead_problem, sealed.dead), *problems])
        if outcome.stopped is not None:
            raise outcome.stopped
        return sealed.looked_at

    def hasten(self, entity_id: str | None = None) -> int:
        """Let what waits for the end of its slice be due now; how many rows."""
        with self._context.store.transaction(self._context.scope) as change:
            return change.run("hasten_outbox", entity_id=entity_id, now=self.now)

    @property
    def now(self) -> int:
        """Now, by the application's clock."""
        return to_unix("clock()", self._context.clock())

    @property
    def _tools(self) -> Tools:
        context = self._context
        return Tools(
            self._way, self._direct, self._looking, self._taking_back, self.rules, context.clock,
            context.reporting.threads,
        )  # fmt: skip

    def _send(self, sending: Sending, sealed: Sealed) -> None:
        if self._way.most > 1:
            Together(sending).tell(sealed.lanes)
        else:
            sending.side_by_side([partial(sending.lane, rows) for rows in sealed.lanes.values()])

    def _turn(self) -> Callable[[], None]:
        """When the next call may be made."""
        rate = self._context.reporting.per_second
        if rate is None and self._context.api.address == STRIPE:
            rate = _LIVE_RATE if self._context.scope.livemode else _TEST_RATE
        return Pace(rate) if rate else lambda: None

    def _is_billed(self, entity_id: str, meter: str) -> bool:
        """Whether a subscription of the entity has, or had, a price that bills the meter."""
        found = self._context.manifest.meters.get(meter)
        bodies = [one.body for one in self._context.cache.of(entity_id)]
        billed = {(item["price"].get("recurring") or {}).get("meter") for body in bodies for item in body["items"]}
        return found is not None and found.id in billed


def _untouched(sealed: Sealed, outcome: Outcome, now: int) -> list[OutboxRow]:
    """Rows that were sealed for the first time and not tried after all: Stripe cannot have them."""
    tried = {(row.lane, row.place) for row in outcome.rows}
    return [
        replace(row, tried_at=None)
        for rows in sealed.lanes.values()
        for row in rows
        if (row.lane, row.place) not in tried and row.attempts == 0 and row.tried_at == now
    ]
