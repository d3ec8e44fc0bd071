"""`billing usage drift`, `dead`, `retry`, `corrections`, `settle`: what Stripe was told. docs/runtime-reporting.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from billing_cli.commands.options import as_json
from billing_cli.opened import opened, opening_options

if TYPE_CHECKING:
    from datetime import datetime

    from billing_runtime import UsageDrift, UsageLag, UsageProblem

EXIT_CODES = """\b
Exit codes:
  0    Stripe has what it was told
  1    refused or failed: nothing is known
  2    wrong usage
  3    Stripe has something else; where the difference is, the list says"""
_DRIFTED = 3
_entity = click.option("--entity", metavar="ENTITY", help="Of this entity only.")


@click.command(epilog=EXIT_CODES)
@opening_options
@_entity
@as_json
@click.pass_context
def drift(context: click.Context, /, *, entity: str | None, as_json: bool, **options: Any) -> None:
    """Compare what was used with what Stripe's meters have, for every customer, meter and billing period.

    One request for each. `used` is what there was, `told` what Stripe was told of it so far.
    """
    with opened(options) as billing:
        found = billing.usage.drift(entity)
    drifted = [one for one in found if one.difference and one.exact]
    if as_json:
        click.echo(json.dumps({"version": 1, "drift": [_drift(one) for one in found]}, indent=2))
    else:
        for one in found:
            click.echo(_line(one))
        click.echo(f"{len(found)} compared, {len(drifted)} differ")
    context.exit(_DRIFTED if drifted else 0)


@click.command()
@opening_options
@_entity
@click.option("--most", type=click.IntRange(1, 10_000), default=100, show_default=True, help="So many at most.")
@as_json
def dead(*, entity: str | None, most: int, as_json: bool, **options: Any) -> None:
    """List usage that was given up because Stripe does not take it, with the reasons."""
    with opened(options) as billing:
        lag, found = billing.usage.lag(entity), billing.usage.dead(entity, most=most)
    if as_json:
        click.echo(json.dumps({"lag": _lag(lag), "dead": [_problem(one) for one in found]}, indent=2))
        return
    for one in found:
        click.echo(
            f"{one.identifier} {one.period_start:%Y-%m-%d} {one.meter} {one.units} {one.entity_id}: {one.reason}"
        )
    click.echo(
        f"{lag.dead} given up; {lag.waiting} waiting ({lag.failing} failed before, {lag.without_customer} without a "
        f"customer), the latest by {lag.seconds} s; {lag.corrections} invoices to be put right"
    )


@click.command()
@opening_options
@click.argument("identifiers", nargs=-1, metavar="[IDENTIFIER]...")
@click.option("--all", "everything", is_flag=True, help="All that were given up.")
@as_json
def retry(*, identifiers: tuple[str, ...], everything: bool, as_json: bool, **options: Any) -> None:
    """Tell Stripe again of usage that was given up: the next worker does."""
    if bool(identifiers) == everything:
        raise click.UsageError("name identifiers, or pass --all")
    with opened(options) as billing:
        for identifier in identifiers:
            billing.usage.retry(identifier)
        number = billing.usage.retry_dead() if everything else len(identifiers)
    click.echo(json.dumps({"retried": number}) if as_json else f"{number} to be told again")


@click.command()
@opening_options
@_entity
@as_json
def corrections(*, entity: str | None, as_json: bool, **options: Any) -> None:
    """List invoices that bill units too much (negative) or too little, and why."""
    with opened(options) as billing:
        found = billing.usage.corrections(entity)
    if as_json:
        click.echo(json.dumps({"corrections": [_problem(one) for one in found]}, indent=2))
        return
    for one in found:
        click.echo(
            f"{one.identifier} {one.period_start:%Y-%m-%d} {one.meter} {one.units} {one.entity_id}: {one.reason}"
        )
    click.echo(f"{len(found)} to be put right")


@click.command()
@opening_options
@click.argument("identifiers", nargs=-1, required=True, metavar="IDENTIFIER...")
@as_json
def settle(*, identifiers: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Say that invoices were put right."""
    with opened(options) as billing:
        for identifier in identifiers:
            billing.usage.settle_correction(identifier)
    number = len(identifiers)
    click.echo(json.dumps({"settled": number}) if as_json else f"{number} settled")


COMMANDS = (drift, dead, retry, corrections, settle)


def _line(one: UsageDrift) -> str:
    there = "nothing to compare with" if one.stripe is None else f"Stripe {one.stripe}"
    said = f" (differs by {one.difference:+})" if one.difference else ""
    known = "" if one.exact else ", its edges are shared with another period"
    period = f"{one.period_start:%Y-%m-%d %H:%M:%S}"
    return f"{one.entity_id} {one.meter} {period}: used {one.used}, told {one.told}, {there}{said}{known}"


def _drift(one: UsageDrift) -> dict[str, Any]:
    names = ("entity_id", "customer_id", "meter", "used", "told", "stripe", "difference", "exact")
    return {name: getattr(one, name) for name in names} | _period(one)


def _problem(one: UsageProblem) -> dict[str, Any]:
    names = ("identifier", "entity_id", "meter", "units", "reason")
    return {name: getattr(one, name) for name in names} | _period(one)


def _period(one: UsageDrift | UsageProblem) -> dict[str, str | None]:
    return {"period_start": _moment(one.period_start), "period_end": _moment(one.period_end)}


def _lag(lag: UsageLag) -> dict[str, Any]:
    names = ("waiting", "failing", "without_customer", "seconds", "dead", "corrections")
    return {name: getattr(lag, name) for name in names} | {"oldest": _moment(lag.oldest)}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
