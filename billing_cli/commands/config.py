"""`billing config`: a stack's settings, read and changed on either engine."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, TypeVar

import click

from billing_cli.commands.options import as_json, cwd, engine, stack
from billing_cli.engines import choose_stacks
from billing_cli.engines.stack_engine import Setting
from billing_cli.engines.workplace import Workplace, find_project, stacks_with_settings
from billing_cli.errors import CliError, OperationFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from billing_cli.engines.stack_engine import StackEngine
    from billing_cli.explain.explanation import Explanation

F = TypeVar("F", bound="Callable[..., Any]")


def _of_stack(function: F) -> F:
    """The options that say whose settings are meant."""
    config_file = click.option("--config-file", type=click.Path(dir_okay=False), help="The stack's settings file.")
    for option in (config_file, cwd, engine, stack):
        function = option(function)
    return function


_path = click.option("--path", "is_path", is_flag=True, help="The key is a path into a map or a list: outer.inner[0].")


@click.group()
def config() -> None:
    """Read and change a stack's settings."""


def _engine(stack: str | None, engine: str | None, cwd: str, config_file: str | None) -> StackEngine:
    """The engine of a stack that has settings or state."""
    workplace = Workplace.find(cwd, stack, config_file)
    found = choose_stacks(engine, workplace)
    if not workplace.settings_file.is_file() and not found.has_stack():
        workplace.require_settings()
    return found


@config.command()
@_of_stack
@as_json
@click.option("--show-secrets", is_flag=True, help="Show secrets in plain text.")
def ls(*, as_json: bool, show_secrets: bool, **place: Any) -> None:
    """Print all settings; secrets are masked."""
    raise click.exceptions.Exit(_engine(**place).config_ls(as_json=as_json, show_secrets=show_secrets))


@config.command()
@click.argument("key")
@_of_stack
@_path
@as_json
def get(*, key: str, is_path: bool, as_json: bool, **place: Any) -> None:
    """Print one setting, also one that is secret."""
    raise click.exceptions.Exit(_engine(**place).config_get(Setting(key, is_path), as_json=as_json))


@config.command("set")
@click.argument("key")
@click.argument("value", required=False)
@_of_stack
@_path
@click.option("--secret", is_flag=True, help="Encrypt the value.")
def put(*, key: str, value: str | None, is_path: bool, secret: bool, **place: Any) -> None:
    """Change one setting. Without VALUE it is asked for, or read from standard input: no shell remembers it then."""
    raise click.exceptions.Exit(_engine(**place).config_set(Setting(key, is_path), value, secret=secret))


@config.command()
@click.argument("key")
@_of_stack
@_path
def rm(*, key: str, is_path: bool, **place: Any) -> None:
    """Remove one setting."""
    raise click.exceptions.Exit(_engine(**place).config_rm(Setting(key, is_path)))


@config.command()
@stack
@click.option("--config-file", type=click.Path(dir_okay=False), help="The stack's settings file.")
@as_json
@cwd
def explain(*, stack: str | None, config_file: str | None, as_json: bool, cwd: str) -> None:
    """Tell of every setting what holds, who says so, and what is wrong with it; without a stack, of all stacks.

    Files and the environment are read, nothing else: no engine, no passphrase, no network.
    """
    from billing_cli.explain.view import document, text

    found = _explanations(stack or os.environ.get("BILLING_STACK"), config_file, cwd)
    click.echo(json.dumps(document(found), indent=2, ensure_ascii=False) if as_json else text(found))
    raise click.exceptions.Exit(0 if all(one.is_sound for one in found) else 1)


def _explanations(stack: str | None, config_file: str | None, cwd: str) -> list[Explanation]:
    """One stack or all; what cannot be read of any of them is said at once."""
    from billing_cli.explain.explanation import explain as explained

    known = [] if stack else stacks_with_settings(find_project(cwd))
    names: list[str | None] = [*known] or [stack]
    found: list[Explanation] = []
    refused: list[str] = []
    for name in names:
        try:
            found.append(explained(Workplace.find(cwd, name, config_file), is_alone=len(names) == 1))
        except CliError as error:
            refused.append(str(error))
    if refused:
        raise OperationFailed("\n  ".join(refused))
    return found
