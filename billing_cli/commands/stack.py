"""`billing stack`: make, list, show, move and forget stacks, on either engine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_cli.commands.options import as_json, cwd, engine
from billing_cli.commands.options import stack as chosen
from billing_cli.engines import choose_stacks
from billing_cli.engines.workplace import Workplace, find_project
from billing_cli.errors import UsageRefused
from billing_cli.names import urns_named

if TYPE_CHECKING:
    from billing_cli.engines.stack_engine import StackEngine

_show_secrets = click.option("--show-secrets", is_flag=True, help="Show secrets in plain text.")
_yes = click.option("-y", "--yes", is_flag=True, help="Do not ask.")
_file = click.option("--file", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of the stream.")


@click.group()
def stack() -> None:
    """Make, list, show, move and forget stacks."""


def with_state(workplace: Workplace, name: str | None) -> StackEngine:
    """The engine of a stack that has state."""
    found = choose_stacks(name, workplace)
    if not found.has_stack():
        workplace.require_settings()
        raise UsageRefused.no_state(workplace.stack)
    return found


def confirmed(what: str, stack: str, *, yes: bool) -> None:
    """Go on only after a yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageRefused.unconfirmed(what.partition(" ")[0])
    if not click.confirm(f"{what} stack {stack}?"):
        click.echo("nothing was changed")
        raise click.exceptions.Exit(1)


def _ended(code: int) -> None:
    raise click.exceptions.Exit(code)


@stack.command()
@click.argument("name", required=False)
@chosen
@engine
@cwd
def init(*, name: str | None, stack: str | None, engine: str | None, cwd: str) -> None:
    """Make an empty stack, and its settings file if there is none."""
    workplace = Workplace.find(cwd, name or stack, None)
    _ended(choose_stacks(engine, workplace).init())


@stack.command()
@engine
@as_json
@cwd
def ls(*, engine: str | None, as_json: bool, cwd: str) -> None:
    """List the project's stacks."""
    _ended(choose_stacks(engine, Workplace(find_project(cwd), "")).ls(as_json=as_json))


@stack.command()
@click.argument("name", required=False)
@chosen
@engine
@click.option("--force", "-f", is_flag=True, help="Forget resources that still exist.")
@click.option("--preserve-config", is_flag=True, help="Leave the settings file.")
@_yes
@cwd
def rm(
    *,
    name: str | None,
    stack: str | None,
    engine: str | None,
    force: bool,
    preserve_config: bool,
    yes: bool,
    cwd: str,
) -> None:
    """Forget a stack: its state, its history, its settings."""
    workplace = Workplace.find(cwd, name or stack, None)
    found = with_state(workplace, engine)
    confirmed("remove", workplace.stack, yes=yes)
    _ended(found.rm(force=force, preserve_config=preserve_config))


@stack.command()
@click.argument("property_name", required=False)
@chosen
@engine
@as_json
@_show_secrets
@cwd
def output(
    *, property_name: str | None, stack: str | None, engine: str | None, as_json: bool, show_secrets: bool, cwd: str
) -> None:
    """Print what the program exported, or one of it."""
    found = with_state(Workplace.find(cwd, stack, None), engine)
    _ended(found.output(property_name, as_json=as_json, show_secrets=show_secrets))


@stack.command()
@click.argument("new")
@chosen
@engine
@cwd
def rename(*, new: str, stack: str | None, engine: str | None, cwd: str) -> None:
    """Give a stack another name: its state, history and settings, and every URN."""
    _ended(with_state(Workplace.find(cwd, stack, None), engine).rename(new))


@stack.command()
@chosen
@engine
@_file
@_show_secrets
@cwd
def export(*, stack: str | None, engine: str | None, file: Path | None, show_secrets: bool, cwd: str) -> None:
    """Print the state as JSON, for a backup or a repair."""
    found = with_state(Workplace.find(cwd, stack, None), engine)
    _ended(found.export(_absolute(file), show_secrets=show_secrets))


@stack.command("import")
@chosen
@engine
@_file
@cwd
def take_in(*, stack: str | None, engine: str | None, file: Path | None, cwd: str) -> None:
    """Replace the state by what `export` printed; open secrets are sealed again."""
    _ended(with_state(Workplace.find(cwd, stack, None), engine).take_in(_absolute(file)))


@stack.command()
@click.argument("resources", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every resource of the stack.")
@chosen
@engine
@_yes
@cwd
def unprotect(
    *, resources: tuple[str, ...], everything: bool, stack: str | None, engine: str | None, yes: bool, cwd: str
) -> None:
    """Let protected resources be deleted again: named as in the program, or by their URNs."""
    if everything == bool(resources):
        raise click.UsageError("name resources, or pass --all")
    workplace = Workplace.find(cwd, stack, None)
    found = with_state(workplace, engine)
    confirmed("unprotect resources of", workplace.stack, yes=yes)
    _ended(found.unprotect(_urns(found, resources)))


def _urns(found: StackEngine, resources: tuple[str, ...]) -> list[str]:
    """Names are looked up in the state; URNs alone need no look."""
    if all(resource.startswith("urn:") for resource in resources):
        return list(resources)
    return urns_named(resources, found.urns())


def _absolute(file: Path | None) -> Path | None:
    """The file as it is seen from here: the CLI works in the project's directory."""
    return None if file is None else file.absolute()
