"""What the program's calls tell the deployment; each waits for its answer."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from local_engine.goal import Goal, ReadGoal
    from local_engine.state import ResourceState
    from local_engine.values import Properties


@dataclass(frozen=True)
class Answer:
    """What became of a resource; unknown and without a result when the run left it alone or could not make it."""

    state: ResourceState
    unknown: bool = False
    result: Literal["success", "fail", "skip"] = "success"


@dataclass
class Registration:
    """The program wants a resource."""

    goal: Goal
    reply: Future[Answer] = field(default_factory=Future)


@dataclass
class Imported:
    """A resource was taken over; whether it is as the program wants it is still to be seen."""

    registration: Registration
    state: ResourceState


@dataclass
class Reading:
    """The program looks a resource up."""

    goal: ReadGoal
    reply: Future[Answer] = field(default_factory=Future)


@dataclass
class OutputsRegistered:
    """A component, or the stack, knows its outputs."""

    urn: str
    outputs: Properties
    reply: Future[None] = field(default_factory=Future)


@dataclass
class ProgramDone:
    """The program has registered all it wants."""

    reply: Future[None] = field(default_factory=Future)


@dataclass
class ProgramEnded:
    """The program's process is gone; the report is None when all is well, empty when the user has been told."""

    report: str | None


@dataclass
class Refused:
    """The program asked for something this engine does not do."""

    reason: str


class Stop:
    """Look up: something happened outside the program."""


Message = Registration | Imported | Reading | OutputsRegistered | ProgramDone | ProgramEnded | Refused | Stop
