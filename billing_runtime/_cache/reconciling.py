"""Reconciliation: everything that Stripe knows and the cache should, page by page, whatever webhooks were missed.

Customers first (the store may have been lost: their marks say whose they are), then every subscription that is not
over, a hundred for one request, then those that the cache takes for running and Stripe did not list, one by one, and
last the events since the previous run, of which those that never arrived are put into the inbox.

Each page is written with the place in the list, in one transaction: a run that was killed goes on where it was.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from billing_runtime._cache.writing import Answer, keep
from billing_runtime._store.leases import Leases
from billing_runtime.errors import StripeRefused

if TYPE_CHECKING:
    from billing_runtime._cache.cache import Cache
    from billing_runtime._cache.listing import Listing
    from billing_runtime.clock import Clock

Json = dict[str, Any]
Phase = Literal["customers", "subscriptions", "stragglers", "events", "done"]
_NEXT: dict[Phase, Phase] = {
    "customers": "subscriptions",
    "subscriptions": "stragglers",
    "stragglers": "events",
    "events": "done",
}
NAME = "reconcile"

# Stripe repeats a webhook for three days; what is older and never arrived is told by the state itself.
_EVENTS_BACK = timedelta(days=3)
_OVERLAP = timedelta(hours=1)
_STRAGGLERS = 100


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How far a run has come. `repaired` subscriptions were not as Stripe has them; `recovered` events had been missed.

    `run` is the number taken when it began, `began` the Unix time, `after` the place in the list of this phase.
    """

    run: int
    began: int
    events_since: int
    phase: Phase = "customers"
    after: str = ""
    customers: int = 0
    subscriptions: int = 0
    repaired: int = 0
    recovered: int = 0
    calls: int = 0

    @property
    def done(self) -> bool:
        """Whether everything was looked at."""
        return self.phase == "done"


class Reconciliation:
    """Runs of one account and mode; one at a time, by whatever process."""

    def __init__(self, cache: Cache, listing: Listing, clock: Clock, *, recover: Callable[[Json], bool]) -> None:
        """`recover` puts an event into the inbox, and says whether it was new there."""
        self._cache, self._listing, self._clock, self._recover = cache, listing, clock, recover
        self._store, self._scope = cache.rows.store, cache.rows.scope

    def run(self, progress: Callable[[Reconciled], None] = lambda _: None) -> Reconciled | None:
        """Begin, or go on where the last run was interrupted; None if somebody else is at it.

        `progress` is told after every page. Raises StripeUnavailable or StoreError; call again to go on.
        """
        leases = Leases(self._store, self._scope, self._clock)
        if not leases.take(NAME):
            return None
        try:
            state = self._begun()
            while not state.done:
                state = self._step(state)
                progress(state)
                leases.take(NAME)  # anew: a run may last longer than a lease
            return state
        finally:
            leases.end(NAME)

    def _begun(self) -> Reconciled:
        """The run that was interrupted, or a new one."""
        with self._store.reading(self._scope) as reading:
            row = reading.one("chore_progress", name=f"{NAME}/run")
        last = Reconciled(**json.loads(row["progress"])) if row and row["progress"] else None
        if last is not None and not last.done:
            return last
        now = self._cache.now()
        back = now - int(_EVENTS_BACK.total_seconds())
        since = max(back, last.began - int(_OVERLAP.total_seconds())) if last else back
        return Reconciled(self._cache.rows.next_number(), now, since)

    def _step(self, state: Reconciled) -> Reconciled:
        """One page of the phase, written down with the new place."""
        sent = self._cache.fetching.api.sent
        try:
            after, answers, counted = self._page(state)
        except StripeRefused as refusal:
            if not state.after or "starting_after" not in (refusal.param or ""):
                raise
            return replace(state, after="")  # what we stopped at was deleted since: this phase once more
        place: Json = {"after": after} if after else {"after": "", "phase": _NEXT[state.phase]}
        calls = state.calls + self._cache.fetching.api.sent - sent
        with self._store.transaction(self._scope) as change:
            repaired = sum(keep(change, answer) for answer in answers)
            new = replace(state, **place, **counted, calls=calls)
            new = replace(new, repaired=new.repaired + repaired)
            change.run("keep_progress", name=f"{NAME}/run", progress=json.dumps(asdict(new)))
        return new

    def _page(self, state: Reconciled) -> tuple[str, list[Answer], Json]:
        """The next place (empty at the end), what is to be kept, and what is to be counted."""
        if state.phase == "customers":
            return self._customers(state)
        if state.phase == "subscriptions":
            return self._subscriptions(state)
        return self._stragglers(state) if state.phase == "stragglers" else self._events(state)

    def _customers(self, state: Reconciled) -> tuple[str, list[Answer], Json]:
        page, after = self._listing.customers(state.after)
        return after, [], {"customers": state.customers + len(self._cache.owners_of(page))}

    def _subscriptions(self, state: Reconciled) -> tuple[str, list[Answer], Json]:
        seq = self._cache.rows.next_number()
        page, after = self._listing.subscriptions(state.after)
        owners = self._cache.owners_of(customer for customer, _ in page)
        found: dict[str, list[Json]] = defaultdict(list)
        for customer, body in page:
            if customer["id"] in owners:
                found[customer["id"]].append(body)
        answers = [
            Answer(customer, owners[customer], seq, self._cache.now(), bodies, whole=False)
            for customer, bodies in sorted(found.items())
        ]
        return after, answers, {"subscriptions": state.subscriptions + sum(map(len, found.values()))}

    def _stragglers(self, state: Reconciled) -> tuple[str, list[Answer], Json]:
        """What runs as far as is known, and was not in Stripe's list: it has ended, or its customer was deleted."""
        customers = self._cache.rows.not_seen_since(state.run, state.after, _STRAGGLERS)
        answers = [answer for customer in customers if (answer := self._cache.fetch(customer)) is not None]
        after = customers[-1] if len(customers) == _STRAGGLERS else ""
        return after, answers, {"subscriptions": state.subscriptions + sum(len(one.subscriptions) for one in answers)}

    def _events(self, state: Reconciled) -> tuple[str, list[Answer], Json]:
        page, after = self._listing.events(state.events_since, state.after)
        recovered = sum(map(self._recover, page))
        return after, [], {"recovered": state.recovered + recovered}
