"""Objects whose story is their fields: what they are called, what a new one is, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from billing_review.steps import Args, Operation, Step
from billing_review.telling.book import Book
from billing_review.telling.drift import Drifted, drifted
from billing_review.telling.fields import Difference, Field, differences
from billing_review.telling.places import Place, at, covers, place_of
from billing_review.telling.told import Teller, Told
from billing_review.telling.words import small, spelled

BOOKKEEPING = frozenset({"_key", "_stack"})
MARKED = "marked as managed here, nothing else changes"
"""What the first deployment after an import writes."""


@dataclass(frozen=True, slots=True)
class Tale:
    """How a kind of object is told."""

    noun: str
    title: Callable[[Step, Book], str]
    fields: tuple[Field, ...] = ()
    gone: str = "deleted"
    """What becomes of it when it is removed."""
    brief: Callable[[Args, Book], Iterable[str]] = lambda _, __: ()
    """What a new one is, in the headline."""
    follows: Callable[[Step, Book], Iterable[str]] = lambda _, __: ()
    """Sentences about consequences."""


def plainly(tale: Tale) -> Teller:
    """The teller of a tale."""

    def tell(step: Step, book: Book) -> Told:
        found = differences(step, tale.fields, book)
        drift = drifted(step, tale.fields, book)
        return Told(
            title=tale.title(step, book),
            clauses=tuple(_clauses(tale, step, book, found, drift)) or (MARKED,),
            sentences=(*tale.follows(step, book), *drift.sentences),
            facts=(*(one.fact() for one in found if not drift.tells(one.place)), *drift.facts),
        )

    return tell


def changes(step: Step, found: Iterable[Difference], drift: Drifted, told: Sequence[Place] = ()) -> tuple[str, ...]:
    """The parts of a headline about what is different, and about what somebody did at Stripe.

    ``told`` are places that are told elsewhere.
    """
    said = tuple(found)
    ordinary = [one.clause for one in said if one.clause and not drift.tells(one.place)]
    known = [*(one.place for one in said), *told]
    return (*ordinary, *drift.clauses, *_unsaid(step, known, drift))


def taken_over(step: Step, changed: tuple[str, ...]) -> tuple[str, ...]:
    """An import, in a headline, and what changes with it."""
    named = f" ({step.object_id})" if step.object_id else ""
    as_it_is = "" if changed else " as it is"
    return (f"what is at Stripe already{named} is taken over{as_it_is}", *changed)


def _clauses(tale: Tale, step: Step, book: Book, found: tuple[Difference, ...], drift: Drifted) -> Iterable[str]:
    whole: dict[Operation, Callable[[], tuple[str, ...]]] = {
        "create": lambda: (f"new {tale.noun}", *tale.brief(step.args, book), *drift.clauses),
        "delete": lambda: (tale.gone,),
        "import": lambda: taken_over(step, changes(step, found, drift) if step.old else drift.clauses),
        "replace": lambda: (*changes(step, found, drift), f"a new {tale.noun} takes the place of the old one"),
    }
    return whole.get(step.operation, lambda: changes(step, found, drift))()


def _unsaid(step: Step, known: Sequence[Place], drift: Drifted) -> Iterable[str]:
    """What the source calls changed, and shows on neither side."""
    if step.operation not in {"update", "replace"}:
        return
    places = [place_of(path) for path in step.changed if path not in BOOKKEEPING]
    for place in places:
        said = any(covers(one, place) or covers(place, one) for one in known) or drift.tells(place)
        if not said and at(step.old, place) is None and at(step.new, place) is None:
            yield f"{small(spelled(' '.join(place)))} changed"
