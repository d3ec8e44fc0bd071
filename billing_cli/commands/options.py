"""The options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from billing_cli.engines import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

stack = click.option("-s", "--stack", help="The stack; BILLING_STACK when absent.")
cwd = click.option("-C", "--cwd", default=".", show_default=True, help="The project's directory, or one below it.")
engine = click.option("--engine", type=click.Choice(NAMES), help="pulumi if it is on PATH, else local.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def selection(function: F) -> F:
    """The options of every command that can be about some resources only."""
    for option in reversed(
        (
            click.option(
                "--target", "targets", multiple=True, metavar="RESOURCE", help="Only this one: a name or a URN."
            ),
            click.option("--target-dependents", is_flag=True, help="With the targets, those that need them."),
            click.option("--exclude", "excludes", multiple=True, metavar="RESOURCE", help="All but this one."),
        )
    ):
        function = option(function)
    return function


def engine_options(function: F) -> F:
    """The options of every command that runs an engine."""
    for option in reversed(
        (
            stack,
            engine,
            click.option("-p", "--parallel", type=click.IntRange(1), help="How many steps at a time."),
            as_json,
            cwd,
            click.option("--config-file", type=click.Path(dir_okay=False), help="The stack's settings file."),
        )
    ):
        function = option(function)
    return function
