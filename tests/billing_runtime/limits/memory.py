"""The operations on counters without a store: rows in dictionaries, and a clock and plans that are set."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from billing_runtime._books.books import Books
from billing_runtime.consuming.counted import Want
from billing_runtime.consuming.ending import Commit, Refund, Release, sweep_all
from billing_runtime.consuming.operations import Consume
from billing_runtime.limits.counting import Allowance, key_of
from billing_runtime.limits.windows import Schedule

if TYPE_CHECKING:
    from billing_runtime import Decision, Transaction
    from billing_runtime._books.commit import Operation
    from billing_runtime.catalog import Limit
    from billing_runtime.consuming.asked import Amounts
    from billing_runtime.limits.allowances import Allowances
    from billing_runtime.limits.counting import Amount, Counter

R = TypeVar("R")
Row = dict[str, Any]
_PLACE = ("entity_id", "name", "member_id")
_WINDOW = (*_PLACE, "per", "window_start")


class Memory:
    """The Transaction protocol over dictionaries, for one account; only the queries of counters and decisions."""

    def __init__(self) -> None:
        self.counters: dict[tuple[Any, ...], Row] = {}
        self.windows: dict[tuple[Any, ...], Row] = {}
        self.decisions: dict[str, Row] = {}

    def lock_all(self, names: object) -> None:
        """Nobody else is there."""

    def all(self, query: str, **values: Any) -> list[Row]:
        """Rows of a query."""
        if query == "load_counters":
            return [self.counters[key] for key in map(tuple, json.loads(values["keys"])) if key in self.counters]
        if query == "windows_of_counter":
            return [row for row in self.windows.values() if _matches(row, _PLACE, values) and _returnable(row, values)]
        if query == "expired_reservations":
            held = [row for row in self.decisions.values() if row["state"] == "held"]
            return [row for row in held if row["expires_at"] <= values["now"]]
        if query == "standings":
            return [{"entity_id": key, "writes": 0, "kind": None} for key in json.loads(values["keys"])]
        assert query == "load_usage_days", query
        return []

    def all_of(self, reads: list[tuple[str, Row]]) -> list[list[Row]]:
        """Rows of several queries."""
        return [self.all(query, **values) for query, values in reads]

    def one(self, query: str, **values: Any) -> Row | None:
        """A row of a query."""
        if query == "find_counter_window":
            return self.windows.get(tuple(values[name] for name in _WINDOW))
        if query == "next_expiry":
            held = [row["expires_at"] for row in self.decisions.values() if row["state"] == "held"]
            return {"expires_at": min((at for at in held if at > values["now"]), default=None)}
        assert query == "find_decision", query
        return self.decisions.get(values["receipt"])

    def run_rows(self, query: str, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        """Keep rows, given in the order of the names."""
        self.run_many(query, [dict(zip(names, row, strict=True)) for row in rows])

    def run_many(self, query: str, rows: list[Row]) -> None:
        """Keep rows."""
        for row in rows:
            if query == "keep_counter":
                self.counters[tuple(row[name] for name in _PLACE)] = row
            elif query == "keep_counter_window":
                self.windows[tuple(row[name] for name in _WINDOW)] = row
            elif query in {"add_decision", "change_decision"}:
                self.decisions[row["receipt"]] = self.decisions.get(row["receipt"], {}) | row
            else:
                assert query == "keep_usage_day", query


def _matches(row: Row, names: tuple[str, ...], values: Row) -> bool:
    return all(row[name] == values[name] for name in names)


def _returnable(row: Row, values: Row) -> bool:
    this = row["per"] == values["per"] and row["window_start"] == values["window_start"]
    return this or bool(row["moved"] and (row["window_end"] is None or row["window_end"] > values["now"]))


class Set:
    """The Allowances of one entity, as they are set."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance

    def moment(self, now: int) -> int:
        """Nothing depends on it."""
        return now

    def at(self, *_: object) -> Allowance:
        """What holds."""
        return self._allowance


@dataclass
class Shop:
    """One entity and one name: what it may use is set, and so is the time."""

    allowance: Allowance
    now: int
    memory: Memory = field(default_factory=Memory)

    def do(self, operation: Operation[R]) -> R:
        """Carry an operation out, in a transaction of its own."""
        books = self.books()
        answer = operation.apply(books)
        books.flush()
        return answer

    def books(self) -> Books:
        """The rows as they are now."""
        return Books(cast("Transaction", self.memory), self.now, cast("Allowances", Set(self.allowance)))

    def consume(self, amount: Amount, *, enforce: bool = True) -> Decision:
        """Use so much."""
        return self.do(Consume("acme", (Want("units", amount),), enforce, None, ""))

    def reserve(self, amount: Amount, seconds: int) -> Decision:
        """Hold so much."""
        return self.do(Consume("acme", (Want("units", amount),), True, None, "", seconds))

    def commit(self, receipt: str, amount: Amount) -> Decision:
        """Of what is held, so much was used."""
        return self.do(Commit("acme", receipt, {"units": amount}))

    def release(self, receipt: str) -> bool:
        """Nothing of it was used."""
        return self.do(Release("acme", receipt))

    def refund(self, receipt: str, amount: Amount | None = None) -> Amounts:
        """Give back so much."""
        return self.do(Refund("acme", receipt, None if amount is None else {"units": amount}, None))

    def sweep(self) -> None:
        """Give back what expired reservations hold."""
        books = self.books()
        sweep_all(books, "acme")
        books.flush()

    def look(self, changed_at: int | None = None) -> Counter:
        """The counter, brought up to date."""
        books = self.books()
        counter = books.counter("acme", "units")
        books.advance(counter, self.allowance, changed_at)
        books.flush()
        return counter


def allowed(limit: Limit, schedule: Schedule | None = None, terms: str = "plan") -> Allowance:
    """A limit as it holds for the entity."""
    windows = schedule or Schedule("month")
    return Allowance(limit, terms, windows, windows, key_of(limit, terms, windows))
