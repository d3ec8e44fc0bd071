"""Refusals at a limit, told to the application like a threshold: `LimitSettings(tell_refusals=True)`."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_runtime.errors import StoreError
from billing_runtime.limits.members import REFUSAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing_runtime._books.books import Books
    from billing_runtime._books.commit import Ledger
    from billing_runtime._books.needs import Needs
    from billing_runtime.consuming.decision import Decision, Part

#: Reasons that are about units; who has no access, or another plan, is told nothing of percents.
_ABOUT_UNITS = frozenset({"limit reached", REFUSAL})
_REMEMBERED = 16_384


@dataclass(slots=True)
class _Tell:
    """That uses were refused in the windows that are open, as an operation on the books."""

    entity_id: str
    parts: Sequence[Part]

    def needs(self, needs: Needs) -> None:
        """The counters that were asked."""
        needs.entities.add(self.entity_id)
        for part in self.parts:
            needs.counters.add((self.entity_id, part.name, part.member or ""))

    def apply(self, books: Books) -> None:
        """Write it down, once in a window."""
        for part in self.parts:
            books.notices.refuse(books.counter(self.entity_id, part.name, part.member or ""))


class Refusals:
    """Tells them. What this process has told in a window it does not write again. Safe to share between threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._told: set[tuple[object, ...]] = set()

    def tell(self, entity_id: str, decision: Decision) -> None:
        """A use was refused for good. That the store is away by now makes no difference to whoever was refused."""
        refused = [part for part in decision.parts if not part.allowed and part.reason in _ABOUT_UNITS]
        places: set[tuple[object, ...]] = {
            (entity_id, part.name, part.member, part.limit, part.resets_at) for part in refused
        }
        if places <= self._told:
            return
        with suppress(StoreError):
            self._ledger.do(_Tell(entity_id, refused))
            self._told = places if len(self._told) > _REMEMBERED else self._told | places
