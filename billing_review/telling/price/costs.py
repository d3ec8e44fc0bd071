"""A price's amounts in every currency, before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import InvalidOperation
from typing import Any

from billing_review.money import percent
from billing_review.pricing import ZERO, Pricing, currencies_of, pricing_of
from billing_review.report import Costs, Fact
from billing_review.steps import Args, Step
from billing_review.telling.places import inside
from billing_review.telling.price.amounts import about, billed, change_of, months, phrase, phrases, rate
from billing_review.telling.price.examples import Side, examples
from billing_review.telling.price.explanation import explanation
from billing_review.telling.price.tiers import tier_clauses, tier_rows
from billing_review.telling.words import joined


@dataclass(frozen=True, slots=True)
class Shift:
    """The arithmetic of a price before and after, by currency; its own currency first."""

    old: dict[str, Pricing]
    new: dict[str, Pricing]
    old_seats: Args
    new_seats: Args
    was: str
    """What one of it was called: a seat, a unit."""
    noun: str
    """And what it is called afterwards."""
    unit: tuple[str, str]
    """What a table of quantities counts, one and several: seat and seats, or what the meter counts."""

    @classmethod
    def of(cls, step: Step, nouns: tuple[str, str], unit: tuple[str, str]) -> Shift:
        """The arithmetic of a step."""
        seats = [inside(args, "seats") for args in (step.old, step.new)]
        return cls(_pricings(step.old), _pricings(step.new), seats[0], seats[1], *nouns, unit)

    @property
    def is_readable(self) -> bool:
        """Whether there are amounts at all."""
        return bool(self.old or self.new)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Every currency of either side, the new own one first."""
        return tuple(dict.fromkeys([*self.new, *self.old]))

    @property
    def changed(self) -> tuple[str, ...]:
        """The currencies in which it costs something else."""
        return tuple(one for one in self.currencies if self.old.get(one) != self.new.get(one))


def _pricings(args: Args | None) -> dict[str, Pricing]:
    """By currency; nothing where the amounts are of a form that this version does not know."""
    try:
        found = {one: pricing_of(args, one) for one in currencies_of(args)} if args else {}
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        return {}
    return found if all(one.tiers or one.unit is not None for one in found.values()) else {}


def amount_clauses(shift: Shift, without: Collection[str] = ()) -> Iterator[str]:
    """What changes about amounts, for a headline; nothing for what is new or goes.

    ``without`` are currencies that are told elsewhere.
    """
    if not shift.old or not shift.new:
        return
    changed = [one for one in shift.changed if one not in without]
    kept = [one for one in changed if one in shift.old and one in shift.new]
    first = True
    for currency in kept:
        yield from _clauses(shift, currency, whole=first)
        first = False
    added = [shift.new[one] for one in changed if one not in shift.old]
    if added:
        yield f"now also {phrases(tuple(added), shift.noun)}"
    gone = [one.upper() for one in changed if one not in shift.new]
    if gone:
        yield f"no longer sold in {joined(gone)}"


def _clauses(shift: Shift, currency: str, *, whole: bool) -> Iterator[str]:
    old, new, noun = shift.old[currency], shift.new[currency], shift.noun
    if old.tiers and new.tiers:
        places = list(tier_clauses(old, new, noun))
        yield from places if whole else ([f"tiers in {new.currency.upper()} change as well"] if places else [])
        if billed(old) != billed(new):
            yield f"billed {billed(new)} instead of {billed(old)}"
    elif old.tiers or new.tiers:
        yield f"{phrase(old, shift.was)} → {phrase(new, noun)}"
    else:
        yield from _plain(old, new, shift.was, noun)


def _plain(old: Pricing, new: Pricing, was: str, noun: str) -> Iterator[str]:
    if old.unit != new.unit or rate(old, was) != rate(new, noun):
        yield change_of(old, new, was, noun)
    if old.metered and new.metered and billed(old) != billed(new):
        yield f"billed {billed(new)} instead of {billed(old)}"


def amount_facts(shift: Shift, without: Collection[str] = ()) -> Iterator[Fact]:
    """An amount of each currency, and how often it is billed."""
    several = len(shift.currencies) > 1
    for currency in (one for one in shift.changed if one not in without):
        old, new = shift.old.get(currency), shift.new.get(currency)
        label = f"Amount in {currency.upper()}" if several else "Amount"
        before, after = _in_words(old, shift.was), _in_words(new, shift.noun)
        if before != after:
            yield Fact(label, before, after, _note(old, new, shift))
        yield from _monthly(old, new)
    yield from _how_often(shift)


def _how_often(shift: Shift) -> Iterator[Fact]:
    before, after = _often(shift.old), _often(shift.new)
    if before != after:
        yield Fact("Billed", before, after)


def costs(shift: Shift) -> tuple[Costs, ...]:
    """The tables and curves of every currency that changes."""
    moved = shift.old_seats.get("minimum", 1) != shift.new_seats.get("minimum", 1)
    currencies = shift.currencies if moved else shift.changed
    return tuple(_costs(shift, currency) for currency in currencies)


def _costs(shift: Shift, currency: str) -> Costs:
    old, new = shift.old.get(currency), shift.new.get(currency)
    last = new or old
    return Costs(
        currency=currency,
        old=old,
        new=new,
        tiers=tier_rows(old, new, shift.noun),
        examples=examples(_side(old, shift.old_seats), _side(new, shift.new_seats), shift.unit),
        explanation=explanation(last, shift.noun) if last else None,
    )


def _side(pricing: Pricing | None, seats: Args) -> Side | None:
    if pricing is None:
        return None
    return Side(pricing, int(seats.get("minimum") or 1), _whole(seats.get("maximum")))


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _monthly(old: Pricing | None, new: Pricing | None) -> Iterator[Fact]:
    """Amounts of different intervals, made comparable."""
    found = months(old, new) if old and new else None
    if new and found:
        before, after = (about(one, new.currency) for one in found)
        yield Fact("In a month", before, after, percent(*found))


def _in_words(pricing: Pricing | None, noun: str) -> str | None:
    return phrase(pricing, noun) if pricing else None


def _note(old: Pricing | None, new: Pricing | None, shift: Shift) -> str | None:
    if not old or not new or old.tiers or new.tiers or rate(old, shift.was) != rate(new, shift.noun):
        return None
    return percent(old.unit or ZERO, new.unit or ZERO) if old.unit != new.unit else None


def _often(pricings: dict[str, Pricing]) -> str | None:
    return next((billed(one) for one in pricings.values()), None)
