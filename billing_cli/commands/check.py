"""`billing check`: every problem of the catalog, for the editor and CI. Nothing is sent anywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from billing_cli.commands.options import as_json, cwd, stack
from billing_cli.engines.workplace import Workplace, find_project, settings_directory, stacks_with_settings
from billing_cli.errors import UsageRefused

if TYPE_CHECKING:
    from billing_resources.catalog.problems import Problem


@click.command()
@click.argument("catalog", required=False, type=click.Path(dir_okay=False))
@stack
@as_json
@cwd
def check(*, catalog: str | None, stack: str | None, as_json: bool, cwd: str) -> None:
    """Check the catalog as every stack changes it, or as one does."""
    project = find_project(cwd)
    path = Path(catalog) if catalog else shown(settings_directory(project) / "catalog.yaml")
    names = [stack] if stack else stacks_with_settings(project)
    if stack:
        Workplace(project, stack).require_settings()
    found = list(dict.fromkeys(problem for name in names or [""] for problem in problems(path, project, name)))
    click.echo(json.dumps(_document(found), indent=2) if as_json else _text(str(path), names, found))
    raise click.exceptions.Exit(1 if found else 0)


def shown(path: Path) -> Path:
    """A path as an editor finds it: seen from here if it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def problems(path: Path, project: Path, stack: str) -> list[Problem]:
    """The problems of the catalog with one stack's overrides."""
    from billing_resources.catalog.loader import load_catalog
    from billing_resources.catalog.problems import InvalidCatalog

    try:
        load_catalog(path, overrides_of(project, stack), stack)
    except InvalidCatalog as error:
        return list(error.found)
    return []


def overrides_of(project: Path, stack: str) -> Mapping[str, Any]:
    """The stack's ``billing:overrides``; Pulumi takes an object or JSON."""
    found = Workplace(project, stack).settings.get("billing:overrides") if stack else None
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            raise UsageRefused(f"billing:overrides of stack {stack} is neither an object nor JSON") from None
    if found is not None and not isinstance(found, Mapping):
        raise UsageRefused(f"billing:overrides of stack {stack} takes an object: a JSON merge patch over the catalog")
    return found or {}


def _text(name: str, stacks: list[str], found: list[Problem]) -> str:
    if not found:
        return f"{name}: no problems" + (f" (stacks {', '.join(stacks)})" if stacks else "")
    count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
    return "\n".join([*(str(problem) for problem in found), f"{name}: {count}"])


def _document(found: list[Problem]) -> dict[str, Any]:
    return {
        "ok": not found,
        "problems": [
            {
                "source": one.source,
                "line": one.line,
                "column": one.column,
                "path": one.path,
                "message": one.sentence,
            }
            for one in found
        ],
    }
