"""Automatic top-ups: what an entity has settled, and how the last one went."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from billing_runtime import _inputs
from billing_runtime.clock import from_unix
from billing_runtime.errors import InvalidInput
from billing_runtime.limits.counting import CREDITS, TOP_UP, Amount, amount_of, amount_text
from billing_runtime.limits.deciding import available

if TYPE_CHECKING:
    from datetime import datetime

    from billing_runtime._books.books import Books
    from billing_runtime._books.needs import Needs
    from billing_runtime._store import Row
    from billing_runtime.catalog import Price
    from billing_runtime.credits.settings import TopUp

#: Why nothing is bought any more: the application said so.
OFF = "off"


@dataclass(frozen=True, slots=True)
class AutoTopUp:
    """Buy so many of a price whenever less than `below` units of a name may still be used.

    `max_per_month` is how many times at most in a calendar month (UTC), `max_spend_per_month` for how much at most, in
    minor units of the price's currency. Raises InvalidInput.
    """

    name: str
    below: Amount
    price: str
    quantity: int = 1
    max_per_month: int | None = None
    max_spend_per_month: int | None = None

    def __post_init__(self) -> None:
        _inputs.name(self.name)
        _inputs.units("below", self.below)
        for what in ("quantity", "max_per_month", "max_spend_per_month"):
            number = getattr(self, what)
            if number is not None and _inputs.whole(what, number) < 1:
                message = f"{what} must be at least 1."
                raise InvalidInput(message)


@dataclass(frozen=True, slots=True)
class AutoTopUpStatus:
    """What is settled, and how it stands.

    `state`: `ready`; `pending`, one is being bought; `declined`, the payment of one was refused (`failure` says how)
    and is tried again at `next_attempt_at`; `capped`, enough for this month; `stopped`, given up after `attempts`, or
    by the application: `auto_top_up` begins anew. `invoice_id` is the invoice of the last one; its hosted page takes
    another card. What was spent is in minor units of the price's currency.
    """

    entity_id: str
    settings: AutoTopUp
    state: str
    failure: str | None
    attempts: int
    next_attempt_at: datetime | None
    invoice_id: str | None
    bought_this_month: int
    spent_this_month: int


@dataclass(frozen=True, slots=True)
class SetTopUp:
    """Buy automatically from now on; at once, if there is too little already."""

    entity_id: str
    settings: AutoTopUp
    cost: int

    def needs(self, needs: Needs) -> None:
        """The counter, which is to know of it."""
        needs.entities.add(self.entity_id)
        needs.counters.add((self.entity_id, self.settings.name, ""))

    def apply(self, books: Books) -> None:
        """Keep it."""
        chosen, entity_id, name = self.settings, self.entity_id, self.settings.name
        allowance, counter = books.allowance(entity_id, name), books.counter(entity_id, name)
        books.transaction.run(
            "keep_auto_top_up",
            entity_id=entity_id,
            name=name,
            below=amount_text(chosen.below),
            price=chosen.price,
            quantity=chosen.quantity,
            cost=self.cost,
            most=chosen.max_per_month,
            most_cost=chosen.max_spend_per_month,
        )
        books.advance(counter, allowance)
        counter.credits |= CREDITS | TOP_UP
        books.keep(counter)
        books.top_ups.forget(entity_id, name)
        books.top_ups.consider(entity_id, name, available(counter, books.credits.usable(counter)))


@dataclass(frozen=True, slots=True)
class StopTopUp:
    """Buy nothing more; what is being bought is given up unless it is paid by then."""

    entity_id: str
    name: str
    why: str

    def needs(self, needs: Needs) -> None:
        """Decisions find it out by themselves."""
        needs.entities.add(self.entity_id)

    def apply(self, books: Books) -> bool:
        """Whether anything was bought automatically until now."""
        place = {"entity_id": self.entity_id, "name": self.name}
        known = books.transaction.one("find_auto_top_up", **place)
        books.transaction.run("stop_auto_top_up", **place, stopped=self.why)
        books.transaction.run("top_up_is_due", **place, now=books.now)
        books.top_ups.forget(self.entity_id, self.name)
        return known is not None and known["stopped"] is None


def cost_of(price: Price, quantity: int) -> int:
    """What so many cost in minor units, rounded up."""
    return ceil((price.unit_amount or 0) * quantity)


def require_buying(chosen: AutoTopUp, price: Price, top_up: TopUp | None, name: str) -> None:
    """Only what is paid once and buys credits of the very name will do. Raises InvalidInput."""
    if top_up is None or name != chosen.name or price.type != "one_time":
        message = (
            f"The price {chosen.price!r} cannot top {chosen.name!r} up: it must be paid once, and stand in "
            f"CreditSettings(top_ups=…) with a TopUp of that name."
        )
        raise InvalidInput(message)


def status_of(row: Row, last: Row | None, month: Row) -> AutoTopUpStatus:
    """How an entity's automatic top-up stands; `month` is how many there were in it, and what they cost."""
    settings = AutoTopUp(
        row["name"], amount_of(row["below"]), row["price"], row["quantity"], row["most"], row["most_cost"]
    )
    number, cost = int(month["number"]), int(month["cost"])
    found: dict[str, Any] = dict(last) if last is not None else {}
    pending = found.get("state") == "pending"
    return AutoTopUpStatus(
        row["entity_id"],
        settings,
        _state(row, found, number, cost),
        row["stopped"] or found.get("failure"),
        found.get("attempts", 0),
        from_unix(found["due_at"]) if pending and found["failure"] else None,
        found.get("invoice_id"),
        number,
        cost,
    )


def _state(row: Row, last: dict[str, Any], number: int, cost: int) -> str:
    if row["stopped"] is not None:
        return "stopped"
    if last.get("state") == "pending":
        return "declined" if last["failure"] else "pending"
    too_many = row["most"] is not None and number >= row["most"]
    too_much = row["most_cost"] is not None and cost + row["cost"] > row["most_cost"]
    return "capped" if too_many or too_much else "ready"
