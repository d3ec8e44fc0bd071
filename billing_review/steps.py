"""What a change does to each object, wherever it was read from: the one form that everything in this room works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Operation = Literal["create", "update", "replace", "delete", "import", "same"]
Args = Mapping[str, Any]
"""An object's fields as a program declares them, without bookkeeping; what refers to another object is its name."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What somebody changed at Stripe behind the program's back; None where it is not there."""

    declared: Any
    found: Any


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one object. Equal objects are steps as well: the others are judged beside them."""

    kind: str
    """As Stripe and the declarations spell it: Price."""
    key: str
    """Its name in the program and in the manifest: team.monthly."""
    operation: Operation
    old: Args | None = None
    """What it was; None for what is new."""
    new: Args | None = None
    """What it will be; None for what goes."""
    object_id: str | None = None
    """Its id at Stripe, where it is there already and the source knows it."""
    plan: str | None = None
    """The plan it belongs to."""
    changed: tuple[str, ...] = ()
    """Paths of the changed fields: unit_amount, tiers[1].up_to."""
    replacing: tuple[str, ...] = ()
    """Those of them that Stripe cannot change in place."""
    drift: Mapping[str, Drift] = field(default_factory=dict)
    """By path; the path ``""`` is the whole object, which somebody removed."""
    place: str | None = None
    """Where it is written, if the source knows: stacks/catalog.yaml:52."""
    is_partial: bool = False
    """Whether the source knows only some of its fields: what is not there may be there all the same."""

    @property
    def args(self) -> Args:
        """What it is after the change, or was before it went."""
        return self.new if self.new is not None else self.old or {}


@dataclass(frozen=True, slots=True)
class Source:
    """Where the steps come from."""

    kind: Literal["plan", "catalog"]
    project: str | None = None
    stack: str | None = None
    livemode: bool | None = None
    """Whether real money moves; None where the source cannot know."""
    account: str | None = None
    base: str | None = None
    head: str | None = None
    """The two revisions of a catalog."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan of the catalog says beyond its product, before and after, where the source knows it."""

    key: str
    old: Args | None = None
    new: Args | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Everything a review is about."""

    source: Source
    steps: tuple[Step, ...]
    plans: tuple[Plan, ...] = ()
    trouble: tuple[str, ...] = ()
    """What the source says went wrong while it was made: errors of a preview."""
    others: Mapping[Operation, int] = field(default_factory=dict)
    """Resources in the same plan that are not Stripe's and change as well, by operation; nobody judges them."""

    def of(self, kind: str) -> tuple[Step, ...]:
        """The steps of one kind of object."""
        return tuple(step for step in self.steps if step.kind == kind)

    def find(self, kind: str, key: str) -> Step | None:
        """One object's step."""
        return next((step for step in self.steps if (step.kind, step.key) == (kind, key)), None)
