"""What a stack changes of the catalog, and which of its declarations about the catalog lead nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_cli.explain.findings import Finding, note, problem, warning
from billing_cli.explain.overriding import Override, overriding
from billing_cli.explain.written import as_object
from billing_review.parity.allowances import SETTING, Allowance, read_allowances, unknown
from billing_review.parity.compare import paths
from billing_review.parity.manifest import environment_of_manifest
from billing_review.parity.sections import path_of

if TYPE_CHECKING:
    from billing_resources.catalog.problems import Problem
    from billing_review.parity.environment import Environment

OVERRIDES = "billing:overrides"


@dataclass(frozen=True)
class CatalogPart:
    """The catalog as one stack has it."""

    file: str
    objects: tuple[str, ...] = ()
    """Everything it declares for the stack, as paths of a manifest."""
    overrides: tuple[Override, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def entries(self) -> int:
        """How many entries of the catalog the stack has otherwise."""
        return len({one.entry for one in self.overrides if one.does != "repeats"})


@dataclass(frozen=True)
class _Read:
    """A catalog as it was read for a stack."""

    data: Any
    """As the file says it, without overrides."""
    declares: Environment | None = None
    """With them; None where something is wrong."""
    wrong_overrides: tuple[Problem, ...] = ()
    is_wrong_itself: bool = False


def catalog_part(path: Path, name: str, stack: str, overrides: Any, allowed: Any, today: date) -> CatalogPart:
    """Read the catalog for a stack; what is wrong with the catalog itself is `billing check`'s to say."""
    patch = as_object(overrides) if overrides is not None else {}
    allowances, slips = read_allowances(stack, as_object(allowed))
    said = [problem(SETTING, slip.removeprefix(SETTING).strip()) for slip in slips]
    if not isinstance(patch, Mapping):
        fault = problem(OVERRIDES, "is neither an object nor JSON: it takes a JSON merge patch over the catalog")
        return CatalogPart(name, findings=(fault, *said))
    if not path.is_file():
        away = [note(OVERRIDES, f"cannot be compared: there is no {name}")] if patch else []
        return CatalogPart(name, findings=(*said, *away))
    read = _read(path, stack, patch)
    if read.is_wrong_itself:
        said.append(note(OVERRIDES, f"cannot be told whole: {name} has problems of its own, see `billing check`"))
    written = tuple(overriding(read.data, patch))
    said += [*_of_overrides(written, read), *_of_allowances(allowances, stack, read.declares, written, today)]
    objects = () if read.declares is None else tuple(path_of(*key) for key in read.declares.objects)
    return CatalogPart(name, objects, written, tuple(said))


def _read(path: Path, stack: str, patch: Mapping[str, Any]) -> _Read:
    from billing_resources.catalog.document import read_document
    from billing_resources.catalog.loader import load_catalog
    from billing_resources.catalog.manifest import of_catalog
    from billing_resources.catalog.overrides import Overrides
    from billing_resources.catalog.problems import InvalidCatalog

    try:
        data = read_document(path).data
    except InvalidCatalog:
        return _Read({}, is_wrong_itself=True)
    try:
        catalog = load_catalog(path, patch, stack)
    except InvalidCatalog as error:
        source = Overrides(stack, patch).source
        mine = tuple(one for one in error.found if one.source == source)
        return _Read(data, wrong_overrides=mine, is_wrong_itself=len(mine) < len(error.found))
    return _Read(data, environment_of_manifest(of_catalog(catalog, "", stack)))


def _of_overrides(written: tuple[Override, ...], read: _Read) -> Iterator[Finding]:
    """What the overrides add, what is wrong with them, and what they say for nothing."""
    strangers = [one for one in written if one.does == "adds" and one.place == one.entry]
    yield from (_stranger(one, read) for one in strangers)
    for fault in read.wrong_overrides:
        if not any(fault.path.startswith(f"{one.path}.") for one in strangers):
            yield problem(OVERRIDES, f"{fault.path}: {fault.sentence}")
    for one in written:
        if one.does == "repeats":
            yield note(OVERRIDES, f"{one.path}: says what the catalog says already")


def _stranger(one: Override, read: _Read) -> Finding:
    """An entry that is new and incomplete, or all but named like another, was meant to be one that is there."""
    from billing_resources.catalog.names import hint

    beside = _beside(read.data, one.place)
    if any(fault.path.startswith(f"{one.path}.") for fault in read.wrong_overrides):
        return problem(OVERRIDES, f"patches {one.path}, which is not in the catalog: {hint(one.place[-1], beside)}")
    near = difflib.get_close_matches(one.place[-1], beside, n=1)
    if near:
        return warning(OVERRIDES, f"adds {one.path}, which is not in the catalog: did you mean {near[0]}?")
    return note(OVERRIDES, f"adds {one.path}, which is not in the catalog")


def _beside(known: Any, place: tuple[str, ...]) -> list[str]:
    """The names that are there where one was not found."""
    for step in place[:-1]:
        known = known.get(step) if isinstance(known, Mapping) else None
    return [str(name) for name in known] if isinstance(known, Mapping) else []


def _of_allowances(
    allowances: tuple[Allowance, ...],
    stack: str,
    declares: Environment | None,
    written: tuple[Override, ...],
    today: date,
) -> Iterator[Finding]:
    known = [] if declares is None else [*paths(declares), *_removed(written)]
    for allowance in allowances:
        if allowance.has_expired(today):
            yield warning(SETTING, f"allowed {allowance.path} until {allowance.until}: that is over")
        elif known and (said := unknown(allowance, known)):
            yield problem(SETTING, said.partition(f"of stack {stack} ")[2])


def _removed(written: tuple[Override, ...]) -> Iterator[str]:
    """What the stack lacks may be allowed to be missing, under the path that a manifest has for it."""
    for one in written:
        if one.does == "removes":
            yield one.path
            if len(one.place) == 4 and one.place[2] == "prices":
                yield path_of("Price", f"{one.place[1]}.{one.place[3]}")
