"""The base of every declared resource: checks a call at the user's line, then hands it to Pulumi.

Declarations load without Pulumi, so that catalogs can be checked and documented without it. The Pulumi class of a kind
is made when the first resource of it is: ``Price(...)`` answers an instance of a class that is both a ``Price`` and a
``pulumi.dynamic.Resource``.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from billing_resources._engine.kind import REGISTRY, Kind
from billing_resources._engine.validation import problems

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions
    from pulumi.dynamic import Resource as PulumiResource

    from billing_resources._engine.kind import Rule, Stripe
    from billing_resources._engine.marks import Mark
else:
    PulumiResource = object


class StripeResource(PulumiResource):
    """A Stripe object declared in a stack. Not used by itself: see the kinds."""

    kind: ClassVar[Kind]

    if TYPE_CHECKING:
        livemode: Output[bool]
        account: Output[str]

    def __init_subclass__(
        cls,
        *,
        args: Any = None,
        stripe: Stripe | None = None,
        rules: Iterable[Rule] = (),
        marks: Iterable[Mark] = (),
        **pulumi_keywords: Any,
    ) -> None:
        """Register a kind; the Pulumi class that is made of it later declares nothing."""
        super().__init_subclass__(**pulumi_keywords)
        if args is not None and stripe is not None:
            cls.kind = Kind(cls.__name__, args, stripe, tuple(rules), tuple(marks))
            REGISTRY[cls.kind.name] = cls.kind

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Make an instance of the kind's Pulumi class, which is a subclass of the kind."""
        made: Any = object.__new__(_pulumi_class(cls))
        return cast("Self", made)

    def __init__(self, name: str, /, *, opts: ResourceOptions | None = None, **args: Any) -> None:
        """Declare the object.

        Raises InvalidDeclaration with every problem of the call, before anything is registered.
        """
        from billing_resources._engine.declared import RefusedInProgram, declare
        from billing_resources._engine.program_rules import problems_in_program

        found = [*problems(self.kind, args), *problems_in_program(self.kind, args)]
        if found:
            said = [f"{path}: {sentence}" if path else sentence for path, sentence in found]
            raise RefusedInProgram(f"{callers_line()}{self.kind.name} {name!r}", said)
        declare(self, name, args, opts)


_pulumi_classes: dict[str, type[StripeResource]] = {}


def _pulumi_class(declared: type[StripeResource]) -> type[StripeResource]:
    if declared.__name__ not in _pulumi_classes:
        _pulumi_classes[declared.__name__] = _made_for_pulumi(declared)
    return _pulumi_classes[declared.__name__]


def _made_for_pulumi(declared: type[StripeResource]) -> type[StripeResource]:
    from pulumi.dynamic import Resource

    keywords = {"module": "stripe", "name": declared.__name__}
    made = types.new_class(declared.__name__, (declared, Resource), keywords)
    made.__module__, made.__doc__ = declared.__module__, declared.__doc__
    return made


def callers_line() -> str:
    """The file and line outside this package that made the call."""
    frame = sys._getframe(1)  # noqa: SLF001 - the documented way to one frame, without reading sources
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("billing_resources"):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}: "
