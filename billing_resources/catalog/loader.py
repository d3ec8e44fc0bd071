"""Reads a catalog: all of its problems at once, or data that can be declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from billing_resources._engine.validation import Place, field_problems
from billing_resources.catalog import checks
from billing_resources.catalog.document import Document, read_document
from billing_resources.catalog.entries import Entry, entries, section
from billing_resources.catalog.forms import full_form
from billing_resources.catalog.models import SHAPE, CatalogFile
from billing_resources.catalog.names import hint
from billing_resources.catalog.overrides import Overrides, idle_removals, merged
from billing_resources.catalog.places import problems_of_plan, problems_of_rules
from billing_resources.catalog.problems import InvalidCatalog, Problem
from billing_resources.catalog.review_section import suppressed_entries_are_there, suppressions


@dataclass(frozen=True)
class Catalog:
    """A catalog without problems, in its full form: short forms written out, defaults of the file filled in."""

    name: str
    data: Mapping[str, Any]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The resources it stands for."""
        return tuple(entries(self.data))


def load_catalog(path: str | Path, overrides: Mapping[str, Any] | None = None, stack: str = "") -> Catalog:
    """The catalog of a file, as the overrides of a stack change it.

    Raises InvalidCatalog with every problem of the file and of the overrides.
    """
    return catalog_of(read_document(path), overrides, stack)


def catalog_of(document: Document, overrides: Mapping[str, Any] | None = None, stack: str = "") -> Catalog:
    """The same of a file that was read already, such as one of another revision."""
    if not isinstance(document.data, Mapping):
        raise InvalidCatalog(document.name, [*document.problems, document.problem((), _not_a_catalog(document.data))])
    patch = Overrides(stack, overrides or {})
    full = full_form(SHAPE, merged(document.data, patch.patch))
    refused = {one.place for one in document.problems}
    found = [
        *_idle(document, patch),
        *(_located(document, patch, place, said) for place, said in _problems(full) if place not in refused),
        *(_located(document, patch, place, said) for place, said in _suppressed(document.data, full)),
    ]
    if found or document.problems:
        raise InvalidCatalog(document.name, [*document.problems, *dict.fromkeys(found)])
    return Catalog(document.name, full)


def _idle(document: Document, patch: Overrides) -> Iterator[Problem]:
    """Removals of the overrides that remove nothing: what was meant is still there."""
    for place, known in idle_removals(document.data, patch.patch):
        yield Problem(patch.source, f"removes what is not there: {hint(str(place[-1]), known)}", place)


def _not_a_catalog(data: Any) -> str:
    if data is None:
        return "is empty: a catalog begins with the line version: 1"
    return "is not a catalog: it takes sections such as version, meters and plans at the top"


def _problems(full: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    refused = field_problems(CatalogFile, "catalog", full)
    yield from (_friendlier(place, sentence) for place, sentence in refused)
    found = list(entries(full))
    yield from problems_of_rules(found, refused)
    for key, plan in section(full, "plans"):
        yield from problems_of_plan(plan, ("plans", key), refused)
    for check in checks.ALL:
        yield from check(found, full)


def _suppressed(written: Mapping[str, Any], full: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Suppressions of entries that nobody knows; an entry that only some stacks have is one that is there."""
    if suppressions(full):
        known = (*entries(full), *entries(full_form(SHAPE, written)))
        names = {name for entry in known for name in (entry.key, str(entry.place[1]))}  # app, of which app~2 is left
        yield from suppressed_entries_are_there(full, names)


def _friendlier(place: Place, sentence: str) -> tuple[Place, str]:
    if place[-1:] == ("currency",) and sentence == "is required":
        return place, "is required: write it here, or once for all prices at the top of the catalog"
    return place, sentence


def _located(document: Document, patch: Overrides, place: Place, sentence: str) -> Problem:
    """Where the problem was written: in the file, or in the overrides if these wrote it."""
    missing = place not in document.spots and patch.touches(place[:-1]) and place[:-1] not in document.spots
    if patch.wrote(place) or missing:
        return Problem(patch.source, sentence, place)
    return document.problem(place, sentence)
