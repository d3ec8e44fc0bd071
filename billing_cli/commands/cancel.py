"""`billing cancel`: unlock a stack."""

from __future__ import annotations

import click

from billing_cli.commands.options import as_json, cwd, engine, stack
from billing_cli.commands.stack import confirmed
from billing_cli.engines import choose_stacks
from billing_cli.engines.workplace import Workplace


@click.command(short_help="Unlock a stack whose last operation was killed.")
@stack
@engine
@as_json
@cwd
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def cancel(*, stack: str | None, engine: str | None, as_json: bool, cwd: str, yes: bool) -> None:
    """Unlock a stack whose last operation was killed; one that still runs must be ended first."""
    workplace = Workplace.find(cwd, stack, None)
    confirmed("unlock", workplace.stack, yes=yes)
    found = choose_stacks(engine, workplace)
    if not found.has_stack():
        workplace.require_settings()
    raise click.exceptions.Exit(found.cancel(as_json=as_json))
