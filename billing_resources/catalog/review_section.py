"""What a catalog says to the review of its changes: findings that somebody decided to live with, and until when.

Which rules there are, the review knows: it refuses unknown ones. Here the entries are checked that they are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Annotated, Any, NotRequired

from annotated_types import Len
from pydantic import BeforeValidator, WithJsonSchema, with_config
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from billing_resources._engine.facts import Default
from billing_resources._engine.validation import CONFIG, Place
from billing_resources.catalog.names import hint

DAY_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def _day(value: Any) -> Any:
    try:
        written_so = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        written_so = False
    if not written_so:
        raise PydanticCustomError("day", "takes a date of the calendar: 2027-01-31")
    return value


def _reason(value: Any) -> Any:
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("reason", "must say why the finding is no problem")
    return value


Day = Annotated[
    str, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "pattern": DAY_PATTERN})
]


@with_config(CONFIG)
class Suppression(TypedDict):
    """A finding of the review that does not count for a while."""

    rule: Annotated[str, Len(1, 64)]
    """The name of the rule, such as price-increase."""
    on: NotRequired[Annotated[str, Len(1, 200)]]
    """The name of the entry it is about, with its prices and copies: team, team.monthly; every entry when absent."""
    removed: NotRequired[Annotated[bool, Default(False)]]
    """Whether the finding is about the removal of that entry, so that it is not in this catalog any more."""
    reason: Annotated[str, Len(1, 500), BeforeValidator(_reason)]
    """Why the finding is no problem."""
    until: Day
    """The last day (UTC) on which it holds: 2027-01-31."""


@with_config(CONFIG)
class Review(TypedDict):
    """What the review of changes is told."""

    suppress: NotRequired[list[Suppression]]
    """Findings that do not count for a while, each with a reason and a last day."""


def suppressed_entries_are_there(data: Mapping[str, Any], names: AbstractSet[str]) -> Iterator[tuple[Place, str]]:
    """A suppression names an entry of this catalog, or says that it is removed."""
    for index, one in enumerate(suppressions(data)):
        name, removed = one.get("on"), one.get("removed")
        if not isinstance(name, str) or not name:
            continue
        place: Place = ("review", "suppress", index)
        if removed is True and name in names:
            yield (*place, "removed"), f"is true, but {name} is in this catalog: take it out"
        if removed is not True and name not in names:
            yield (
                (*place, "on"),
                f"names no entry of this catalog: {hint(name, names)} (gone with this change? write removed: true)",
            )


def suppressions(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What is suppressed, as it is written; empty where that is no object, which was refused already."""
    section = data.get("review")
    written = section.get("suppress") if isinstance(section, Mapping) else None
    return [one if isinstance(one, Mapping) else {} for one in written] if isinstance(written, list) else []
