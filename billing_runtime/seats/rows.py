"""Seats in the store: what is wanted, who holds one, what is paid for, and who is writing to Stripe."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime.clock import from_unix, time_of, to_unix
from billing_runtime.seats.policy import Paid
from billing_runtime.seats.views import SeatEvent, SeatHolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billing_runtime._store import Row, Scope, Store, Transaction, Value
    from billing_runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted of an entity's seats."""

    version: int
    done_version: int
    counted: int | None
    """The number of members, where the application counts them itself."""
    bought: int | None
    bought_price: str | None
    due_at: int | None
    attempts: int
    failure: str | None

    @property
    def done(self) -> bool:
        """Whether Stripe has been told of everything."""
        return self.version == self.done_version


@dataclass(frozen=True, slots=True)
class Change:
    """One transaction on one entity's seats; nobody else changes them meanwhile."""

    transaction: Transaction
    entity_id: str
    now: int

    def target(self) -> Target:
        """What is wanted."""
        row = self.transaction.one("seat_target", entity_id=self.entity_id)
        if row is None:
            message = f"the seats of {self.entity_id} were not kept"
            raise LookupError(message)
        return _target(row)

    def want(self, counted: int | None, due_at: int) -> None:
        """Something else is wanted; a count takes the place of the members that are known, and the reverse."""
        self.transaction.run("change_seat_target", entity_id=self.entity_id, counted=counted, due_at=due_at)

    def buy(self, quantity: int, price: str | None) -> None:
        """Another number of purchased seats is wanted."""
        self.transaction.run("want_bought_seats", entity_id=self.entity_id, bought=quantity, bought_price=price)

    def holders(self) -> tuple[SeatHolder, ...]:
        """Members and invitations that have not expired."""
        for holder in _holders(self.transaction, self.entity_id):
            if holder.expires_at is not None and to_unix("expires_at", holder.expires_at) <= self.now:
                self.note("expired", holder.id)
        self.transaction.run("drop_expired_invitations", entity_id=self.entity_id, now=self.now)
        return _holders(self.transaction, self.entity_id)

    def take(self, holder_id: str, state: str, expires_at: int | None = None) -> bool:
        """Give a seat; whether it is a new one."""
        values: dict[str, Value] = {"holder_id": holder_id, "state": state, "since": self.now}
        return self.transaction.run("take_seat", entity_id=self.entity_id, **values, expires_at=expires_at) > 0

    def prolong(self, holder_id: str, expires_at: int | None) -> None:
        """Let an invitation end later, or never."""
        self.transaction.run("prolong_invitation", entity_id=self.entity_id, holder_id=holder_id, expires_at=expires_at)

    def leave(self, holder_id: str, state: str) -> bool:
        """Take a seat back; whether there was one."""
        return self.transaction.run("leave_seat", entity_id=self.entity_id, holder_id=holder_id, state=state) > 0

    def note(self, what: str, holder_id: str) -> None:
        """Add a line to the history."""
        self.transaction.run("note_seat_event", entity_id=self.entity_id, at=self.now, what=what, holder_id=holder_id)


