"""`billing catalog`: the catalog for those who do not read YAML. Nothing is sent anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_cli.commands.check import overrides_of
from billing_cli.commands.options import as_json, cwd
from billing_cli.engines.workplace import Workplace, find_project, settings_directory
from billing_cli.errors import OperationFailed
from billing_cli.price_list.formats import FORMATS

if TYPE_CHECKING:
    from billing_resources.catalog.loader import Catalog

EXIT_CODES = """\b
Exit codes:
  0  shown
  1  the catalog has problems, or nothing is sold in the currency
  2  wrong usage"""


@click.group()
def catalog() -> None:
    """Read the catalog without reading YAML."""


@catalog.command(epilog=EXIT_CODES)
@click.argument("file", metavar="[CATALOG]", required=False, type=click.Path(dir_okay=False))
@click.option("-s", "--stack", help="As this stack changes it; without one, as it is written.")
@click.option("--currency", metavar="CODE", help="In this currency alone; without one, in all that a price has.")
@click.option("--format", "form", type=click.Choice(tuple(FORMATS)), help="term when absent.")
@as_json
@cwd
def show(
    *, file: str | None, stack: str | None, currency: str | None, form: str | None, as_json: bool, cwd: str
) -> None:
    """Print the price list as a customer reads it.

    Plans by rank, then products: prices and what paying by the year saves, tiers, trials, what is included.
    """
    from billing_cli.price_list.reading import price_list

    if as_json and form not in {None, "json"}:
        raise click.UsageError(f"--json is --format json, not --format {form}: leave one of them out")
    found = price_list(_loaded(file, stack, cwd), currency.lower() if currency else None)
    click.echo(FORMATS["json" if as_json else form or "term"](found))


def _loaded(file: str | None, stack: str | None, cwd: str) -> Catalog:
    from billing_resources.catalog.loader import load_catalog
    from billing_resources.catalog.problems import InvalidCatalog

    project = find_project(cwd) if stack or file is None else None
    if project is not None and stack:
        Workplace(project, stack).require_settings()
    path = Path(file) if file else settings_directory(find_project(cwd)) / "catalog.yaml"
    overrides = overrides_of(project, stack) if project is not None and stack else {}
    try:
        return load_catalog(path, overrides, stack or "")
    except InvalidCatalog as error:
        raise OperationFailed("\n".join([*error.problems, "run `billing check` for the fixes"])) from None
