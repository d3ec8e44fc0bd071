"""References to objects that are made in the same change: their ids are unknown, their names are not.

Pulumi tells for each field which objects it depends on, not at which place inside; the places tell the kind.
https://www.pulumi.com/docs/iac/concepts/inputs-outputs/
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from billing_review.reading.names import Named
from billing_review.reading.values import LATER, UNKNOWN

_KINDS = {
    "product": "Product",
    "products": "Product",
    "price": "Price",
    "prices": "Price",
    "meter": "Meter",
    "coupon": "Coupon",
    "entitlement_feature": "Feature",
}
"""What a field that refers to another object refers to."""
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One unknown value: where it stands, and what it would refer to."""

    place: Place
    kind: str | None

    @property
    def entry(self) -> Place:
        """The object it stands in."""
        return self.place[: max((at for at, step in enumerate(self.place) if isinstance(step, str)), default=0)]


def resolved(field: str, value: Any, depends: Collection[Named]) -> Any:
    """The value with unknown references as names; what cannot be told is said to be known later."""
    slots = list(_slots((field,), value, field))
    if not slots:
        return value
    left = sorted(one for one in set(depends) if not _mentions(value, one[1]))
    found = _assigned(value, slots, left)
    return _filled((field,), value, found)


def is_later(value: Any) -> bool:
    """Whether the whole value is known only after the update."""
    return bool(value == LATER)


def _slots(place: Place, value: Any, field: str) -> Iterator[Slot]:
    if value == UNKNOWN:
        yield Slot(place, _KINDS.get(field))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _slots((*place, key), part, key)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _slots((*place, index), part, field)


def _mentions(value: Any, name: str) -> bool:
    if isinstance(value, Mapping):
        return any(_mentions(part, name) for part in value.values())
    return any(_mentions(part, name) for part in value) if isinstance(value, list) else bool(value == name)


def _assigned(value: Any, slots: list[Slot], left: list[Named]) -> dict[Place, str]:
    """Which name each place gets: the kinds decide, and prices belong to the product that stands beside them."""
    found: dict[Place, str] = {}
    for entry in dict.fromkeys(slot.entry for slot in slots if slot.kind == "Price"):
        found |= _entry(entry, _at(value, entry[1:]), slots, [one for one in left if one[1] not in found.values()])
    for kind in {slot.kind for slot in slots}:
        places = [slot.place for slot in slots if slot.kind == kind and slot.place not in found]
        names = [key for one, key in left if kind in {None, one} and key not in found.values()]
        if len(names) == 1 or len(names) == len(places):
            found |= dict(zip(places, names * len(places), strict=False))
    return found


def _entry(entry: Place, value: Any, slots: list[Slot], left: list[Named]) -> dict[Place, str]:
    """A product of a portal with the list of its prices, which are named after it: team.monthly of team."""
    places = [slot.place for slot in slots if slot.kind == "Price" and slot.entry == entry]
    product = value.get("product") if isinstance(value, Mapping) else None
    if not isinstance(product, str):
        return {}
    owners = [key for kind, key in left if kind == "Product"] if product == UNKNOWN else [product]
    for owner in owners:
        prices = [key for kind, key in left if kind == "Price" and key.startswith(f"{owner}.")]
        if len(prices) == len(places):
            return {(*entry, "product"): owner, **dict(zip(places, prices, strict=True))}
    return {}


def _at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def _filled(place: Place, value: Any, found: Mapping[Place, str]) -> Any:
    if value == UNKNOWN:
        return found.get(place, LATER)
    if isinstance(value, Mapping):
        return {key: _filled((*place, key), part, found) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled((*place, index), part, found) for index, part in enumerate(value)]
    return value
