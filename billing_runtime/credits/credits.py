"""`billing.credits`: units on top of what a plan includes, and the ledger of what became of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from billing_runtime import _inputs
from billing_runtime._books.books import Books
from billing_runtime._books.top_ups import month_of
from billing_runtime.clock import to_unix
from billing_runtime.consuming.ending import sweep
from billing_runtime.credits.automatic import (
    OFF,
    SetTopUp,
    StopTopUp,
    cost_of,
    require_buying,
    status_of,
)
from billing_runtime.credits.carrying_out import TOP_UPS_EVERY, CarryingOut
from billing_runtime.credits.following import Following
from billing_runtime.credits.operations import Give, Revoke, Settle
from billing_runtime.credits.settings import PRIORITY, require_priority
from billing_runtime.credits.stripe_grants import StripeGrants
from billing_runtime.credits.views import balance_of, entry_of, grant_view
from billing_runtime.errors import InvalidInput
from billing_runtime.limits.counting import amount_text

if TYPE_CHECKING:
    from datetime import datetime

    from billing_runtime._books.commit import Ledger
    from billing_runtime._context import Context
    from billing_runtime.credits.automatic import AutoTopUp, AutoTopUpStatus
    from billing_runtime.credits.views import CreditBalance, CreditEntry, CreditGrant
    from billing_runtime.limits.allowances import Allowances
    from billing_runtime.limits.counting import Amount

#: How often credits that have expired are looked for; whoever touches them earlier books them out as well.
EXPIRE_EVERY, _AT_ONCE = timedelta(minutes=5), 500

_NEWEST = "ent_g"  # after every entry: names go on with hexadecimal digits
_MOST_ENTRIES = 1000


class Credits:
    """`billing.credits`."""

    def __init__(self, context: Context, ledger: Ledger, allowances: Allowances) -> None:
        self._context, self._ledger, self._allowances = context, ledger, allowances
        self.stripe = StripeGrants(context)
        self._following = Following(context, ledger)
        self._carrying_out = CarryingOut(context, ledger, self._following, self._told)

    def grant(
        self,
        entity_id: str,
        name: str,
        units: Amount,
        *,
        source: str,
        priority: int = PRIORITY,
        starts_at: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> CreditGrant:
        """Give an entity units of a limit's name on top of what its plan includes, once per source.

        Called again with the same source and the same arguments it answers the grant that is there; the source is the
        application's word for why it gives, such as `welcome` or the id of an order. Without an end credits stay until
        they are used. What the plan includes is used first, then credits: those of the smaller priority (0 to 100),
        of those the ones that expire sooner, of those the oldest.

        Raises InvalidInput, UnknownName, CreditConflict (the source was used for other units, priority or times),
        StoreError: then nothing was granted, or it is not known, and the call may be repeated.
        """
        plain = self._name(entity_id, name)
        require_priority(priority)
        starts = None if starts_at is None else to_unix("starts_at", starts_at)
        expires = None if expires_at is None else to_unix("expires_at", expires_at)
        number = self._units(entity_id, plain, units)
        request = json.dumps([amount_text(number), priority, starts, expires])
        give = Give(entity_id, plain, _inputs.source(source), number, request, priority, starts, expires)
        return grant_view(self._ledger.do(give))

    def revoke(
        self, entity_id: str, name: str, *, source: str | None = None, grant_id: str | None = None
    ) -> CreditGrant:
        """Take back what is left of a grant, named by its source or its id; what was used stays used.

        Units that come back to it later, by a refund of what they were used for, are taken as well. May be repeated.
        Raises UnknownGrant, InvalidInput, StoreError.
        """
        if (source is None) == (grant_id is None):
            message = "revoke takes the source of a grant, or its grant_id."
            raise InvalidInput(message)
        named = _inputs.source(source) if source is not None else None
        plain = self._allowances.settings.plain(_inputs.name(name))
        return grant_view(self._ledger.do(Revoke(_inputs.entity(entity_id), plain, named, grant_id)))

    def balance(self, entity_id: str, name: str) -> CreditBalance:
        """What an entity has of a name, from the store alone. Raises UnknownName."""
        return self._balance(entity_id, self._name(entity_id, name))

    def balances(self, entity_id: str) -> tuple[CreditBalance, ...]:
        """The same of every name of which the entity ever had credits, also of limits that there are no more."""
        with self._context.store.reading(self._context.scope) as reading:
            rows = reading.all("credit_names", entity_id=_inputs.entity(entity_id))
        return tuple(self._balance(entity_id, row["name"]) for row in rows)

    def entries(
        self,
        entity_id: str,
        name: str | None = None,
        *,
        grant_id: str | None = None,
        before: str | None = None,
        limit: int = 100,
    ) -> tuple[CreditEntry, ...]:
        """What became of an entity's credits, newest first, at most so many (1,000).

        The next page is the entries `before=` the id of the last one. Entries are added and never changed.
        """
        if isinstance(limit, bool) or not isinstance(limit, int) or not 0 < limit <= _MOST_ENTRIES:
            message = f"limit must be a whole number from 1 to {_MOST_ENTRIES}."
            raise InvalidInput(message)
        _inputs.entity(entity_id)
        with self._context.store.reading(self._context.scope) as reading:
            rows = reading.all(
                "credit_entries",
                entity_id=entity_id,
                name="" if name is None else self._allowances.settings.plain(_inputs.name(name)),
                grant_id=grant_id or "",
                before=before or _NEWEST,
                most=limit,
            )
        return tuple(map(entry_of, rows))

    def expire(self) -> int:
        """Book out credits whose time is up; how many names of entities had some. A worker does it every few minutes.

        Nothing depends on it but the ledger: what has expired is never used, and not told as available.
        """
        done, before = 0, None
        while True:
            with self._context.store.reading(self._context.scope) as reading:
                rows = reading.all("ended_grants", now=self._now(), most=_AT_ONCE)
            for entity_id, name in sorted({(row["entity_id"], row["name"]) for row in rows}):
                self._ledger.do(Settle(entity_id, name))
                done += 1
            if len(rows) < _AT_ONCE or rows == before:
                return done
            before = rows

    def auto_top_up(self, entity_id: str, settings: AutoTopUp) -> AutoTopUpStatus:
        """Buy credits for an entity whenever too little is left, with what its customer pays with while it is away.

        A decision that leaves less than `below` (what the plan still includes counts as well) marks it, once, however
        many are made at the same time; a worker pays an invoice, and its payment grants. The price must be paid once,
        and stand in `CreditSettings.top_ups` under the same name. Called again it takes the place of what was settled,
        and begins anew where it was given up.

        Raises InvalidInput, UnknownName, NoCustomer, StoreError.
        """
        chosen = replace(settings, name=self._name(entity_id, settings.name))
        price = self._context.manifest.price(chosen.price)
        top_up = self._context.credits.top_ups.get(chosen.price)
        require_buying(chosen, price, top_up, self._allowances.settings.plain(top_up.name) if top_up else "")
        self._following.customer_of(entity_id)
        self._ledger.do(SetTopUp(entity_id, chosen, cost_of(price, chosen.quantity)))
        return self._status(entity_id, chosen.name)

    def stop_auto_top_up(self, entity_id: str, name: str) -> bool:
        """Buy nothing more of a name automatically; False if nothing was bought. What is being bought is given up."""
        plain = self._allowances.settings.plain(_inputs.name(name))
        return self._ledger.do(StopTopUp(_inputs.entity(entity_id), plain, OFF))

    def auto_top_ups(self, entity_id: str) -> tuple[AutoTopUpStatus, ...]:
        """What an entity buys automatically, or did, and how it stands; from the store alone."""
        with self._context.store.reading(self._context.scope) as reading:
            rows = reading.all("auto_top_ups_of", entity_id=_inputs.entity(entity_id))
        return tuple(self._status(entity_id, row["name"]) for row in rows)

    def follow_up(self) -> None:
        """Hear of payments and refunds, and look for what has expired. `Billing` does this once."""
        self._following.listen()
        self._context.chores.add("expired credits", EXPIRE_EVERY, self.expire)
        self._context.chores.add("automatic top-ups", TOP_UPS_EVERY, self._carrying_out.sweep)

    def _status(self, entity_id: str, name: str) -> AutoTopUpStatus:
        place = {"entity_id": entity_id, "name": name}
        with self._context.store.reading(self._context.scope) as reading:
            row, last = reading.one("find_auto_top_up", **place), reading.one("newest_top_up", **place)
            month = reading.one("top_ups_since", **place, since=month_of(self._now()))
        assert row is not None  # noqa: S101 - it was kept just now
        assert month is not None  # noqa: S101 - sums have a row
        return status_of(row, last, month)

    def _told(self, entity_id: str, name: str) -> None:
        if self._context.credits.on_top_up is not None:
            self._context.credits.on_top_up(self._status(entity_id, name))

    def _balance(self, entity_id: str, name: str) -> CreditBalance:
        now = self._now()
        with self._context.store.reading(self._context.scope) as reading:
            # Never written: what ran out since is given back, and booked out, in memory only.
            books = Books(reading, now, self._allowances)
            sweep(books, entity_id, [name])
            books.credits.settled(entity_id, name)
            return balance_of(name, books.credits.every(entity_id, name), now)

    def _name(self, entity_id: str, name: str) -> str:
        """The plain name of a limit that there is. Raises UnknownName."""
        plain = self._allowances.settings.plain(_inputs.name(name))
        self._allowances.of(_inputs.entity(entity_id), plain)
        return plain

    def _units(self, entity_id: str, name: str, units: Amount) -> Amount:
        number = _inputs.units("units", units)
        if type(number) is not int and self._allowances.of(entity_id, name).limit.meter is not None:
            message = f"{name!r} is reported to a meter, which counts whole units: grant whole ones."
            raise InvalidInput(message)
        return number

    def _now(self) -> int:
        return to_unix("clock()", self._context.clock())
