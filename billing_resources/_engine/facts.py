"""The facts a declaration states about its fields, each written once, on the field itself.

They stand outside ``In[...]``: ``currency: Annotated[In[str], Immutable()]``. Value rules (ranges, patterns) stand
inside it, because an ``Output`` has no value to check yet.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeGuard, TypeVar, Union

from pydantic_core import core_schema

if TYPE_CHECKING:
    from collections.abc import Callable

    import pulumi
    from pydantic import GetCoreSchemaHandler

T = TypeVar("T")


class Unreadable:
    """Stands for a value that was refused already, so that rules over several fields can still run."""


def is_deferred(value: object) -> bool:
    """Whether the value is not there yet: an ``Output`` in the program, an ``Unknown`` in the provider.

    Pulumi is asked only if somebody else imported it: without it there is no such value.
    """
    if isinstance(value, Unreadable):
        return True
    output = sys.modules.get("pulumi.output")
    return output is not None and isinstance(value, (output.Output, output.Unknown))


def is_known(value: object) -> TypeGuard[Any]:
    """Whether the value can be checked now: present and not deferred."""
    return value is not None and not is_deferred(value)


def has_deferred(value: object) -> bool:
    """Whether anything inside the value is deferred."""
    if isinstance(value, dict):
        return any(has_deferred(part) for part in value.values())
    if isinstance(value, (list, tuple)):
        return any(has_deferred(part) for part in value)
    return is_deferred(value)


class _Deferrable:
    """Lets a deferred value pass and checks everything else."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        def check(value: Any, inner: Callable[[Any], Any]) -> Any:
            return value if is_deferred(value) else inner(value)

        return core_schema.no_info_wrap_validator_function(check, handler(source))


if TYPE_CHECKING:
    In: TypeAlias = Union[T, pulumi.Output[T]]  # noqa: UP007 - checkers read a generic alias only in this form
else:

    class In:
        """A plain value, or a Pulumi ``Output`` of one."""

        def __class_getitem__(cls, plain: Any) -> Any:
            return Annotated[plain, _Deferrable()]


@dataclass(frozen=True)
class Immutable:
    """Stripe cannot change it: a new object takes the place of the old one."""


@dataclass(frozen=True)
class ImmutableOnce:
    """May be set once while it still has its default; any later change replaces (``tax_behavior``)."""


@dataclass(frozen=True)
class Default:
    """What Stripe takes when the field is absent; absent and equal to it are the same declaration.

    ``sent`` where Stripe knows only one value and still wants to be told.
    """

    value: Any
    sent: bool = False


@dataclass(frozen=True)
class Sticky:
    """Made by Stripe when absent, and then kept: absence is never a difference."""


@dataclass(frozen=True)
class AsSet:
    """The order of the items means nothing."""


@dataclass(frozen=True)
class Word:
    """A word among the items of a list that stands for several of them; in a catalog also alone, without a list."""

    word: str
    items: tuple[str, ...]

    def spelled_out(self, value: Any) -> Any:
        """The list with the items in place of the word; nothing is there twice."""
        if not isinstance(value, list) or not any(isinstance(one, str) and one == self.word for one in value):
            return value
        own = [one for one in value if not isinstance(one, str) or one != self.word]
        return [*own, *(one for one in self.items if one not in own)]


@dataclass(frozen=True)
class Numeral:
    """A number with decimals: 25, "25" and "25.0" are the same declaration."""


@dataclass(frozen=True)
class CaseBlind:
    """Stripe takes upper and lower case for the same."""


@dataclass(frozen=True)
class Switched:
    """An object with ``enabled``: while that is false, the rest of it means nothing."""


@dataclass(frozen=True)
class Kept:
    """Stripe sets and changes it, but never takes it or an entry of it away: what loses it is made anew."""


@dataclass(frozen=True)
class OnlyAtCreate:
    """Matters at the create only: neither its presence nor its absence is a difference afterwards."""


@dataclass(frozen=True)
class Permits(OnlyAtCreate):
    """Lets something through that is refused without it; neither its presence nor its absence is a difference."""


@dataclass(frozen=True)
class Ours:
    """Not a parameter of Stripe: it travels as a metadata mark, or as further requests, or not at all."""


@dataclass(frozen=True)
class UpdateOnly:
    """Stripe takes it in updates only, so a create that needs it costs a second request."""


@dataclass(frozen=True)
class Vital:
    """It changes what the object does, so drift counts even where the program does not write the field."""


@dataclass(frozen=True)
class Reference:
    """The id of another declared object of the kind named, or a list of such ids."""

    kind: str


@dataclass(frozen=True)
class KeyOf:
    """The manifest key of another declared object of the kind named, or a list of such keys."""

    kind: str


@dataclass(frozen=True)
class Short:
    """In a catalog, the value of this field alone may stand for the whole object: ``recurring: month``."""
