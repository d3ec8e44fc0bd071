"""`billing migrate`: move subscriptions from a price to its successor, as one explicit act. docs/migration.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from billing_cli.commands.options import as_json, cwd, engine, stack

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

EXIT_CODES = """\b
Exit codes:
  0    planned (dry run), or all that was to be moved is moved
  1    refused: this run changed nothing
  2    wrong usage
  3    some subscriptions failed or are left to do: see the report, go on with --resume
  130  interrupted: go on with --resume"""
_file = click.Path(dir_okay=False)


def _what(function: F) -> F:
    """Which subscriptions, and from where to where."""
    for option in reversed(
        (
            click.option("--from", "source", metavar="OLD", help="The price to leave: its key, lookup key or id."),
            click.option("--to", "target", metavar="NEW", help="The new price; the active one of OLD's key if absent."),
            click.option("--resume", type=_file, metavar="JOURNAL", help="Go on with a migration that has begun."),
            click.option("--undo", type=_file, metavar="JOURNAL", help="Move back what a migration moved."),
            click.option("--only", multiple=True, metavar="CUSTOMER", help="Only this customer; may be repeated."),
            click.option("--exclude", multiple=True, metavar="CUSTOMER", help="Not this one; may be repeated."),
            click.option("--limit", type=click.IntRange(1), metavar="N", help="At most N subscriptions."),
        )
    ):
        function = option(function)
    return function


def _policy(function: F) -> F:
    """How it is billed, and who is taken along."""
    choice = click.Choice(["skip", "move"])
    prorations = click.Choice(["none", "create_prorations", "always_invoice"])
    for option in reversed(
        (
            click.option(
                "--proration",
                type=prorations,
                help="none (the default): the new price counts from the next period; create_prorations: the "
                "difference comes with the next invoice; always_invoice: at once.",
            ),
            click.option("--past-due", type=choice, help="Those with an unpaid invoice: skip (the default) or move."),
            click.option(
                "--cancel-at-period-end", type=choice, help="Those that end by themselves: skip (the default) or move."
            ),
            click.option("--allow-interval-change", is_flag=True, help="Start a new period, and bill it at once."),
            click.option("--raise-to-minimum", is_flag=True, help="Raise seats to the new price's minimum."),
            click.option("--reactivate", is_flag=True, help="With --undo: let an archived price be active meanwhile."),
        )
    ):
        function = option(function)
    return function


def _how(function: F) -> F:
    """Whether and how it is carried out."""
    for option in reversed(
        (
            click.option("--run", is_flag=True, help="Carry it out; without it nothing is changed."),
            click.option("-y", "--yes", is_flag=True, help="Do not ask."),
            click.option("--live", is_flag=True, help="With --run: yes, these are real customers."),
            click.option("--keep-going", is_flag=True, help="After a failure go on with the others."),
            click.option(
                "--batch", type=click.IntRange(1), default=100, show_default=True, help="So many, then pause."
            ),
            click.option("--pause", type=click.FloatRange(0), default=0, help="Seconds between batches."),
            click.option(
                "-p", "--parallel", type=click.IntRange(1, 16), default=4, show_default=True, help="So many at a time."
            ),
            click.option("--journal", type=_file, help="Where to write it down; .billing/migrations/… if absent."),
            click.option("--report", type=_file, metavar="FILE", help="Write the report there too, as JSON."),
            as_json,
        )
    ):
        function = option(function)
    return function


@click.command(epilog=EXIT_CODES)
@_what
@_policy
@_how
@stack
@engine
@cwd
@click.option("--config-file", type=_file, help="The stack's settings file.")
@click.option("--manifest", type=_file, help="The stack's manifest as a file; asked of the stack if absent.")
def migrate(**options: Any) -> None:
    """Move subscriptions from a price to its successor.

    A dry run unless --run is given: it says who would move, who would stay and why, and what it comes to each month.
    What is done is written down first, so that a killed run goes on with --resume and each subscription is moved once.
    """
    from billing_cli.migrating import carry_out

    raise click.exceptions.Exit(carry_out(options))
