"""Registering a declared resource with Pulumi, and remembering it for the manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pulumi

from billing_resources._engine.protection import with_protection
from billing_resources._engine.quiet_end import end_quietly
from billing_resources._engine.recovery import with_import
from billing_resources.errors import InvalidDeclaration

if TYPE_CHECKING:
    from billing_resources._engine.resource import StripeResource

T = TypeVar("T")


class RefusedInProgram(InvalidDeclaration, pulumi.RunError):
    """A refused call of a Pulumi program: Pulumi prints a RunError's text without a traceback."""


@dataclass(frozen=True)
class Declared:
    """One resource of the running program, with the arguments it was declared with."""

    key: str
    resource: StripeResource
    args: Mapping[str, Any]


class PerProgram(Generic[T]):
    """Something kept per Pulumi program: inline programs of the Automation API share a process."""

    def __init__(self, name: str, new: Callable[[], T]) -> None:
        self._new = new
        self._kept: ContextVar[tuple[object, T] | None] = ContextVar(name, default=None)

    def here(self) -> T:
        """What is kept for the running program."""
        program, known = pulumi.runtime.get_root_resource(), self._kept.get()
        if known is None or known[0] is not program:
            known = (program, self._new())
            self._kept.set(known)
        return known[1]


_resources = PerProgram[dict[tuple[str, str], Declared]]("resources", dict)
_plans = PerProgram[dict[str, Mapping[str, Any]]]("plans", dict)


def declared_here() -> dict[tuple[str, str], Declared]:
    """What the running program has declared so far, by kind and name."""
    return _resources.here()


def plans_here() -> dict[str, Mapping[str, Any]]:
    """The plans that the running program has declared so far: their arguments by name."""
    return _plans.here()


def declare(resource: StripeResource, name: str, args: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
    """Register the resource with Pulumi under the name that is also its key in the manifest."""
    from billing_resources.provider import load

    kind, known = resource.kind, declared_here()
    if (kind.name, name) in known:
        raise RefusedInProgram(f"{kind.name} {name!r}", ["is declared twice in this program: names are unique"])
    end_quietly()
    known[kind.name, name] = Declared(name, resource, args)
    whose = {"_key": name, "_stack": f"{pulumi.get_project()}/{pulumi.get_stack()}"}
    props = {**dict.fromkeys(kind.made), **args, **whose}
    opts = with_protection(with_import(kind.name, name, opts))
    hidden = pulumi.ResourceOptions(additional_secret_outputs=list(kind.stripe.secret))
    pulumi.dynamic.Resource.__init__(resource, load(kind.name), name, props, pulumi.ResourceOptions.merge(opts, hidden))
