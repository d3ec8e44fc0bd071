"""`billing credits`: what entities have, and what became of it. docs/runtime-credits.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from billing_cli.commands.options import as_json
from billing_cli.opened import opened, opening_options

if TYPE_CHECKING:
    from datetime import datetime

    from billing_runtime import CreditBalance, CreditEntry, CreditGrant


@click.group("credits")
def credits_() -> None:
    """Look at the credits of entities."""


@credits_.command()
@click.argument("entity", metavar="ENTITY")
@opening_options
@as_json
def balance(*, entity: str, as_json: bool, **options: Any) -> None:
    """Print what ENTITY has of each name: what may be used now, what begins later, what has expired, what is owed."""
    with opened(options) as billing:
        found = billing.credits.balances(entity)
    if as_json:
        _print(entity, balances=[_balance(one) for one in found])
        return
    for one in found:
        owed = f", {one.debt} owed" if one.debt else ""
        click.echo(f"{one.name}: {one.available} available, {one.pending} pending, {one.expired} expired{owed}")
        for grant in one.grants:
            ends = f", until {grant.expires_at:%Y-%m-%d %H:%M}" if grant.expires_at else ""
            click.echo(f"  {grant.left} of {grant.units} from {grant.source}, priority {grant.priority}{ends}")


@credits_.command()
@click.argument("entity", metavar="ENTITY")
@opening_options
@click.option("--name", help="Of this limit only.")
@click.option("--grant", "grant_id", metavar="ID", help="Of this grant only.")
@click.option("--before", metavar="ID", help="Only those before this entry: the next page.")
@click.option("--most", type=click.IntRange(1, 1000), default=100, show_default=True, help="So many.")
@as_json
def entries(
    *, entity: str, name: str | None, grant_id: str | None, before: str | None, most: int, as_json: bool, **options: Any
) -> None:
    """Print what became of the credits of ENTITY, newest first."""
    with opened(options) as billing:
        found = billing.credits.entries(entity, name, grant_id=grant_id, before=before, limit=most)
    if as_json:
        _print(entity, entries=[_entry(one) for one in found])
        return
    for one in found:
        receipt = f" {one.receipt}" if one.receipt else ""
        click.echo(f"{one.at:%Y-%m-%d %H:%M:%S} {one.units:+} {one.name} {one.kind} {one.source}{receipt}")


def _print(entity: str, **found: list[dict[str, Any]]) -> None:
    click.echo(json.dumps({"version": 1, "entity_id": entity, **found}, indent=2))


def _balance(one: CreditBalance) -> dict[str, Any]:
    units = {name: str(getattr(one, name)) for name in ("available", "pending", "expired", "debt")}
    return {"name": one.name, **units, "grants": [_grant(grant) for grant in one.grants]}


def _grant(one: CreditGrant) -> dict[str, Any]:
    units = {name: str(getattr(one, name)) for name in ("units", "left", "expired", "taken_back")}
    times = {name: _text(getattr(one, name)) for name in ("starts_at", "expires_at", "created_at")}
    return {"id": one.id, "source": one.source, "priority": one.priority, **units, **times, "revoked": one.revoked}


def _entry(one: CreditEntry) -> dict[str, Any]:
    names = ("id", "grant_id", "name", "source", "kind", "receipt")
    return {name: getattr(one, name) for name in names} | {"units": str(one.units), "at": _text(one.at)}


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
