"""The two engines behind one face: the Pulumi CLI where it is on PATH, else the local engine."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from billing_cli.errors import UsageRefused

if TYPE_CHECKING:
    from billing_cli.engines.engine import Engine
    from billing_cli.engines.workplace import Workplace

NAMES = ("pulumi", "local")


def choose(name: str | None, workplace: Workplace) -> Engine:
    """The engine that was asked for (--engine, BILLING_ENGINE), else the CLI if there is one."""
    from billing_cli.engines.local import LocalEngine
    from billing_cli.engines.pulumi_cli import PulumiCli

    asked = name or os.environ.get("BILLING_ENGINE") or None
    if asked not in {None, *NAMES}:
        raise UsageRefused(f"BILLING_ENGINE is pulumi or local, not {asked!r}")
    found = shutil.which("pulumi")
    if asked == "pulumi" and found is None:
        raise UsageRefused.no_pulumi()
    if found is not None and asked != "local":
        return PulumiCli(found, workplace)
    return LocalEngine(workplace, chosen=asked == "local")
