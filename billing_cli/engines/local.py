"""The local engine, shown in the manner of Pulumi's console."""

from __future__ import annotations

import json
import os
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import click

from billing_cli.engines.local_refusals import said
from billing_cli.view import Console

if TYPE_CHECKING:
    from collections.abc import Callable

    import local_engine
    from billing_cli.engines.engine import Wishes
    from billing_cli.engines.workplace import Workplace
    from billing_cli.imports import Imports

    Operation = Callable[[local_engine.Run], local_engine.Result]

UNEXPECTED_CHANGES = 7
_KINDS = {"Previewing update": "preview", "Updating": "update", "Refreshing": "refresh"}


class LocalEngine:
    """The engine for laptops, tests and CI without the Pulumi CLI."""

    def __init__(self, workplace: Workplace, *, chosen: bool) -> None:
        self._workplace = workplace
        self._chosen = chosen

    @property
    def title(self) -> str:
        """Which engine, and why."""
        return "local engine" if self._chosen else "local engine (pulumi is not on PATH)"

    @cached_property
    def _project(self) -> local_engine.Project:
        import local_engine

        return said(lambda: local_engine.load_project(self._workplace.directory))

    def ensure_stack(self) -> bool:
        """Make the stack's state where its settings are there."""
        import local_engine

        if self.has_stack():
            return False
        self._workplace.require_settings()
        said(
            lambda: local_engine.stack_init(
                self._project, self._workplace.stack, config_file=self._workplace.config_file
            )
        )
        return True

    def has_stack(self) -> bool:
        """Whether the stack has a state."""
        import local_engine

        return self._workplace.stack in said(lambda: local_engine.list_stacks(self._project))

    def preview(self, wishes: Wishes) -> int:
        """Show what ``up`` would do; as JSON, the document of ``pulumi preview --json``."""
        import local_engine

        operation = partial(local_engine.preview, refresh=wishes.refresh, **wishes.selection.keywords())
        return self._run("Previewing update", operation, wishes, dry_run=True)

    def up(self, wishes: Wishes) -> int:
        """Make Stripe equal to the program."""
        import local_engine

        operation = partial(local_engine.up, refresh=wishes.refresh, **wishes.selection.keywords())
        return self._run("Updating", operation, wishes)

    def refresh(self, wishes: Wishes) -> int:
        """Make the state equal to Stripe."""
        import local_engine

        return self._run("Refreshing", partial(local_engine.refresh, **wishes.selection.keywords()), wishes)

    def preview_destroy(self, wishes: Wishes) -> int:
        """Show what ``destroy`` would remove."""
        import local_engine

        operation = partial(local_engine.destroy, dry_run=True, **wishes.selection.keywords())
        return self._run("Previewing destroy", operation, wishes, dry_run=True)

    def destroy(self, wishes: Wishes) -> int:
        """Remove everything the stack made."""
        import local_engine

        return self._run("Destroying", partial(local_engine.destroy, **wishes.selection.keywords()), wishes)

    def planned(self, wishes: Wishes, *, destroys: bool) -> tuple[int, list[dict[str, Any]]]:
        """The exit code and the events of the preview of ``up`` or ``destroy``; nothing is shown."""
        import local_engine

        keywords = wishes.selection.keywords()
        ups = partial(local_engine.preview, refresh=wishes.refresh, **keywords)
        events: list[dict[str, Any]] = []
        operation = partial(local_engine.destroy, dry_run=True, **keywords) if destroys else ups
        return self._operate(operation, wishes, events.append).exit_code, events

    def previewed(self, wishes: Wishes) -> tuple[int, str]:
        """The exit code of the preview of ``up`` and its document, as `pulumi preview --json` prints it."""
        import local_engine

        operation = partial(local_engine.preview, refresh=wishes.refresh, **wishes.selection.keywords())
        result = self._operate(operation, wishes, None)
        return result.exit_code, json.dumps(result.preview)

    def exported(self) -> dict[str, Any]:
        """The stack's state, as `pulumi stack export` prints it: secrets stay encrypted."""
        import local_engine

        return said(lambda: local_engine.stack_export(self._project, self._workplace.stack, show_secrets=False))

    def import_(self, imports: Imports, wishes: Wishes) -> int:
        """Bring what exists at Stripe into the state."""
        import local_engine

        dry_run = imports.preview_only
        operation = partial(
            local_engine.import_resources, imports=imports.specs, protect=imports.protect, dry_run=dry_run
        )
        return self._run("Previewing import" if dry_run else "Importing", operation, wishes, dry_run=dry_run)

    def outputs(self) -> dict[str, Any]:
        """The stack's plain outputs."""
        import local_engine

        place = self._workplace
        if not self.has_stack():
            place.require_settings()
            return {}
        return said(lambda: local_engine.stack_outputs(self._project, place.stack, config_file=place.config_file))

    def _run(self, doing: str, operation: Operation, wishes: Wishes, *, dry_run: bool = False) -> int:
        title = f"{doing} ({self._workplace.stack})"
        if wishes.as_json:
            result = self._operate(operation, wishes, None if dry_run else _print_event)
        else:
            with Console(title, preview=dry_run, diff=wishes.show_diff, stack=self._workplace.urn) as console:
                result = self._operate(operation, wishes, console.event)
        if wishes.as_json and dry_run:
            click.echo(json.dumps(result.preview, indent=4))
        if result.exit_code == 0 and wishes.expect_no_changes and result.changed:
            click.echo(f"error: no changes were expected for {_KINDS[doing]} but changes were proposed", err=True)
            return UNEXPECTED_CHANGES
        return result.exit_code

    def _operate(
        self, operation: Operation, wishes: Wishes, on_event: Callable[[dict[str, Any]], None] | None
    ) -> local_engine.Result:
        from billing_cli.engines.interruptible import InterruptibleRun

        run = InterruptibleRun(
            self._project,
            self._workplace.stack,
            environ=dict(os.environ),
            on_event=on_event,
            config_file=self._workplace.config_file,
        )
        run.parallel = wishes.parallel or run.parallel
        return said(lambda: operation(run))


def _print_event(event: dict[str, Any]) -> None:
    click.echo(json.dumps(event, separators=(",", ":")))