@dataclass(frozen=True, slots=True)
class SeatRows:
    """The seats of one account and mode."""

    store: Store
    scope: Scope
    clock: Clock

    def now(self) -> int:
        """The time, in seconds since 1970."""
        return to_unix("clock()", self.clock())

    @contextmanager
    def change(self, entity_id: str) -> Iterator[Change]:
        """Change an entity's seats in one transaction, one after the other."""
        with self.store.transaction(self.scope) as transaction:
            transaction.lock(f"seats/{entity_id}")
            transaction.run("begin_seat_target", entity_id=entity_id)
            yield Change(transaction, entity_id, self.now())

    def target(self, entity_id: str) -> Target | None:
        """What is wanted; None for an entity whose seats nobody has spoken of."""
        with self.store.reading(self.scope) as reading:
            row = reading.one("seat_target", entity_id=entity_id)
        return None if row is None else _target(row)

    def members(self, entity_id: str) -> int:
        """How many members are known."""
        with self.store.reading(self.scope) as reading:
            row = reading.one("count_seat_members", entity_id=entity_id)
        return int(row["number"]) if row else 0

    def holders(self, entity_id: str) -> tuple[SeatHolder, ...]:
        """Members and invitations, those that have expired left out."""
        with self.store.reading(self.scope) as reading:
            found = _holders(reading, entity_id)
        now = self.clock()
        return tuple(one for one in found if one.expires_at is None or one.expires_at > now)

    def history(self, entity_id: str) -> tuple[SeatEvent, ...]:
        """Everything that happened, in order."""
        with self.store.reading(self.scope) as reading:
            rows = reading.all("seat_events", entity_id=entity_id)
        return tuple(SeatEvent(time_of(row["at"]), row["what"], row["holder_id"]) for row in rows)

    def done(self, entity_id: str, version: int) -> bool:
        """Note that Stripe has this version; False if something else is wanted by now."""
        with self.store.transaction(self.scope) as transaction:
            return transaction.run("seats_are_done", entity_id=entity_id, version=version) > 0

    def failed(self, entity_id: str, version: int, failure: str, due_at: int | None) -> None:
        """Note why Stripe could not be told, and when to try again; None: not before something else is wanted."""
        values: dict[str, Value] = {"version": version, "failure": failure, "due_at": due_at}
        with self.store.transaction(self.scope) as transaction:
            transaction.run("seats_have_failed", entity_id=entity_id, **values)

    def forget_purchase(self, entity_id: str, version: int) -> None:
        """A purchase was refused for good."""
        with self.store.transaction(self.scope) as transaction:
            transaction.run("forget_bought_seats", entity_id=entity_id, version=version)

    def begin_write(self, entity_id: str, token: str) -> int:
        """Note that somebody is about to write to Stripe, and number the write."""
        with self.store.transaction(self.scope) as transaction:
            transaction.run("begin_seat_write", entity_id=entity_id, token=token, begun_at=self.now())
            row = transaction.one("count_seat_write", entity_id=entity_id)
        return int(row["writes"]) if row else 0

    def end_write(self, entity_id: str, token: str) -> None:
        """He has seen what became of it."""
        with self.store.transaction(self.scope) as transaction:
            transaction.run("end_seat_write", entity_id=entity_id, token=token)

    def paid(self, item_id: str) -> Paid | None:
        """What the item's period has been billed for, as far as it is known."""
        with self.store.reading(self.scope) as reading:
            row = reading.one("paid_seats", item_id=item_id)
        return Paid(row["period_start"], row["quantity"], row["invoice_day"], row["invoices"]) if row else None

    def keep_paid(self, item_id: str, paid: Paid) -> None:
        """Remember it."""
        values: dict[str, Value] = {"period_start": paid.period_start, "quantity": paid.quantity}
        with self.store.transaction(self.scope) as transaction:
            transaction.run("keep_paid_seats", item_id=item_id, **values, invoice_day=paid.day, invoices=paid.invoices)

    def due(self, most: int) -> list[str]:
        """Entities whose time has come."""
        with self.store.reading(self.scope) as reading:
            return [row["entity_id"] for row in reading.all("due_seats", now=self.now(), most=most)]

    def abandoned(self, before: int, most: int) -> list[str]:
        """Entities somebody wrote about and died."""
        with self.store.reading(self.scope) as reading:
            return [row["entity_id"] for row in reading.all("abandoned_seat_writes", before=before, most=most)]

    def drop_abandoned(self, entity_id: str, before: int) -> None:
        """What they left was looked at."""
        with self.store.transaction(self.scope) as transaction:
            transaction.run("drop_abandoned_seat_writes", entity_id=entity_id, before=before)

    def every(self, page: int = 500) -> Iterator[str]:
        """Every entity whose seats are kept, in order."""
        after = ""
        while True:
            with self.store.reading(self.scope) as reading:
                found = [row["entity_id"] for row in reading.all("seat_targets_after", after=after, most=page)]
            yield from found
            if len(found) < page:
                return
            after = found[-1]


def _target(row: Row) -> Target:
    names = ("version", "done_version", "counted", "bought", "bought_price", "due_at", "attempts", "failure")
    return Target(*(row[name] for name in names))


def _holders(transaction: Transaction, entity_id: str) -> tuple[SeatHolder, ...]:
    rows = transaction.all("seat_holders", entity_id=entity_id)
    return tuple(
        SeatHolder(row["holder_id"], row["state"], time_of(row["since"]), from_unix(row["expires_at"])) for row in rows
    )
