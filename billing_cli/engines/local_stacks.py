"""Stacks and configuration by the local engine, said in the words of the CLI."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

from billing_cli import stack_tables
from billing_cli.engines.local_refusals import said
from billing_cli.errors import OperationFailed, UsageRefused

if TYPE_CHECKING:
    from pathlib import Path

    import local_engine
    from billing_cli.engines.stack_engine import Setting
    from billing_cli.engines.workplace import Workplace

T = TypeVar("T")


class _Where(TypedDict):
    """Which value, in which file."""

    path: bool
    config_file: Path | None


class LocalStacks:
    """The files of the file backend, without the CLI."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._name = workplace.stack

    @cached_property
    def _project(self) -> local_engine.Project:
        import local_engine

        return said(lambda: local_engine.load_project(self._workplace.directory))

    def has_stack(self) -> bool:
        """Whether the stack has state."""
        import local_engine

        return self._name in said(lambda: local_engine.list_stacks(self._project))

    def init(self) -> int:
        """Make an empty stack."""
        import local_engine

        said(lambda: local_engine.stack_init(self._project, self._name))
        click.echo(f"Created stack '{self._name}'", err=True)
        return 0

    def ls(self, *, as_json: bool) -> int:
        """List the project's stacks; the current one is what BILLING_STACK names."""
        import local_engine

        found = said(lambda: local_engine.stack_summaries(self._project))
        current = os.environ.get("BILLING_STACK")
        if as_json:
            _print_json([_listed(one, current) for one in found])
            return 0
        now = datetime.now(UTC)
        rows = [
            (one.name + "*" * (one.name == current), stack_tables.ago(one.last_update, now), str(one.resource_count))
            for one in found
        ]
        click.echo(stack_tables.table([("NAME", "LAST UPDATE", "RESOURCE COUNT"), *rows]))
        return 0

    def rm(self, *, force: bool, preserve_config: bool) -> int:
        """Forget the stack."""
        import local_engine

        options: dict[str, Any] = {"force": force, "preserve_config": preserve_config}
        said(lambda: local_engine.stack_remove(self._project, self._name, **options))
        click.echo(f"Stack '{self._name}' has been removed!")
        return 0

    def output(self, name: str | None, *, as_json: bool, show_secrets: bool) -> int:
        """Print the outputs, or one of them."""
        import local_engine

        found = said(lambda: local_engine.stack_outputs(self._project, self._name, show_secrets=show_secrets))
        if name is not None and name not in found:
            raise OperationFailed(f"stack {self._name} does not have output property '{name}'")
        value = found if name is None else found[name]
        if as_json:
            _print_json(value)
        else:
            click.echo(stack_tables.outputs(found) if name is None else stack_tables.plain(value))
        return 0

    def rename(self, new: str) -> int:
        """Give the stack another name."""
        import local_engine

        said(lambda: local_engine.stack_rename(self._project, self._name, new))
        click.echo(f"Renamed {self._name} to {new}")
        return 0

    def export(self, file: Path | None, *, show_secrets: bool) -> int:
        """Print the deployment, or write it into a file."""
        import local_engine

        found = said(lambda: local_engine.stack_export(self._project, self._name, show_secrets=show_secrets))
        text = json.dumps(found, indent=4, ensure_ascii=False)
        if file is None:
            click.echo(text)
        else:
            _write(file, f"{text}\n")
        return 0

    def take_in(self, file: Path | None) -> int:
        """Import a deployment from a file, or from standard input."""
        import local_engine

        text = _read(file)
        said(lambda: local_engine.stack_import(self._project, self._name, text))
        click.echo("Import complete.")
        return 0

    def urns(self) -> list[str]:
        """The URNs of all resources in the state."""
        import local_engine

        found = said(lambda: local_engine.stack_export(self._project, self._name))
        return [one["urn"] for one in found["deployment"].get("resources", ())]

    def unprotect(self, urns: list[str]) -> int:
        """Take the protection from some resources, or from all."""
        import local_engine

        said(lambda: local_engine.state_unprotect(self._project, self._name, urns or None))
        click.echo(f"{len(urns)} resources unprotected" if urns else "All resources unprotected")
        return 0

    def cancel(self, *, as_json: bool) -> int:
        """Remove the locks that a killed operation left."""
        import local_engine

        found = said(lambda: local_engine.stack_unlock(self._project, self._name))
        locks = "1 lock" if found == 1 else f"{found} locks"
        if as_json:
            _print_json({"stack": self._name, "locks": found})
        else:
            click.echo(f"stack {self._name}: {locks} removed" if found else "nothing was locked")
        return 0

    def config_ls(self, *, as_json: bool, show_secrets: bool) -> int:
        """Print the whole configuration."""
        import local_engine

        file = self._workplace.config_file
        found = said(
            lambda: local_engine.config_all(self._project, self._name, show_secrets=show_secrets, config_file=file)
        )
        if as_json:
            _print_json({key: value.document() for key, value in found.items()})
            return 0
        prefix = f"{self._project.name}:"
        rows = [(key.removeprefix(prefix), value.text) for key, value in found.items()]
        click.echo(stack_tables.table([("KEY", "VALUE"), *rows]))
        return 0

    def config_get(self, setting: Setting, *, as_json: bool) -> int:
        """Print one value."""
        import local_engine

        options = _Where(path=setting.is_path, config_file=self._workplace.config_file)
        found = said(lambda: local_engine.config_get(self._project, self._name, setting.key, **options))
        if as_json:
            _print_json(found.document())
        else:
            click.echo(found.text)
        return 0

    def config_value(self, key: str) -> str:
        """One value as text."""
        import local_engine

        file = self._workplace.config_file
        return said(lambda: local_engine.config_get(self._project, self._name, key, config_file=file)).text

    def config_set(self, setting: Setting, value: str | None, *, secret: bool) -> int:
        """Set one value, which comes from standard input when there is none."""
        import local_engine

        new = _asked_for(secret=secret) if value is None else value
        options = _Where(path=setting.is_path, config_file=self._workplace.config_file)
        said(lambda: local_engine.config_set(self._project, self._name, setting.key, new, secret=secret, **options))
        return 0

    def config_rm(self, setting: Setting) -> int:
        """Remove one value."""
        import local_engine

        options = _Where(path=setting.is_path, config_file=self._workplace.config_file)
        said(lambda: local_engine.config_remove(self._project, self._name, setting.key, **options))
        return 0


def _listed(one: local_engine.StackSummary, current: str | None) -> dict[str, Any]:
    time = stack_tables.milliseconds(one.last_update)
    updated = {} if time is None else {"lastUpdate": time}
    return {"name": one.name, "current": one.name == current, **updated, "resourceCount": one.resource_count}


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _asked_for(*, secret: bool) -> str:
    """A value that was not given: asked for at a terminal, else standard input without its last line end."""
    if sys.stdin.isatty():
        return str(click.prompt("value", hide_input=secret, default="", show_default=False))
    return sys.stdin.read().removesuffix("\n").removesuffix("\r")


def _read(file: Path | None) -> str:
    try:
        return sys.stdin.read() if file is None else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageRefused(f"the deployment {file or 'on standard input'} cannot be read: {why}") from None


def _write(file: Path, text: str) -> None:
    """Write a deployment for its owner's eyes: it may hold secrets in plain text."""
    try:
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperationFailed(f"{file} cannot be written: {error.strerror}") from None
