"""Values in the words of the business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from billing_review.money import money
from billing_review.telling.fields import Field, Scene, Show, counts, rewritten
from billing_review.telling.places import at, place_of
from billing_review.telling.words import joined, number, said


def named(kind: str) -> Show:
    """What people call the object that is referred to."""
    return lambda value, scene: scene.book.name(kind, value)


def names(kind: str) -> Show:
    """The same for several, in no order of their own."""
    return lambda value, scene: joined(sorted(scene.book.name(kind, one) for one in value))


def in_words(words: Mapping[Any, str]) -> Show:
    """One of a few values, in words; a value that is newer than this version stays as it is."""
    return lambda value, _: words.get(value, said(value))


def listed(value: Any, _: Scene) -> str:
    """A set, in one order."""
    return joined(sorted(str(one) for one in value)) if isinstance(value, list | tuple) else said(value)


def moment(value: Any, _: Scene) -> str:
    """Seconds since 1970 as a date."""
    return f"{datetime.fromtimestamp(int(value), UTC):%Y-%m-%d %H:%M} UTC"


def times(value: Any, _: Scene) -> str:
    """How often."""
    return "once" if value == 1 else f"{number(value)} times"


def amount_in(path: str) -> Show:
    """Minor units of the currency that another field names."""
    where = place_of(path)
    return lambda value, scene: money(Decimal(str(value)), str(at(scene.args, where)))


def amount_of_key(step: int) -> Show:
    """Minor units of the currency that a step of the path names."""
    return lambda value, scene: money(Decimal(str(value)), scene.place[step])


def percentage(value: Any, _: Scene) -> str:
    """``19 %``, however it is written."""
    return f"{number(Decimal(str(value)))} %"


def switched(on: str, off: str) -> Callable[[str, str | None, str | None], str]:
    """A headline for what is on or off."""
    return lambda _, __, new: on if new == "yes" else off


METADATA = Field("metadata.*", "Metadata {key}", said=counts)
DESCRIPTION = Field("description", "Description", said=rewritten)
ADOPT = Field("adopt", "Take over what is there", absent=False, said=lambda _, __, ___: None)
"""Says how an object is found at its create, and nothing about what it is."""
