"""`billing usage`: what entities have used. docs/runtime-usage.md."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal

import click

from billing_cli.commands.usage_reporting import COMMANDS
from billing_cli.opened import opened, opening_options

if TYPE_CHECKING:
    from datetime import datetime

_day = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def usage() -> None:
    """Look at what entities have used."""


for _command in COMMANDS:
    usage.add_command(_command)


@usage.command()
@click.argument("entity", metavar="ENTITY")
@opening_options
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--name", help="Of this limit only.")
@click.option("--start", type=_day, metavar="YYYY-MM-DD", help="From this day on (UTC).")
@click.option("--end", type=_day, metavar="YYYY-MM-DD", help="Up to and with this day (UTC).")
def export(
    *,
    entity: str,
    kind: Literal["csv", "json"],
    as_json: bool,
    name: str | None,
    start: datetime | None,
    end: datetime | None,
    **options: Any,
) -> None:
    """Print what ENTITY used: a row for each day, name, member and action, less what was given back.

    Rows are printed as they are read, however many there are.
    """
    days = {"start": start and start.date(), "end": end and end.date()}
    with opened(options) as billing:
        billing.export_usage(entity, sys.stdout, format="json" if as_json else kind, name=name, **days)
