"""`billing`: every command is registered here; errors become one sentence and an exit code."""

from __future__ import annotations

import sys

import click

from billing_cli.commands.cancel import cancel
from billing_cli.commands.catalog import catalog
from billing_cli.commands.check import check
from billing_cli.commands.config import config
from billing_cli.commands.credits import credits_
from billing_cli.commands.doctor import doctor
from billing_cli.commands.emulator import emulator
from billing_cli.commands.import_ import import_
from billing_cli.commands.inbox import inbox
from billing_cli.commands.init import init
from billing_cli.commands.manifest import manifest
from billing_cli.commands.migrate import migrate
from billing_cli.commands.operations import destroy, preview, refresh, up
from billing_cli.commands.parity import parity
from billing_cli.commands.personal_data import delete, export
from billing_cli.commands.review import review
from billing_cli.commands.stack import stack
from billing_cli.commands.sync import sync
from billing_cli.commands.usage import usage
from billing_cli.commands.worker import worker
from billing_cli.errors import CliError

EXIT_CODES = """\b
Exit codes:
  0    done
  1    refused or failed, or ended in good order by Ctrl-C (or SIGTERM) while an engine worked
  2    wrong usage
  3    differences that `parity` found, or a finding of `review` as bad as --fail-on says
  7    changes where --expect-no-changes allowed none
  8    ended at once by a second Ctrl-C (or SIGTERM)
  130  interrupted before an engine worked"""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}, epilog=EXIT_CODES)
@click.version_option(package_name="billing-resources", prog_name="billing")
def cli() -> None:
    """Stripe billing as code: declare the catalog, provision every environment, use it at run time."""


for command in (
    init,
    check,
    catalog,
    preview,
    review,
    up,
    refresh,
    destroy,
    import_,
    cancel,
    stack,
    config,
    manifest,
    migrate,
    parity,
    doctor,
    export,
    delete,
    worker,
    sync,
    inbox,
    usage,
    credits_,
    emulator,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; errors are one sentence on standard error."""
    try:
        sys.exit(cli.main(standalone_mode=False))  # click answers the exit code instead of raising it
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except CliError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
