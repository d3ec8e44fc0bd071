"""`billing doctor`: is everything in order at run time? docs/runtime-operations.md."""

from __future__ import annotations

import json
from typing import Any

import click

from billing_cli.commands.options import as_json
from billing_cli.opened import opened, opening_options

EXIT_CODES = """\b
Exit codes:
  0    everything is in order, or there are warnings only
  1    a fault was found, or the billing could not be opened
  2    wrong usage"""
_SIGNS = {"ok": "ok", "warning": "!", "fault": "FAULT"}


@click.command(epilog=EXIT_CODES)
@opening_options
@as_json
def doctor(*, as_json: bool, **options: Any) -> None:
    """Look at manifest, key, mode, account, store, webhook endpoints, prices and second subscriptions.

    Nothing is changed. What is wrong says what to do next.
    """
    with opened(options) as billing:
        found = billing.doctor()
    if as_json:
        click.echo(json.dumps({"findings": [one.to_dict() for one in found]}, indent=2, ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{_SIGNS[one.state]:<5}  {one.check}: {one.said}")
    raise click.exceptions.Exit(1 if any(one.state == "fault" for one in found) else 0)
