"""The catalog as one revision has it, with the overrides that a stack's settings had then."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from billing_cli.review.git import Repository

if TYPE_CHECKING:
    from billing_resources.catalog.document import Document
    from billing_resources.catalog.loader import Catalog

CATALOG = "catalog.yaml"
WORKING_TREE = "the working tree"
Read = Callable[[str], bytes | None]


@dataclass(frozen=True)
class Side:
    """One of the two catalogs; both may be absent: then there was none yet, or there is none any more."""

    title: str
    """How the side is called: main (4f2a91c)."""
    path: str
    """The catalog's path, seen from the project."""
    catalog: Catalog | None = None
    document: Document | None = None
    problems: tuple[str, ...] = field(default=())
    """What is wrong with it; then there is no catalog."""
    knows_stack: bool = False

    @property
    def is_there(self) -> bool:
        """Whether this side has the file at all."""
        return self.catalog is not None or bool(self.problems)


def of_revision(repository: Repository, revision: str, option: str, stack: str | None) -> Side:
    """The catalog of a revision; ``option`` is how the revision was given."""
    commit = repository.commit(revision, option)
    title = revision if commit.startswith(revision) else f"{revision} ({commit[:7]})"
    return _side(title, lambda path: repository.read(commit, path), stack)


def of_working_tree(project: Path, stack: str | None) -> Side:
    """The catalog as it lies in the project."""

    def read(path: str) -> bytes | None:
        file = project / path
        try:
            return file.read_bytes() if file.is_file() else None
        except OSError as error:
            raise _Unfit(f"{path}: it cannot be read: {error.strerror}") from None

    return _side(WORKING_TREE, read, stack)


class _Unfit(Exception):  # noqa: N818 - a sentence on its way to the side's problems
    """Something of this side cannot be read."""


def _side(title: str, read: Read, stack: str | None) -> Side:
    from billing_resources.catalog.document import parse
    from billing_resources.catalog.loader import catalog_of
    from billing_resources.catalog.problems import InvalidCatalog

    path = CATALOG
    try:
        folder = PurePosixPath(str(_mapping(read, "Pulumi.yaml").get("stackConfigDir") or "."))
        path = str(folder / CATALOG)
        text = _text(read, path)
        if text is None:
            return Side(title, path)
        settings = str(folder / f"Pulumi.{stack}.yaml")
        patch = _overrides(read, settings) if stack else {}
        document = parse(text, path)
        catalog = catalog_of(document, patch, stack or "")
    except InvalidCatalog as error:
        return Side(title, path, problems=tuple(str(one) for one in error.found))
    except _Unfit as error:
        return Side(title, path, problems=(str(error),))
    return Side(title, path, catalog, document, knows_stack=stack is not None and read(settings) is not None)


def _text(read: Read, path: str) -> str | None:
    found = read(path)
    try:
        return None if found is None else found.decode("utf-8")
    except UnicodeDecodeError:
        raise _Unfit(f"{path}: it is not UTF-8 text") from None


def _mapping(read: Read, path: str) -> Mapping[str, Any]:
    try:
        found = YAML(typ="safe", pure=True).load(_text(read, path) or "")
    except (YAMLError, RecursionError, ValueError):
        raise _Unfit(f"{path}: it is not valid YAML") from None
    if found is not None and not isinstance(found, Mapping):
        raise _Unfit(f"{path}: it must hold a mapping")
    return found or {}


def _overrides(read: Read, path: str) -> Mapping[str, Any]:
    """The stack's ``billing:overrides`` in this revision; Pulumi takes an object or JSON."""
    config = _mapping(read, path).get("config")
    found = config.get("billing:overrides") if isinstance(config, Mapping) else None
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            raise _Unfit(f"{path}: billing:overrides is neither an object nor JSON") from None
    if found is not None and not isinstance(found, Mapping):
        raise _Unfit(f"{path}: billing:overrides takes an object: a JSON merge patch over the catalog")
    return found or {}
