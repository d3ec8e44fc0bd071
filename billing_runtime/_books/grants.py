"""Credits in one transaction: grants as they stand, and an entry for every change of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime._books.receipts import new_receipt
from billing_runtime.limits.counting import CREDITS, Amount, amount_of, amount_text
from billing_runtime.limits.deciding import Grant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing_runtime._books.rows import Values
    from billing_runtime._store import Row, Transaction
    from billing_runtime.limits.counting import Counter


@dataclass(slots=True)
class KeptGrant(Grant):
    """A grant as it stands in the store.

    `owed` is how much of it refunds and disputes of its payment take back, `taken` how much of that was taken; `lapsed`
    is what expired unused, `revoked` what was taken when it was revoked (None: it is not).
    """

    entity_id: str
    name: str
    source: str
    request: str
    payment: str | None
    starts_at: int
    units: Amount
    owed: Amount = 0
    taken: Amount = 0
    lapsed: Amount = 0
    revoked: Amount | None = None

    @property
    def recoverable(self) -> Amount:
        """How much a refund can take back, if what was used has to be made up for: what is gone unused is not owed."""
        return self.units - self.taken - self.lapsed - (self.revoked or 0)


class GrantRows:
    """Grants of one transaction. What each has left is always the sum of its entries."""

    def __init__(self, transaction: Transaction, now: int) -> None:
        self._transaction, self._now = transaction, now
        self._known: dict[str, KeptGrant] = {}
        self._of_name: dict[tuple[str, str], list[KeptGrant]] = {}
        self._changed: dict[str, KeptGrant] = {}
        self._entries: list[Values] = []

    def usable(self, counter: Counter) -> list[KeptGrant]:
        """Credits of a counter's name that may be used now."""
        return self.settled(counter.entity_id, counter.name) if counter.credits & CREDITS else []

    def settled(self, entity_id: str, name: str) -> list[KeptGrant]:
        """The same, after what has expired was booked out and what is owed was paid."""
        found = self._load(entity_id, name)
        for grant in found:
            self._expire(grant)
        self._pay_debts(found)
        return [grant for grant in found if grant.left > 0 and grant.starts_at <= self._now]

    def note(self, grant: KeptGrant, units: Amount, kind: str, receipt: str | None) -> None:
        """Write down that a grant has become more or less; its `left` says already how much is left."""
        self._changed[grant.id] = grant
        self._entries.append(
            {
                "entry_id": new_receipt(self._now, "ent_"),
                "entity_id": grant.entity_id,
                "grant_id": grant.id,
                "kind": kind,
                "units": amount_text(units),
                "receipt": receipt,
                "at": self._now,
            }
        )

    def refill(self, grant_id: str, units: Amount, kind: str, receipt: str | None) -> None:
        """Give units back to a grant; if it has expired or was taken back meanwhile, they go the same way."""
        grant = self.find(grant_id)
        if grant is None:
            return  # it was erased with its owner
        self._book(grant, units, kind, receipt)
        self.settle(grant)

    def add(self, grant: KeptGrant) -> None:
        """A new grant; it has nothing left yet."""
        self._load(grant.entity_id, grant.name).append(grant)
        self._known[grant.id] = grant
        self._book(grant, grant.units, "granted")
        self.settle(grant)

    def find(self, grant_id: str) -> KeptGrant | None:
        """A grant by its id."""
        row = None if grant_id in self._known else self._transaction.one("find_grant", grant_id=grant_id)
        return self._known.get(grant_id) if row is None else self._remember(row)

    def of_source(self, entity_id: str, name: str, source: str) -> KeptGrant | None:
        """The grant that was made for a source."""
        for grant in self._load(entity_id, name):
            if grant.source == source:
                return grant
        row = self._transaction.one("grant_of_source", entity_id=entity_id, name=name, source=source)
        return None if row is None else self._remember(row)

    def every(self, entity_id: str, name: str) -> list[KeptGrant]:
        """All that there ever were of a name."""
        return [self._remember(row) for row in self._transaction.all("grants_of_name", entity_id=entity_id, name=name)]

    def paid(self, entity_id: str) -> list[KeptGrant]:
        """Everything that an entity has paid for, new grants among it."""
        for row in self._transaction.all("paid_grants", entity_id=entity_id):
            self._remember(row)
        return [grant for grant in self._known.values() if grant.entity_id == entity_id and grant.payment]

    def settle(self, grant: KeptGrant, *, debt: bool = False) -> None:
        """Take back what is to be taken back, as far as it is there, or with `debt` all of it; then what has expired.

        The same whatever came first: it depends on how things stand, not on what has happened.
        """
        more = grant.owed - grant.taken
        if more > 0:
            more = min(more, grant.recoverable if debt else max(0, grant.left))
        if more:
            grant.taken += more
            self._book(grant, -more, "clawed_back" if more > 0 else "reinstated")
        if grant.revoked is not None and grant.left > 0:
            grant.revoked += grant.left
            self._book(grant, -grant.left, "revoked")
        self._expire(grant)
        self._changed[grant.id] = grant

    def flush(self) -> None:
        """Write what has changed."""
        if self._changed:
            self._transaction.run_many("keep_grant", [_values(grant) for grant in self._changed.values()])
        if self._entries:
            self._transaction.run_many("add_credit_entry", self._entries)

    def _book(self, grant: KeptGrant, units: Amount, kind: str, receipt: str | None = None) -> None:
        grant.left += units
        self.note(grant, units, kind, receipt)

    def _expire(self, grant: KeptGrant) -> None:
        if grant.expires_at is not None and grant.expires_at <= self._now and grant.left > 0:
            grant.lapsed += grant.left
            self._book(grant, -grant.left, "expired")

    def _pay_debts(self, grants: Iterable[KeptGrant]) -> None:
        """Whoever owes credits pays with those that may be used, in the order in which they are used."""
        debts = [grant for grant in grants if grant.left < 0]
        payers = [grant for grant in grants if grant.left > 0 and grant.starts_at <= self._now] if debts else []
        for payer in sorted(payers, key=lambda grant: grant.order):
            for debt in debts:
                units = min(payer.left, -debt.left)
                if units > 0:
                    self._book(payer, -units, "offset")
                    self._book(debt, units, "offset")

    def _load(self, entity_id: str, name: str) -> list[KeptGrant]:
        place = entity_id, name
        if place not in self._of_name:
            rows = self._transaction.all("open_grants", entity_id=entity_id, name=name)
            self._of_name[place] = []
            for row in rows:
                self._remember(row)
        return self._of_name[place]

    def _remember(self, row: Row) -> KeptGrant:
        """The grant of a row, once: what was changed here is newer than what the store says."""
        grant = self._known.get(row["grant_id"])
        if grant is None:
            grant = self._known[row["grant_id"]] = grant_of(row)
            self._load(grant.entity_id, grant.name).append(grant)
        return grant


def grant_of(row: Row) -> KeptGrant:
    """The grant in a row."""
    return KeptGrant(
        row["grant_id"], amount_of(row["units_left"]), row["priority"], row["expires_at"], row["created_at"],
        row["entity_id"], row["name"], row["source"], row["request"], row["payment"], row["starts_at"],
        amount_of(row["units"]), amount_of(row["owed"]), amount_of(row["taken"]), amount_of(row["lapsed"]),
        None if row["revoked"] is None else amount_of(row["revoked"]),
    )  # fmt: skip


def _values(grant: KeptGrant) -> Values:
    return {
        "grant_id": grant.id,
        "entity_id": grant.entity_id,
        "name": grant.name,
        "source": grant.source,
        "request": grant.request,
        "payment": grant.payment,
        "priority": grant.priority,
        "starts_at": grant.starts_at,
        "expires_at": grant.expires_at,
        "created_at": grant.created_at,
        "units": amount_text(grant.units),
        "units_left": amount_text(grant.left) if grant.left else "0",
        "owed": amount_text(grant.owed),
        "taken": amount_text(grant.taken),
        "lapsed": amount_text(grant.lapsed),
        "revoked": None if grant.revoked is None else amount_text(grant.revoked),
    }
