"""What somebody changed at Stripe behind the program's back, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from billing_review.report import Fact
from billing_review.steps import Drift, Step
from billing_review.telling.book import Book
from billing_review.telling.fields import Field, Scene, generic, label_of
from billing_review.telling.places import Place, covers, place_of
from billing_review.telling.words import joined, small

_NOTE = "changed at Stripe"
GONE = ""
"""The path of an object that is not at Stripe any more."""
_GONE = "it is gone at Stripe and is made anew"
_WHY_GONE = "Somebody removed it at Stripe; whoever wants it gone has to take it out of the catalog."
_LIFE = {
    ("active", False): "somebody archived it at Stripe",
    ("status", "inactive"): "somebody deactivated it at Stripe",
    ("status", "disabled"): "somebody switched it off at Stripe",
    ("disabled", True): "somebody switched it off at Stripe",
}
"""What it means that an object is found so."""
_BACK: Mapping[str, str | None] = {
    "replace": None,
    "same": "which stays as it is",
    "import": "which is taken over",
    "delete": "which goes with it",
}
"""What becomes of it, where the change itself does not say so; otherwise it is set back."""


@dataclass(frozen=True, slots=True)
class Drifted:
    """What there is to say about it."""

    places: tuple[Place, ...] = ()
    clauses: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    def tells(self, place: Place) -> bool:
        """Whether a place is told here."""
        return any(covers(one, place) or covers(place, one) for one in self.places)


def drifted(step: Step, fields: Sequence[Field], book: Book) -> Drifted:
    """Everything that was changed at Stripe."""
    if not step.drift:
        return Drifted()
    if GONE in step.drift:
        return Drifted(clauses=(_GONE,), sentences=(_WHY_GONE,))
    found = {place_of(path): drift for path, drift in step.drift.items()}
    said = [_said(place, drift, fields, step, book) for place, drift in found.items()]
    back = _BACK.get(step.operation, "which will be set back")
    alive = [_LIFE[key] for key in _lives(found)]
    changed = [clause for clause, fact in said if clause]
    clauses = [*alive, *([f"changed at Stripe: {joined(changed)}"] if changed else [])]
    return Drifted(
        places=tuple(found),
        clauses=(*clauses[:-1], f"{clauses[-1]}, {back}") if back else tuple(clauses),
        sentences=(_warning(step),),
        facts=tuple(fact for _, fact in said),
    )


def _lives(found: dict[Place, Drift]) -> list[tuple[str, Any]]:
    keys = [(".".join(place), drift.found) for place, drift in found.items()]
    return [key for key in keys if isinstance(key[1], str | bool) and key in _LIFE]


def _said(place: Place, drift: Drift, fields: Sequence[Field], step: Step, book: Book) -> tuple[str | None, Fact]:
    field = next((one for one in fields if _is(one, place)), None) or generic(place)
    label = label_of(field, place)
    scene = Scene(step.args, book, place)
    declared, found = (
        None if value is None else field.show(value, scene)
        for value in (field.absent if one is None else one for one in (drift.declared, drift.found))
    )
    is_life = (".".join(place), drift.found) in _LIFE if isinstance(drift.found, str | bool) else False
    clause = None if is_life else f"{small(label)} {declared or 'nothing'} → {found or 'nothing'}"
    return clause, Fact(label, found, declared, _NOTE)


def _is(field: Field, place: Place) -> bool:
    """Whether the field is about exactly this place."""
    return any(len(pattern) == len(place) and covers(pattern, place) for pattern in field.patterns[:1])


def _warning(step: Step) -> str:
    if step.operation == "same":
        return "Somebody changed it at Stripe; this change leaves it so."
    if step.operation in {"delete", "import"}:
        return "Somebody changed it at Stripe since it was last deployed."
    return "Somebody changed it at Stripe; whoever wants to keep that has to write it into the catalog first."
