"""Where a lookup key goes: the application asks for prices by it. https://docs.stripe.com/products-prices/manage-prices"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from billing_review.steps import Step
from billing_review.telling.book import Book
from billing_review.telling.words import quoted


@dataclass(frozen=True, slots=True)
class LookupKey:
    """A price's lookup key before and after."""

    old: str | None
    new: str | None
    heir: str | None
    """The title of the price that has the old one afterwards, if another has."""
    giver: str | None
    """The title of the price that has the new one today, if another has."""

    @classmethod
    def of(cls, step: Step, book: Book) -> LookupKey:
        """A step's."""
        old, new = ((args or {}).get("lookup_key") for args in (step.old, step.new))
        heir, giver = book.lookup_keys.get(old or ""), book.lookup_keys_before.get(new or "")
        return cls(
            old,
            new,
            book.titles[heir] if heir and heir != step.key else None,
            book.titles[giver] if giver and giver != step.key else None,
        )

    def clauses(self, step: Step) -> Iterator[str]:
        """For the headline."""
        if self.old == self.new:
            if self.new and step.operation == "replace":
                yield f"lookup key {self.new} moves to it"
            return
        if self.heir:
            yield f"lookup key {self.old} moves to {quoted(self.heir)}"
        elif self.old and self.new and not self.giver:
            yield f"lookup key {self.old} becomes {self.new}"
            return
        elif self.old:
            yield f"lookup key {self.old} vanishes"
        if self.new:
            yield (
                f"lookup key {self.new} moves here from {quoted(self.giver)}"
                if self.giver
                else f"lookup key {self.new}"
            )

    def sentences(self) -> Iterator[str]:
        """What an application notices."""
        if self.old and self.old != self.new and not self.heir:
            yield f"An application that asks for {self.old} finds no price any more."
