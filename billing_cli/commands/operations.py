"""`billing preview`, `up`, `refresh`, `destroy`: an engine does the work."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from billing_cli.commands.options import engine_options, selection
from billing_cli.engines import choose, choose_stacks
from billing_cli.engines.engine import Engine, Wishes
from billing_cli.engines.selection import Selection
from billing_cli.engines.workplace import Workplace
from billing_cli.errors import UsageRefused
from billing_cli.live_guard import refuse_destruction
from billing_cli.names import name_of
from billing_cli.preflight import require_fresh, require_stripe

IMPORTS = "BILLING_IMPORTS"
_yes = click.option("-y", "--yes", is_flag=True, help="Do not ask.")
_refresh = click.option("--refresh", "refresh_first", is_flag=True, help="Read Stripe's side first.")
_expect = click.option("--expect-no-changes", is_flag=True, help="Fail with 7 if anything would change.")
_diff = click.option("--diff", is_flag=True, help="Show ids, URNs and every property, as `pulumi --diff` does.")
_replace = click.option(
    "--replace",
    "replaces",
    multiple=True,
    metavar="RESOURCE",
    help="Replace a resource although nothing about it changed.",
)
_carry_on = click.option("--continue-on-error", is_flag=True, help="Go on with what does not need the failed resource.")
_imports = click.option(
    "--imports",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True),
    help="Bring in what this file of imports names, where the program declares it: how a lost state comes back.",
)
_clear = click.option(
    "--clear-pending-creates", is_flag=True, help="Forget creates that an earlier run was killed in the middle of."
)


class Operation:
    """One operation of a command: the engine that was chosen, and how to carry it out."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.workplace = Workplace.find(options["cwd"], options["stack"], options["config_file"])
        _ = self.workplace.settings  # what cannot be read is said here, once, whichever engine works
        self.engine: Engine = choose(options["engine"], self.workplace)
        self._stacks = partial(choose_stacks, options["engine"], self.workplace)
        self.as_json = bool(options["as_json"])
        if options.get("imports"):
            os.environ[IMPORTS] = options["imports"]  # the program reads it, whichever engine runs it
        self.wishes = Wishes(
            parallel=options["parallel"],
            as_json=self.as_json,
            expect_no_changes=options.get("expect_no_changes", False),
            refresh=options.get("refresh_first", False),
            show_diff=options.get("diff", False),
            selection=Selection.of(options),
        )

    def begin(self) -> None:
        """Say which engine works, and make the stack's state if only its settings are there."""
        self.say(f"Engine: {self.engine.title}")
        if self.engine.ensure_stack():
            self.say(f"Stack {self.workplace.stack} has settings and no state yet: created")

    def begin_with_what_is_there(self) -> None:
        """Begin what is about the state alone: a name that nothing in it has is a slip, not a wish for nothing."""
        self.begin()
        if names := self.wishes.selection.names():
            known = {name_of(urn) for urn in self._stacks().urns()}
            if missing := [name for name in names if name not in known]:
                raise UsageRefused.unknown_resources(self.workplace.stack, missing)

    def say(self, text: str) -> None:
        """Something for people; JSON has standard output for itself."""
        click.echo(text, err=self.as_json)

    def guard(self, *, show: Callable[[Wishes], int], destroys: bool = False) -> None:
        """Refuse what a live stack does not allow; where not even a preview works, that is shown instead."""
        if refuse_destruction(self.engine, self.workplace, self.wishes, destroys=destroys) != 0:
            raise click.exceptions.Exit(show(self.wishes) or 1)

    def confirm(self, what: str, *, yes: bool, show: Callable[[Wishes], int] | None = None) -> None:
        """Show and ask, unless the answer came with the command."""
        if yes:
            return
        if not sys.stdin.isatty() or self.as_json:
            raise UsageRefused.unconfirmed(what.partition(" ")[0])
        if show is not None and show(self.wishes) != 0:
            raise click.exceptions.Exit(1)
        agreed(f"{what} stack {self.workplace.stack}?")

    def done(self, code: int) -> None:
        """End with the engine's exit code."""
        raise click.exceptions.Exit(code)


def agreed(question: str) -> None:
    """Go on only after a yes."""
    if not click.confirm(question):
        click.echo("nothing was changed")
        raise click.exceptions.Exit(1)


@click.command()
@engine_options
@_refresh
@_expect
@_diff
@selection
@_replace
@_carry_on
@_imports
def preview(**options: Any) -> None:
    """Show what `up` would do; nothing is changed."""
    operation = Operation(options)
    operation.begin()
    operation.done(operation.engine.preview(operation.wishes))


@click.command()
@engine_options
@_refresh
@_expect
@_diff
@selection
@_replace
@_carry_on
@_imports
@_yes
def up(*, yes: bool, **options: Any) -> None:
    """Make Stripe equal to the catalog."""
    operation = Operation(options)
    require_stripe(operation.workplace)
    if not options["imports"] and not operation.engine.has_stack():
        require_fresh(operation.workplace)
    operation.begin()
    operation.guard(show=operation.engine.preview)
    operation.confirm("update", yes=yes, show=operation.engine.preview)
    operation.done(operation.engine.up(operation.wishes))


@click.command()
@engine_options
@_expect
@_diff
@selection
@_clear
@_yes
def refresh(*, yes: bool, **options: Any) -> None:
    """Make the state equal to Stripe; nothing is changed at Stripe."""
    operation = Operation(options)
    require_stripe(operation.workplace)
    operation.begin_with_what_is_there()
    operation.confirm("refresh", yes=yes)
    operation.done(operation.engine.refresh(operation.wishes))


@click.command()
@engine_options
@_diff
@selection
@_carry_on
@_yes
def destroy(*, yes: bool, **options: Any) -> None:
    """Delete, archive or deactivate everything that the stack made."""
    operation = Operation(options)
    require_stripe(operation.workplace)
    operation.begin_with_what_is_there()
    operation.guard(show=operation.engine.preview_destroy, destroys=True)
    operation.confirm("destroy", yes=yes, show=operation.engine.preview_destroy)
    operation.done(operation.engine.destroy(operation.wishes))
