"""`billing manifest`: what a stack provisioned, or what the catalog would."""

from __future__ import annotations

import json
from typing import Any

import click

from billing_cli.commands.check import overrides_of
from billing_cli.commands.options import cwd, engine, stack
from billing_cli.engines import choose
from billing_cli.engines.workplace import Workplace, project_name, settings_directory
from billing_cli.errors import OperationFailed


@click.command()
@stack
@engine
@cwd
@click.option("--config-file", type=click.Path(dir_okay=False), help="The stack's settings file.")
@click.option("--json", "_as_json", is_flag=True, help="As it is without it: a manifest is JSON.")
@click.option("--from-catalog", is_flag=True, help="Make it from the catalog alone: ids are null.")
def manifest(
    *, stack: str | None, engine: str | None, cwd: str, config_file: str | None, from_catalog: bool, _as_json: bool
) -> None:
    """Print the manifest of a stack as JSON."""
    workplace = Workplace.find(cwd, stack, config_file)
    found = _planned(workplace) if from_catalog else _provisioned(workplace, engine)
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def _planned(workplace: Workplace) -> dict[str, Any]:
    from billing_resources.catalog.loader import load_catalog
    from billing_resources.catalog.manifest import of_catalog
    from billing_resources.catalog.problems import InvalidCatalog

    workplace.require_settings()
    path = settings_directory(workplace.directory) / "catalog.yaml"
    try:
        catalog = load_catalog(path, overrides_of(workplace.directory, workplace.stack), workplace.stack)
    except InvalidCatalog as error:
        raise OperationFailed(str(error)) from None
    return of_catalog(catalog, project_name(workplace.directory), workplace.stack)


def _provisioned(workplace: Workplace, engine: str | None) -> dict[str, Any]:
    found = choose(engine, workplace).outputs().get("manifest")
    if not isinstance(found, dict):
        raise OperationFailed.no_manifest(workplace.stack)
    return found
