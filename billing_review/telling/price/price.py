"""What it costs. https://docs.stripe.com/api/prices"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from billing_review.pricing import Pricing
from billing_review.report import Fact
from billing_review.steps import Operation, Step
from billing_review.telling.book import Book
from billing_review.telling.drift import Drifted, drifted
from billing_review.telling.fields import Difference, differences
from billing_review.telling.places import place_of
from billing_review.telling.plainly import MARKED, changes, taken_over
from billing_review.telling.price.amounts import phrases
from billing_review.telling.price.consequences import consequences
from billing_review.telling.price.costs import Shift, amount_clauses, amount_facts, costs
from billing_review.telling.price.lookup_key import LookupKey
from billing_review.telling.price.terms import AMOUNTS, DRIFTING, TERMS
from billing_review.telling.price.titles import meter_name, unit_noun
from billing_review.telling.subscribers import staying
from billing_review.telling.told import Told
from billing_review.telling.words import plural

_OF_MONEY = frozenset({"product", "recurring"})
"""Where the terms stand that say what is paid for; a headline has them before all others."""


@dataclass(frozen=True, slots=True)
class _Story:
    """Everything there is to tell of one price."""

    step: Step
    shift: Shift
    terms: tuple[Difference, ...]
    drift: Drifted
    key: LookupKey

    @property
    def drifted_currencies(self) -> frozenset[str]:
        """Currencies whose amounts somebody changed at Stripe."""
        return frozenset(place[1] for place in self.drift.places if place[0] == "currency_options" and len(place) > 1)


def tell_price(step: Step, book: Book) -> Told:
    """A price that changes, for somebody who sells it."""
    story = _story(step, book)
    affected = book.affected(step)
    noun = story.shift.noun if step.args.get("seats") else None
    return Told(
        title=book.titles[step.key],
        clauses=_CLAUSES.get(step.operation, _updated)(story) or (MARKED,),
        who=staying(step.operation, affected, noun) if affected and step.operation != "create" else None,
        sentences=(*consequences(step, book, story.shift), *story.key.sentences(), *story.drift.sentences),
        facts=(*_facts(story), *story.drift.facts),
        costs=() if step.operation == "import" else costs(story.shift),
    )


def _story(step: Step, book: Book) -> _Story:
    was, noun = (unit_noun(args or step.args, book.args) for args in (step.old, step.new))
    meter = meter_name(step.args, book.args)
    shift = Shift.of(step, (was, noun), (meter, meter) if meter else (noun, plural(noun)))
    told = AMOUNTS if shift.is_readable else ()
    terms = differences(step, TERMS, book, told=told)
    return _Story(step, shift, terms, drifted(step, DRIFTING, book), LookupKey.of(step, book))


def _facts(story: _Story) -> Iterator[Fact]:
    yield from amount_facts(story.shift, story.drifted_currencies)
    yield from (one.fact() for one in story.terms if not story.drift.tells(one.place))


def _created(story: _Story) -> tuple[str, ...]:
    trial = tuple(one.clause for one in story.terms if one.place == ("trial_days",) and one.clause)
    default = ("the product's default price",) if story.step.args.get("default") else ()
    return (
        "new price",
        *_amounts(story.shift.new, story.shift.noun),
        *trial,
        *story.key.clauses(story.step),
        *default,
        *story.drift.clauses,
    )


def _deleted(story: _Story) -> tuple[str, ...]:
    amounts = "".join(f" ({shown})" for shown in _amounts(story.shift.old, story.shift.was))
    gone = f"archived{amounts}, customers stay, nobody new can buy it"
    return (gone, *story.key.clauses(story.step))


def _imported(story: _Story) -> tuple[str, ...]:
    if story.step.old is not None:
        return taken_over(story.step, _updated(story))
    return (*taken_over(story.step, story.drift.clauses), *_amounts(story.shift.new, story.shift.noun))


def _replaced(story: _Story) -> tuple[str, ...]:
    amounts = _changed_amounts(story)
    money, others = _terms(story)
    same = () if amounts else (_same_amounts(story.shift),)
    return (*amounts, *money, "new price", *same, *story.key.clauses(story.step), *others)


def _updated(story: _Story) -> tuple[str, ...]:
    money, others = _terms(story)
    return (*_changed_amounts(story), *money, *story.key.clauses(story.step), *others)


def _changed_amounts(story: _Story) -> tuple[str, ...]:
    return tuple(amount_clauses(story.shift, story.drifted_currencies))


def _terms(story: _Story) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is about money beside the amounts, and all else."""
    money = [one for one in story.terms if one.place[0] in _OF_MONEY]
    others = [one for one in story.terms if one.place[0] not in _OF_MONEY]
    elsewhere = [*(place_of(path) for path in AMOUNTS), *(one.place for one in money)]
    return tuple(one.clause for one in money if one.clause), changes(story.step, others, story.drift, told=elsewhere)


def _same_amounts(shift: Shift) -> str:
    amounts = _amounts(shift.new, shift.noun)
    return f"at the same {amounts[0]}" if amounts else "amounts of a form that this review does not know"


def _amounts(pricings: Mapping[str, Pricing], noun: str) -> tuple[str, ...]:
    return (phrases(tuple(pricings.values()), noun),) if pricings else ()


_CLAUSES: Mapping[Operation, Callable[[_Story], tuple[str, ...]]] = {
    "create": _created,
    "delete": _deleted,
    "import": _imported,
    "replace": _replaced,
}
"""What is not among them is an update."""
