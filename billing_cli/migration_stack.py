"""Whose subscriptions are moved: the stack's manifest, its account, and the folder its migrations keep."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_cli.engines import choose
from billing_cli.engines.workplace import Workplace, find_project
from billing_cli.errors import OperationFailed, UsageRefused
from billing_cli.preflight import require_answer

if TYPE_CHECKING:
    from billing_runtime import Manifest
    from billing_runtime.migration import Migrations

_MANIFEST = "BILLING_MANIFEST"


@dataclass(frozen=True)
class Stack:
    """One provisioned stack."""

    manifest: Manifest
    folder: Path
    api_base: str | None

    @classmethod
    def of(cls, options: dict[str, Any]) -> Stack:
        """From a file or BILLING_MANIFEST if one is named, else from the stack of the project."""
        from billing_runtime import load_manifest

        if options["manifest"] or (os.environ.get(_MANIFEST) and not options["stack"]):
            found = load_manifest(options["manifest"], stack=options["stack"])
            return cls(found, _folder(_project_or_here(options["cwd"])), None)
        workplace = Workplace.find(options["cwd"], options["stack"], options["config_file"])
        data = choose(options["engine"], workplace).outputs().get("manifest")
        if not isinstance(data, dict):
            raise OperationFailed(
                f"stack {workplace.stack} has no manifest yet: run `billing up --stack {workplace.stack}`"
            )
        base = workplace.settings.get("stripe:apiBase")
        return cls(load_manifest(data), _folder(workplace.directory), base if isinstance(base, str) else None)

    @property
    def account(self) -> str:
        """The Stripe account, or nothing in a manifest that was made from the catalog alone."""
        return self.manifest.account or ""

    @property
    def livemode(self) -> bool:
        """Whether its customers are real."""
        return bool(self.manifest.livemode)

    def migrations(self) -> Migrations:
        """The migrations of the account; where nobody answers is said at once."""
        from billing_runtime.migration import open_migrations

        opened = open_migrations(self.manifest, locks=self.folder, api_base=self._base, environ=os.environ)
        if self._base:
            require_answer(self._base)
        return opened

    @property
    def _base(self) -> str | None:
        return os.environ.get("STRIPE_API_BASE") or self.api_base


def _project_or_here(directory: str) -> Path:
    try:
        return find_project(directory)
    except UsageRefused:
        return Path(directory).absolute()


def _folder(directory: Path) -> Path:
    return directory / ".billing" / "migrations"
