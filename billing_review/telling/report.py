"""A change as a report. Pure: what it says follows from what it is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from billing_review.report import Affected, Counting, Entry, Finding, Report
from billing_review.steps import Change, Operation
from billing_review.telling.book import Book
from billing_review.telling.kinds import tell_one
from billing_review.telling.masking import masked
from billing_review.telling.order import most_consequential_first, worst_first
from billing_review.telling.plan import plan_entries
from billing_review.telling.told import entry_of


def tell(
    change: Change,
    findings: Sequence[Finding] = (),
    counting: Counting = Counting(),  # noqa: B008 - a frozen value
    affected: Mapping[tuple[str, str], Affected] = {},
) -> Report:
    """The review of a change, for somebody who knows the business; affected is by kind and key.

    Its entries are in the order that ``billing_review.telling.order`` states, the most consequential first.
    """
    book = Book(change, affected)
    entries = (*_entries(book), *plan_entries(book))
    return masked(
        Report(
            source=change.source,
            entries=most_consequential_first(entries, findings),
            findings=worst_first(findings),
            counts=_counts(change),
            counting=counting,
            revenue_touched=_revenue(change, affected),
            trouble=change.trouble,
            others=change.others,
        )
    )


def _entries(book: Book) -> Iterator[Entry]:
    for step in book.change.steps:
        if step.operation != "same" or step.drift:
            yield entry_of(step, tell_one(step, book), book)


def _counts(change: Change) -> dict[Operation, int]:
    found = Counter(step.operation for step in change.steps)
    operations: tuple[Operation, ...] = get_args(Operation)
    return {operation: found[operation] for operation in operations if found[operation]}


def _revenue(change: Change, affected: Mapping[tuple[str, str], Affected]) -> dict[str, int]:
    touched: Counter[str] = Counter()
    for step in change.of("Price"):
        counted = affected.get((step.kind, step.key))
        if counted and step.operation not in {"same", "import"}:
            touched.update(counted.monthly_revenue)
    return dict(sorted(touched.items()))
