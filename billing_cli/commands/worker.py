"""`billing worker`: work on webhooks that came in, reconcile, and do the other chores. docs/webhooks.md."""

from __future__ import annotations

import json
import logging
import signal
import threading
from typing import TYPE_CHECKING, Any

import click

from billing_cli.application import applications_or_opened
from billing_cli.commands.options import as_json
from billing_cli.errors import OperationFailed
from billing_cli.opened import opening_options

if TYPE_CHECKING:
    from billing_runtime import Billing

EXIT_CODES = """\b
Exit codes:
  0    ended in good order, by Ctrl-C or SIGTERM; with --once: everything that was due is done
  1    the billing could not be opened; with --once: Stripe or the store is away, call again
  2    wrong usage"""
_NO_HOOKS = "no hooks of an application are called here: --app MODULE:NAME names its Billing"


@click.command(epilog=EXIT_CODES)
@opening_options
@click.option(
    "--app", metavar="MODULE:NAME", help="The application's own Billing, with its hooks: shop.billing:billing."
)
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Customers side by side.")
@click.option("--once", is_flag=True, help="Do what is due now, then end: for a cron job.")
@as_json
def worker(*, threads: int, once: bool, as_json: bool, **options: Any) -> None:
    """Work on the inbox, reconcile every six hours, and keep seats right. Any number may run at once."""
    _log_to_stderr()
    without_hooks = options["app"] is None
    with applications_or_opened(options) as billing:
        if without_hooks:
            click.echo(_NO_HOOKS, err=True)
        done = _once(billing, threads) if once else _until_told(billing, threads)
    if as_json:
        click.echo(json.dumps({"events": done}))
    elif once:
        click.echo(f"{done} {'event' if done == 1 else 'events'} worked on")


def _once(billing: Billing, threads: int) -> int:
    from billing_runtime import BillingError

    try:
        return billing.worker(threads=threads).once()
    except BillingError as error:
        raise OperationFailed(str(error)) from None


def _until_told(billing: Billing, threads: int) -> int:
    """Work until a signal; what has begun is finished first."""
    stop, working = threading.Event(), billing.worker(threads=threads)

    def end(*_: object) -> None:
        stop.set()
        working.wake()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    click.echo(f"working for stack {billing.manifest.stack}; Ctrl-C ends it in good order", err=True)
    working.run(stop)
    return working.done


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("billing_runtime")
    if not log.handlers:
        log.addHandler(handler)
    log.setLevel(logging.INFO)
