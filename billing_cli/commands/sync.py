"""`billing sync`: hold the cache against Stripe and repair it. docs/webhooks.md."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from billing_cli.commands.options import as_json
from billing_cli.errors import OperationFailed
from billing_cli.opened import opened, opening_options

if TYPE_CHECKING:
    from billing_runtime import Billing
    from billing_runtime._cache.reconciling import Reconciled

EXIT_CODES = """\b
Exit codes:
  0    the cache is as Stripe is
  1    Stripe or the store is away, or another process is at it: call again to go on
  2    wrong usage"""


@click.command(epilog=EXIT_CODES)
@click.argument("entity", required=False)
@click.option("--all", "everybody", is_flag=True, help="Every customer, and webhooks that never arrived.")
@opening_options
@as_json
def sync(*, entity: str | None, everybody: bool, as_json: bool, **options: Any) -> None:
    """Ask Stripe about ENTITY, or with --all about everybody, and repair the cache.

    A run over everybody reads a hundred for one request, and goes on where it was interrupted.
    """
    if (entity is None) != everybody:
        raise click.UsageError("name an entity, or pass --all")
    with opened(options) as billing:
        found = _all(billing) if entity is None else _one(billing, entity)
    click.echo(json.dumps(found, indent=2) if as_json else _sentence(found))


def _one(billing: Billing, entity: str) -> dict[str, Any]:
    held = billing.sync(entity)
    return {"entity": entity, "subscriptions": [{"id": one.id, "status": one.status} for one in held]}


def _all(billing: Billing) -> dict[str, Any]:
    done = billing.sync_all(_progress)
    if sys.stderr.isatty():
        click.echo(err=True)
    if done is None:
        raise OperationFailed("another process is reconciling: let it finish, then call again if that is still wanted")
    kept = ("customers", "subscriptions", "repaired", "recovered", "calls")
    return {name: value for name, value in asdict(done).items() if name in kept}


def _progress(state: Reconciled) -> None:
    if sys.stderr.isatty():
        said = f"{state.customers} customers, {state.subscriptions} subscriptions, {state.repaired} repaired"
        click.echo(f"\r{said} ({state.phase})\x1b[K", nl=False, err=True)


def _sentence(found: dict[str, Any]) -> str:
    if "entity" in found:
        listed = ", ".join(f"{one['id']} {one['status']}" for one in found["subscriptions"])
        return f"{found['entity']}: {listed or 'no subscription'}"
    return (
        f"{found['customers']} customers, {found['subscriptions']} subscriptions looked at in {found['calls']} "
        f"requests: {found['repaired']} repaired, {found['recovered']} missed webhooks put into the inbox"
    )
