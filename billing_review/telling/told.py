"""What is told of one object, and how it becomes an entry of the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from billing_review.report import Costs, Entry, Fact
from billing_review.steps import Step
from billing_review.telling.book import Book
from billing_review.telling.words import counted

MOST_CLAUSES = 7
"""A headline with more is no headline: the facts have them all."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a teller says of one object."""

    title: str
    clauses: tuple[str, ...]
    """What happens to it, the most important part first."""
    who: str | None = None
    """Who it happens to: 37 active subscriptions (412 seats) stay on the old price."""
    sentences: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    costs: tuple[Costs, ...] = ()


Teller = Callable[[Step, Book], Told]


def entry_of(step: Step, told: Told, book: Book) -> Entry:
    """The entry of a report."""
    return Entry(
        kind=step.kind,
        key=step.key,
        operation=step.operation,
        title=told.title,
        headline=headline(told),
        sentences=tuple(dict.fromkeys(told.sentences)),
        facts=told.facts,
        costs=told.costs,
        affected=book.affected(step),
        plan=step.plan,
        object_id=step.object_id,
        place=step.place,
    )


def headline(told: Told) -> str:
    """One line: what it is, what happens to it, and who it happens to."""
    clauses = told.clauses
    if len(clauses) > MOST_CLAUSES:
        clauses = (*clauses[:MOST_CLAUSES], f"and {counted(len(clauses) - MOST_CLAUSES, 'more change')}")
    happens = ", ".join(clauses)
    return f"{told.title}: {happens}{f'; {told.who}' if told.who else ''}."
