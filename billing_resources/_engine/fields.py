"""A declaration read as data: which fields an object has, of what shape, with what facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any, NotRequired, Required, TypeVar, get_args, get_origin

from typing_extensions import get_type_hints, is_typeddict

from billing_resources._engine.facts import CaseBlind

F = TypeVar("F")


@dataclass(frozen=True)
class Shape:
    """What a value looks like inside: ``fields`` of an object, ``item`` of a list, ``value`` of a map, else scalar."""

    fields: tuple[Field, ...] = ()
    item: Shape | None = None
    value: Shape | None = None
    literals: tuple[Any, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields of an object by their names."""
        return {field.name: field for field in self.fields}


@dataclass(frozen=True)
class Field:
    """One field: its name, shape, whether it must be given, and the facts stated on it."""

    name: str
    shape: Shape
    facts: tuple[Any, ...]
    required: bool

    def held(self, value: Any) -> Any:
        """A value as it is compared with those of other objects."""
        return value.lower() if self.has(CaseBlind) and isinstance(value, str) else value

    def has(self, fact: type) -> bool:
        """Whether the fact is stated on this field."""
        return any(isinstance(one, fact) for one in self.facts)

    def fact(self, fact: type[F]) -> F | None:
        """The fact of that type, if it is stated."""
        return next((one for one in self.facts if isinstance(one, fact)), None)


def _unwrap(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    facts: tuple[Any, ...] = ()
    while get_origin(hint) in (Annotated, NotRequired, Required):
        if get_origin(hint) is Annotated:
            facts += tuple(hint.__metadata__)
        hint = get_args(hint)[0]
    return hint, facts


def _shape(hint: Any) -> Shape:
    bare, _ = _unwrap(hint)
    if is_typeddict(bare):
        return Shape(fields=fields_of(bare))
    arguments = get_args(bare)
    if get_origin(bare) is list:
        return Shape(item=_shape(arguments[0]))
    if get_origin(bare) is dict:
        return Shape(value=_shape(arguments[1]))
    return Shape(literals=tuple(one for one in arguments if isinstance(one, str)))


@cache
def fields_of(args: Any) -> tuple[Field, ...]:
    """Every field of a ``TypedDict``, in the order of its declaration."""
    hints = get_type_hints(args, include_extras=True)
    return tuple(Field(name, _shape(hint), _unwrap(hint)[1], _is_required(hint)) for name, hint in hints.items())


def _is_required(hint: Any) -> bool:
    """Read off the hint: ``__required_keys__`` is wrong where annotations are strings."""
    origin: Any = get_origin(hint)
    return origin is not NotRequired
