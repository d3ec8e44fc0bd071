"""Names that stand for other entries: found by the facts of the fields they are written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from billing_resources._engine.facts import KeyOf, Reference
from billing_resources._engine.fields import Field, Shape
from billing_resources._engine.validation import Place


def references(
    shape: Shape, value: Any, place: Place = (), *, facts: tuple[type[Reference | KeyOf], ...] = (Reference, KeyOf)
) -> Iterator[tuple[Place, str, str]]:
    """Every ``(place, kind, name)`` inside the value that names another entry by these facts."""
    for part, inside, field in _parts(shape, value):
        fact = next((found for one in facts if field is not None and (found := field.fact(one))), None)
        if fact is not None:
            yield from _named(fact.kind, inside, (*place, part))
        yield from references(_shape_of(shape, part), inside, (*place, part), facts=facts)


def _named(kind: str, value: Any, place: Place) -> Iterator[tuple[Place, str, str]]:
    """The one name, or each of a list of names."""
    if isinstance(value, str):
        yield place, kind, value
    for index, one in enumerate(value) if isinstance(value, list) else ():
        if isinstance(one, str):
            yield (*place, index), kind, one


Answers = Callable[[str, str], Any]


def resolved(shape: Shape, value: Any, by: Answers) -> Any:
    """The value with each name of a Stripe object replaced by what ``by(kind, name)`` answers."""
    parts = [(part, _resolved_part(shape, part, inside, field, by)) for part, inside, field in _parts(shape, value)]
    if isinstance(value, Mapping):
        return dict(parts)
    return [inside for _, inside in parts] if isinstance(value, list) else value


def _resolved_part(shape: Shape, part: int | str, inside: Any, field: Field | None, by: Answers) -> Any:
    reference = field.fact(Reference) if field is not None else None
    if reference is not None and isinstance(inside, str):
        return by(reference.kind, inside)
    if reference is not None and isinstance(inside, list):
        return [by(reference.kind, one) if isinstance(one, str) else one for one in inside]
    return resolved(_shape_of(shape, part), inside, by)


def _parts(shape: Shape, value: Any) -> list[tuple[int | str, Any, Field | None]]:
    if isinstance(value, Mapping):
        return [(key, inside, shape.by_name.get(key)) for key, inside in value.items()]
    return [(index, inside, None) for index, inside in enumerate(value)] if isinstance(value, list) else []


def _shape_of(shape: Shape, part: int | str) -> Shape:
    if isinstance(part, int):
        return shape.item or Shape()
    field = shape.by_name.get(part)
    return field.shape if field is not None else shape.value or Shape()
