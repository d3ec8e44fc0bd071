"""What follows from a change of a price: for customers who have it, for those to come, for the application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from billing_review.money import money
from billing_review.pricing import Pricing
from billing_review.steps import Step
from billing_review.telling.book import Book
from billing_review.telling.places import inside
from billing_review.telling.price.costs import Shift
from billing_review.telling.subscribers import money_of
from billing_review.telling.words import counted, joined, number, quoted

_HELD_TO = {"limits": "limits", "features": "features", "seats": "seat rules"}
"""What the runtime reads off the price that a customer is on."""


def consequences(step: Step, book: Book, shift: Shift) -> Iterator[str]:
    """One sentence for each."""
    if step.operation == "replace":
        yield "The old price is archived: customers stay on it and keep its terms until somebody moves them."
        yield from _default(step, book)
    if step.operation == "delete":
        yield from _no_default(step, book)
    yield from _meter(step, book)
    yield from _minimum(step, shift)
    if step.operation == "update":
        yield from _at_once(step)
        yield from _currencies(shift)
    affected = book.affected(step)
    if affected and step.operation != "create":
        yield from money_of(affected)


def _default(step: Step, book: Book) -> Iterator[str]:
    if step.args.get("default"):
        yield f"It takes over as the default price of {book.name('Product', step.args.get('product'))}."


def _no_default(step: Step, book: Book) -> Iterator[str]:
    if not step.args.get("default"):
        return
    product = step.args.get("product")
    others = (one for one in book.change.of("Price") if one.new and one.new.get("product") == product)
    heir = next((one for one in others if one.args.get("default")), None)
    name = book.name("Product", product)
    if heir:
        yield f"{quoted(book.titles[heir.key])} becomes the default price of {name}."
    else:
        yield f"{name} has no default price afterwards."


def _meter(step: Step, book: Book) -> Iterator[str]:
    old, new = (inside(args, "recurring").get("meter") for args in (step.old, step.new))
    if old and new and old != new:
        events = [_event(book, meter) for meter in (old, new)]
        yield (
            f"Customers on the old price are billed by what is reported as {events[0]}, new ones by {events[1]}: "
            "the application has to report both."
        )


def _event(book: Book, meter: Any) -> str:
    step = book.find("Meter", meter)
    return quoted(str(step.args.get("event_name", meter) if step else meter))


def _minimum(step: Step, shift: Shift) -> Iterator[str]:
    least = int(shift.new_seats.get("minimum") or 1)
    was = int(shift.old_seats.get("minimum") or 1)
    if not shift.new or not shift.new_seats or least == was:
        return
    amounts = joined(_least(one, least) for one in shift.new.values())
    if least == 1:
        yield f"The smallest bill is one {shift.noun}: {amounts}."
    else:
        yield f"Fewer than {counted(least, shift.noun)} are billed as {number(least)}: {amounts} is the smallest bill."
    if step.operation == "update" and least > was:
        yield "Customers with fewer seats pay more as soon as the application counts their members again."


def _least(pricing: Pricing, quantity: int) -> str:
    return money(pricing.due(quantity), pricing.currency)


def _at_once(step: Step) -> Iterator[str]:
    old, new = step.old or {}, step.new or {}
    changed = [words for name, words in _HELD_TO.items() if (old.get(name) or {}) != (new.get(name) or {})]
    if changed:
        yield f"The new {joined(changed)} hold at once for everybody who is on this price."
    if old.get("trial_days") != new.get("trial_days"):
        yield "Only new subscriptions notice: trials that have begun end as they would have."
    if old.get("tax_behavior") != new.get("tax_behavior"):
        yield "Stripe lets this be set once: setting it otherwise later makes a new price."


def _currencies(shift: Shift) -> Iterator[str]:
    kept = [one.upper() for one in shift.changed if one in shift.old and one in shift.new]
    gone = [one.upper() for one in shift.changed if one in shift.old and one not in shift.new]
    if kept:
        yield f"Amounts in {joined(kept)} change on the price itself: whoever pays so is on it already."
    if gone:
        yield f"Nobody can subscribe in {joined(gone)} any more."
