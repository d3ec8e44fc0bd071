"""`billing export`, `billing delete`: what is kept about one entity, shown or removed. docs/runtime-operations.md."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from billing_cli.commands.options import as_json
from billing_cli.errors import UsageRefused
from billing_cli.opened import opened, opening_options

EXIT_CODES = """\b
Exit codes:
  0    done
  1    refused or failed: what was not said to be removed is still there
  2    wrong usage"""
_entity = click.option("--entity", required=True, metavar="ID", help="The application's id of a user or organization.")


@click.command(epilog=EXIT_CODES)
@_entity
@opening_options
@click.option("--json", "_as_json", is_flag=True, help="As it is without it: an export is JSON.")
def export(*, entity: str, _as_json: bool, **options: Any) -> None:
    """Print everything that is kept about an entity, here and at Stripe, as JSON."""
    with opened(options) as billing:
        found = billing.personal_data.export(entity)
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


@click.command(epilog=EXIT_CODES)
@_entity
@opening_options
@click.option("--cancel-subscriptions", is_flag=True, help="Subscriptions that run may end with it.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@as_json
def delete(*, entity: str, cancel_subscriptions: bool, yes: bool, as_json: bool, **options: Any) -> None:
    """Remove everything that is kept about an entity: its customer at Stripe, then every row here.

    It cannot be taken back. After a crash it may be called again.
    """
    with opened(options) as billing:
        if not yes:
            _confirm(entity, live=bool(billing.manifest.livemode))
        done = billing.personal_data.erase(entity, cancel=cancel_subscriptions)
    if as_json:
        click.echo(json.dumps({"entity_id": entity, "customer_id": done.customer_id, "rows": done.rows}, indent=2))
        return
    click.echo(f"Stripe: {f'customer {done.customer_id} is deleted' if done.customer_id else 'no customer'}")
    click.echo(f"Store: {', '.join(f'{number} of {table}' for table, number in done.rows.items()) or 'nothing'}")


def _confirm(entity: str, *, live: bool) -> None:
    what = f"deleting {'LIVE ' if live else ''}entity {entity!r}"
    if not sys.stdin.isatty():
        raise UsageRefused.unconfirmed(what)
    click.confirm(f"{what[0].upper()}{what[1:]} cannot be taken back. Go on?", abort=True)
