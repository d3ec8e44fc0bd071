"""A kind of Stripe object, as its declaration says it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from billing_resources._engine.canonical import canonical
from billing_resources._engine.dialect import V1, Dialect
from billing_resources._engine.extra import Extra
from billing_resources._engine.facts import Default, OnlyAtCreate, Ours, Sticky
from billing_resources._engine.fields import Field, Shape, fields_of

if TYPE_CHECKING:
    from billing_resources._engine.marks import Mark

Rule = Callable[[dict[str, Any]], "list[tuple[str, str]]"]
"""A rule over several fields: the values in, ``(path, sentence)`` for each problem out."""


def _nothing_more(_: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _never(_: Mapping[str, Any]) -> bool:
    return False


@dataclass(frozen=True)
class Stripe:
    """How Stripe serves a kind; what is said here is all that the engine knows about it."""

    service: str
    """The SDK's service below ``client.v1`` or ``client.v2``."""
    noun: str
    """What a sentence calls it."""
    alive: Mapping[str, Any] = field(default_factory=dict)
    """What a living object shows, although no program says so."""
    retire: Mapping[str, Any] | str = "delete"
    """What removing does: the parameters of an archiving update, or a verb of the service."""
    status_verbs: Mapping[str, str] = field(default_factory=dict)
    """The verb that brings a status about, where updates cannot."""
    listings: tuple[Mapping[str, Any], ...] = ({},)
    """The filters that together list every object, active or not."""
    expand: tuple[str, ...] = ()
    """What Stripe leaves out of an answer unless asked."""
    computed: tuple[str, ...] = ()
    """Outputs that Stripe makes."""
    secret: tuple[str, ...] = ()
    """Outputs that Stripe shows once, at the create, and nobody else ever."""
    has_metadata: bool = True
    """Whether marks can be written on it."""
    unique: tuple[str, ...] = ()
    """Fields whose value one object of the account, or of its parent, holds."""
    movable: bool = False
    """Whether such a value moves from one object of a stack to another."""
    vacates: tuple[str, ...] = ()
    """Those of them that a removed object no longer holds, while a living one has to be removed first."""
    adopts: Mapping[str, Any] = field(default_factory=dict)
    """What the object shows that ``adopt=True`` takes over where no unique value names one."""
    parent: str = ""
    """The field that names the object it belongs to: its id is then ``parent/own``."""
    dialect: Dialect = V1
    """Which generation of Stripe's API serves it."""
    expand_at_create: tuple[str, ...] = ()
    """What only the create's answer shows, and only if asked."""
    is_final: bool = False
    """Whether what is not alive any more never lives again, so that a new object takes its place."""
    ended: Callable[[Mapping[str, Any]], bool] = _never
    """Whether the object stopped being alive as it was declared to, so that it is no drift."""
    params: Callable[[Mapping[str, Any]], dict[str, Any]] = _nothing_more
    """Parameters of the create that follow from others."""
    seen: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
    """The object with its oddities put into the words of the declaration."""
    extra: Extra = field(default_factory=Extra)
    """Further requests that Stripe needs for it."""


@dataclass(frozen=True)
class Kind:
    """One kind: its name, the ``TypedDict`` of its fields, its rules, its marks, and how Stripe serves it."""

    name: str
    args: Any
    stripe: Stripe
    rules: tuple[Rule, ...] = ()
    marks: tuple[Mark, ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The declared fields, in order."""
        return fields_of(self.args)

    @cached_property
    def shape(self) -> Shape:
        """The declaration as one object."""
        return Shape(fields=self.fields)

    @property
    def alive(self) -> Mapping[str, Any]:
        """What a living object of this kind shows."""
        return self.stripe.alive

    def is_alive(self, found: Mapping[str, Any]) -> bool:
        """Whether an object still does what a declared one does."""
        return all(found.get(name) == value for name, value in self.alive.items())

    @property
    def first_status(self) -> Any:
        """The status of an object that no declaration gives one."""
        field = self.shape.by_name.get("status")
        default = field.fact(Default) if field is not None else None
        return default.value if default is not None else self.alive.get("status")

    def shows(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """What an object shows of being alive; nothing when it ended as it was declared to."""
        return {} if self.stripe.ended(found) else {name: found.get(name) for name in self.alive}

    def held(self, name: str, value: Any) -> Any:
        """A unique value in the form in which it is unique."""
        return self.shape.by_name[name].held(value)

    @property
    def reading(self) -> str:
        """What a restricted key must be allowed to do so that objects can be read."""
        return f"read {self.stripe.noun}s"

    @property
    def writing(self) -> str:
        """What a restricted key must be allowed to do so that objects can be written."""
        return f"write {self.stripe.noun}s"

    @property
    def token(self) -> str:
        """The type token in users' state: a public format."""
        return f"pulumi-python:dynamic/stripe:{self.name}"

    @cached_property
    def sent(self) -> tuple[Field, ...]:
        """The fields that are parameters of Stripe."""
        return tuple(one for one in self.fields if not one.has(Ours))

    @cached_property
    def made(self) -> tuple[str, ...]:
        """The outputs that Stripe makes, beyond the echoed inputs."""
        return (*self.alive, *self.stripe.computed, *self.stripe.secret, "livemode", "account")

    @cached_property
    def unobservable(self) -> frozenset[str]:
        """Declared fields that no object shows: they stay as the program wrote them."""
        marked = {mark.field for mark in self.marks} | {"status"}
        ours = {one.name for one in self.fields if one.has(Ours)} - marked
        return frozenset(ours | {one.name for one in self.fields if one.has(Sticky) or one.has(OnlyAtCreate)})

    def canonical(self, props: Mapping[str, Any]) -> dict[str, Any]:
        """The declared part of the properties, in the one form that compares."""
        form: dict[str, Any] = canonical(self.shape, props)
        return {name: value for name, value in form.items() if not self.shape.by_name[name].has(OnlyAtCreate)}

    def declared(self, props: Mapping[str, Any]) -> dict[str, Any]:
        """The declared part of the properties as it was written, without bookkeeping and computed outputs."""
        return {one.name: props[one.name] for one in self.fields if props.get(one.name) is not None}


REGISTRY: dict[str, Kind] = {}
"""Every declared kind by its name, filled as the resource modules are imported."""
