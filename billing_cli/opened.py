"""The billing of a stack, opened for a command: its manifest, the key of the environment, and where state is kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from billing_cli.commands.options import cwd, engine, stack
from billing_cli.engines import choose
from billing_cli.engines.workplace import Workplace
from billing_cli.errors import OperationFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import Billing

F = TypeVar("F", bound="Callable[..., Any]")
STORE, MANIFEST = "BILLING_STORE", "BILLING_MANIFEST"
_file = click.Path(dir_okay=False)


def opening_options(function: F) -> F:
    """The options of every command that opens a stack's billing."""
    for option in reversed(
        (
            stack,
            engine,
            cwd,
            click.option("--config-file", type=_file, help="The stack's settings file."),
            click.option("--manifest", type=_file, help="The manifest as a file; asked of the stack if absent."),
            click.option(
                "--store",
                metavar="URL",
                help="Where the application keeps its state: sqlite:///… or postgresql://…; else BILLING_STORE, "
                "else .billing/runtime.db.",
            ),
        )
    ):
        function = option(function)
    return function


@contextmanager
def opened(options: dict[str, Any]) -> Iterator[Billing]:
    """Open it; what is wrong is one sentence and exit code 1."""
    from billing_runtime import Billing, BillingError

    try:
        with Billing.open(**_settings(options)) as billing:
            yield billing
    except BillingError as error:
        raise OperationFailed(str(error)) from None


def _settings(options: dict[str, Any]) -> dict[str, Any]:
    from billing_runtime._store import DEFAULT

    store = {"store": options["store"] or os.environ.get(STORE) or DEFAULT}
    if options["manifest"] or (os.environ.get(MANIFEST) and not options["stack"]):
        return store | {"manifest": options["manifest"], "stack": options["stack"]}
    workplace = Workplace.find(options["cwd"], options["stack"], options["config_file"])
    data = choose(options["engine"], workplace).outputs().get("manifest")
    if not isinstance(data, dict):
        raise OperationFailed.no_manifest(workplace.stack)
    base = os.environ.get("STRIPE_API_BASE") or workplace.settings.get("stripe:apiBase")
    return store | {"manifest": data, "api_base": base if isinstance(base, str) else None}
