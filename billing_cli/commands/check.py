"""`billing check`: every problem of the catalog, for the editor and CI. Nothing is sent anywhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from billing_cli.commands.options import cwd
from billing_cli.engines.workplace import Workplace, find_project, settings_directory, stacks_with_settings
from billing_cli.errors import UsageRefused
from billing_cli.problem_formats import FORMATS, FORMS, TERMINAL

if TYPE_CHECKING:
    from billing_resources.catalog.mending.located import Located

EXIT_CODES = """\b
Exit codes:
  0  no problems
  1  problems, or settings that cannot be read
  2  wrong usage"""


@click.command(epilog=EXIT_CODES)
@click.argument("catalogs", metavar="[CATALOG]...", nargs=-1, type=click.Path(dir_okay=False))
@click.option("-s", "--stack", "stacks", multiple=True, help="Only as this stack changes it; may be repeated.")
@click.option("--format", "form", type=click.Choice(FORMS), help="text, or what a program or CI reads.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@cwd
def check(*, catalogs: tuple[str, ...], stacks: tuple[str, ...], form: str | None, as_json: bool, cwd: str) -> None:
    """Check the catalog as every stack changes it, or as some do.

    Each problem comes with its file, line and column, and with a fix. Several catalogs may be named; without a name it
    is the project's own, and one that is named outside of a project is checked as it stands.
    """
    if as_json and form not in {None, "json"}:
        raise click.UsageError(f"--json is --format json, not --format {form}: leave one of them out")
    project = None if catalogs and not stacks and not _in_project(cwd) else find_project(cwd)
    paths = [Path(one) for one in catalogs] or [shown(settings_directory(find_project(cwd)) / "catalog.yaml")]
    names = _stacks(project, stacks)
    found = list(
        dict.fromkeys(one for path in paths for name in names or [""] for one in _problems(path, project, name))
    )
    form = "json" if as_json else form or "text"
    if form == "text" and sys.stdout.isatty():
        form = TERMINAL
    click.echo(FORMATS[form](found, _summary(paths, names, len(found))))
    raise click.exceptions.Exit(1 if found else 0)


def shown(path: Path) -> Path:
    """A path as an editor finds it: seen from here if it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _in_project(cwd: str) -> bool:
    try:
        find_project(cwd)
    except UsageRefused:
        return False
    return True


def _stacks(project: Path | None, named: tuple[str, ...]) -> list[str]:
    """The stacks that were named, else all that the project has."""
    if project is None:
        return []
    for stack in named:
        Workplace(project, stack).require_settings()
    return list(dict.fromkeys(named)) or stacks_with_settings(project)


def _problems(path: Path, project: Path | None, stack: str) -> list[Located]:
    """The problems of the catalog with one stack's overrides."""
    from billing_resources.catalog.loader import load_catalog
    from billing_resources.catalog.mending.located import located
    from billing_resources.catalog.problems import InvalidCatalog

    try:
        load_catalog(path, overrides_of(project, stack) if project is not None else {}, stack)
    except InvalidCatalog as error:
        settings = shown(Workplace(project, stack).settings_file) if project is not None and stack else None
        return located(error.found, path, settings)
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


def _summary(paths: list[Path], stacks: list[str], count: int) -> str:
    checked = ", ".join(map(str, paths))
    if count:
        return f"{checked}: {'1 problem' if count == 1 else f'{count} problems'}"
    return f"{checked}: no problems" + (f" (stacks {', '.join(stacks)})" if stacks else "")
