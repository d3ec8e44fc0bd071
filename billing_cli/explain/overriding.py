"""What a stack has otherwise than the catalog says, place by place. https://www.rfc-editor.org/rfc/rfc7386"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from billing_cli.explain.written import plain_value

Place = tuple[str, ...]


@dataclass(frozen=True)
class Override:
    """One place that a stack's overrides write."""

    place: Place
    does: Literal["changes", "adds", "removes", "repeats"]
    shared: Any
    """What the catalog says for every stack."""
    here: Any

    @property
    def path(self) -> str:
        """The place as the catalog's problems name it."""
        return ".".join(self.place)

    @property
    def entry(self) -> Place:
        """The name of the catalog's entry in which it stands."""
        depth = 4 if len(self.place) > 3 and self.place[2] == "prices" else 2
        return self.place[:depth]


def overriding(catalog: Any, patch: Any, place: Place = ()) -> Iterator[Override]:
    """Every place that the patch writes, beside what the catalog says there."""
    known = catalog if isinstance(catalog, Mapping) else {}
    for name, part in patch.items():
        here, there = (*place, str(name)), known.get(name)
        if isinstance(part, Mapping) and part and (isinstance(there, Mapping) or (there is None and _holds(here))):
            yield from overriding(there, part, here)
        elif part is None:
            yield Override(here, "removes", plain_value(there), None)
        elif name not in known:
            yield Override(here, "adds", None, plain_value(part))
        else:
            does: Literal["changes", "repeats"] = "repeats" if part == there else "changes"
            yield Override(here, does, plain_value(there), plain_value(part))


def _holds(place: Place) -> bool:
    """Whether entries stand there by their names: a section, the prices of a plan."""
    return len(place) == 1 or (len(place) == 3 and place[2] == "prices")
