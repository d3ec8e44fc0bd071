"""What is to be imported: checked as a whole, named, and put in an order in which parents come first."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_engine import urns
from local_engine.errors import ImportRefusedError, UnsupportedError
from local_engine.goal import refuse_package

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from local_engine.state import ResourceState

_TYPE_PARTS = 3


@dataclass(frozen=True)
class ImportSpec:
    """One object that exists: its type, the name it is to have, its id, and its parent when that is not the stack.

    The parent is a URN, or the name of another import of the same run.
    """

    type: str
    name: str
    id: str
    parent: str | None = None


@dataclass(frozen=True)
class PlannedImport:
    """An import that has its place in the stack."""

    spec: ImportSpec
    urn: str
    parent: str

    def is_done(self, olds: dict[str, ResourceState]) -> bool:
        """Tell whether the resource is there already, from the same id."""
        old = olds.get(self.urn)
        return old is not None and (old.import_id or old.id) == self.spec.id


def planned(specs: Sequence[ImportSpec], stack: str, project: str) -> list[PlannedImport]:
    """Give each import its URN; everything that is wrong with any of them is told at once."""
    _refuse(problem for number, spec in enumerate(specs) for problem in _shortcomings(number, spec))
    _refuse(problem for spec in specs if (problem := _unsupported(spec)) is not None)
    family = _Family(specs, stack, project)
    _refuse(problem for spec in specs if (problem := family.problem_of(spec)) is not None)
    found = [PlannedImport(spec, family.urn(spec), family.parent(spec)) for spec in specs]
    _refuse(_twice(found))
    return found


def _refuse(problems: Iterable[str]) -> None:
    found = list(problems)
    if found:
        raise ImportRefusedError("\n".join(found))


def _shortcomings(number: int, spec: ImportSpec) -> Iterator[str]:
    told = f"resource '{spec.name or spec.id or number}'"
    if not spec.type:
        yield f"{told} has no type."
    elif spec.type.count(":") < _TYPE_PARTS - 1:
        yield (
            f'import type "{spec.type}" is not a valid resource type token; type tokens have the form '
            "<package>:<module>:<type>."
        )
    if not spec.name:
        yield f"{told} has no name."
    if not spec.id:
        yield f"{told} has no ID."


def _unsupported(spec: ImportSpec) -> str | None:
    try:
        refuse_package(spec.type)
    except UnsupportedError as error:
        return str(error)
    return None


class _Family:
    """Finds parents among the imports themselves."""

    def __init__(self, specs: Iterable[ImportSpec], stack: str, project: str) -> None:
        self._stack = stack
        self._project = project
        self._by_name: dict[str, list[ImportSpec]] = defaultdict(list)
        for spec in specs:
            self._by_name[spec.name].append(spec)

    def _named_parent(self, spec: ImportSpec) -> str | None:
        return None if spec.parent is None or spec.parent.startswith("urn:") else spec.parent

    def problem_of(self, spec: ImportSpec) -> str | None:
        """Say why a parent cannot be found."""
        seen = {spec}
        current = spec
        while (name := self._named_parent(current)) is not None:
            found = self._by_name.get(name, [])
            if len(found) != 1:
                return _no_parent(current, len(found))
            current = found[0]
            if current in seen:
                return f"resource '{spec.name}' has itself above it: parent leads back to '{current.name}'."
            seen.add(current)
        return None

    def parent(self, spec: ImportSpec) -> str:
        """Return the URN of a parent."""
        name = self._named_parent(spec)
        if name is not None:
            return self.urn(self._by_name[name][0])
        return spec.parent or urns.stack_urn(self._stack, self._project)

    def urn(self, spec: ImportSpec) -> str:
        """Return the URN an import will have."""
        return urns.make(self._stack, self._project, self.parent(spec), spec.type, spec.name)


def _no_parent(spec: ImportSpec, found: int) -> str:
    what = f"the parent '{spec.parent}' of resource '{spec.name}'"
    if found:
        return f"{what} could be any of {found} imports of that name; give its URN."
    return f"{what} is neither a URN nor the name of another import."


def _twice(found: list[PlannedImport]) -> Iterator[str]:
    for urn, count in Counter(item.urn for item in found).items():
        if count > 1:
            yield (
                f"resource '{urns.name_of(urn)}' of type '{urns.kind_of(urn)}' is imported {count} times; "
                "give each import a name of its own."
            )


def in_waves(items: Iterable[PlannedImport]) -> Iterator[list[PlannedImport]]:
    """Yield imports side by side, each after its parent."""
    left = list(items)
    while left:
        coming = {item.urn for item in left}
        wave = [item for item in left if item.parent not in coming]
        yield wave
        left = [item for item in left if item.parent in coming]
