"""`billing import`: what exists at Stripe comes into a stack. https://www.pulumi.com/docs/iac/guides/migration/import/."""

from __future__ import annotations

from typing import Any

import click

from billing_cli.commands.inventory import take_stock
from billing_cli.commands.operations import Operation
from billing_cli.commands.options import engine_options
from billing_cli.imports import Imports, known_kind, named
from billing_cli.preflight import require_stripe


@click.command("import", short_help="Bring objects that exist at Stripe into a stack.")
@click.argument("kind", metavar="[TYPE", required=False)
@click.argument("name", metavar="NAME", required=False)
@click.argument("object_id", metavar="ID]", required=False)
@click.option("-f", "--file", help='Import what a file names: {"resources": [{"type": …, "name": …, "id": …}]}.')
@click.option("--protect/--no-protect", default=True, show_default=True, help="Protect them from deletion.")
@click.option("--preview-only", is_flag=True, help="Show what would be imported; nothing is changed.")
@click.option("--account", is_flag=True, help="Read the account instead: show what there is and write the two files.")
@click.option("--mine", is_flag=True, help="With --account: only what carries this stack's marks.")
@click.option("--kind", "kinds", multiple=True, help="With --account: only this kind, such as Price; may be repeated.")
@click.option("--catalog", type=click.Path(dir_okay=False), help="With --account: the new catalog to write.")
@click.option("--imports", type=click.Path(dir_okay=False), help="With --account: the file for --file to write.")
@engine_options
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def import_(
    *,
    kind: str | None,
    name: str | None,
    object_id: str | None,
    file: str | None,
    protect: bool,
    preview_only: bool,
    account: bool,
    yes: bool,
    **options: Any,
) -> None:
    """Bring objects that exist at Stripe into a stack; nothing is changed at Stripe.

    TYPE is a kind such as Price, NAME what the catalog or the program calls it (team.monthly), ID Stripe's id. The
    program must declare the same: the next `up` marks the objects as this stack's, and would delete what is not
    declared and not protected.

    With --account it reads all that the account has (or a filter of it), and writes a catalog that declares it and the
    file that imports it. When a stack's state is lost, --account --mine finds its objects by their marks.
    """
    if account:
        take_stock(options | {"kinds": tuple(map(known_kind, options["kinds"]))})
        return
    imports = Imports(named(kind, name, object_id, file), protect=protect, preview_only=preview_only)
    operation = Operation(options)
    require_stripe(operation.workplace)
    operation.begin()
    if not preview_only:
        operation.confirm("import into", yes=yes, show=lambda wishes: operation.engine.import_(imports.shown(), wishes))
    operation.done(operation.engine.import_(imports, operation.wishes))
