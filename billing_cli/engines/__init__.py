"""The two engines behind one face: the Pulumi CLI where it is on PATH, else the local engine."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from billing_cli.errors import UsageRefused

if TYPE_CHECKING:
    from billing_cli.engines.engine import Engine
    from billing_cli.engines.stack_engine import StackEngine
    from billing_cli.engines.workplace import Workplace

NAMES = ("pulumi", "local")


def choose(name: str | None, workplace: Workplace) -> Engine:
    """The engine that was asked for (--engine, BILLING_ENGINE), else the CLI if there is one."""
    from billing_cli.engines.local import LocalEngine
    from billing_cli.engines.pulumi_cli import PulumiCli

    asked = _asked(name)
    found = _command(asked)
    return LocalEngine(workplace, chosen=asked == "local") if found is None else PulumiCli(found, workplace)


def choose_stacks(name: str | None, workplace: Workplace) -> StackEngine:
    """The same for stacks and their configuration."""
    from billing_cli.engines.local_stacks import LocalStacks
    from billing_cli.engines.pulumi_stacks import PulumiStacks

    found = _command(_asked(name))
    return LocalStacks(workplace) if found is None else PulumiStacks(found, workplace)


def _asked(name: str | None) -> str | None:
    asked = name or os.environ.get("BILLING_ENGINE") or None
    if asked not in {None, *NAMES}:
        raise UsageRefused(f"BILLING_ENGINE is pulumi or local, not {asked!r}")
    return asked


def _command(asked: str | None) -> str | None:
    """The CLI, if it is to be used."""
    found = shutil.which("pulumi")
    if asked == "pulumi" and found is None:
        raise UsageRefused.no_pulumi()
    return None if asked == "local" else found
