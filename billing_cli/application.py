"""The billing that a command works with: the application's own, hooks and all, or the stack's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_cli.errors import UsageRefused
from billing_cli.opened import opened

if TYPE_CHECKING:
    from billing_runtime import Billing


@contextmanager
def applications_or_opened(options: dict[str, Any]) -> Iterator[Billing]:
    """The Billing that `--app MODULE:NAME` names, or the one that the other options open."""
    name = options.pop("app")
    if name is None:
        with opened(options) as billing:
            yield billing
    else:
        yield _named(name, Path(options["cwd"]))


def _named(name: str, folder: Path) -> Billing:
    from billing_runtime import Billing

    module, _, attribute = name.partition(":")
    sys.path.insert(0, str(folder.resolve()))
    try:
        found = getattr(import_module(module), attribute or "billing")
    except (ImportError, AttributeError) as error:
        raise UsageRefused.no_application(name, str(error)) from None
    made = found() if callable(found) and not isinstance(found, Billing) else found
    if not isinstance(made, Billing):
        raise UsageRefused.no_application(name, "it is no Billing, and makes none")
    return made
