"""What goes without saying for a stack whose settings point at an emulator on this machine.

Nothing of it is real, so nobody is asked for a key, a passphrase or a place to keep its state. What is set already, in
the environment or in Pulumi.yaml, stays as it is.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from billing_cli.errors import UsageRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing_cli.engines.workplace import Workplace

KEY, PASSPHRASE = "sk_test_emulator", "local"
HOME = Path(".billing")
"""The folder of what is kept on this machine only."""
STATE = HOME / "state"
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def provide_for(workplace: Workplace) -> None:
    """Set what an emulated stack leaves open; every other stack is left alone."""
    try:
        settings, has_backend = workplace.settings, workplace.has_backend
    except UsageRefused:  # whoever works with the stack says what is wrong with its files
        return
    if not is_emulated(settings, os.environ):
        return
    if "stripe:apiKey" not in settings:
        os.environ["STRIPE_API_KEY"] = os.environ.get("STRIPE_API_KEY") or KEY
    if "PULUMI_CONFIG_PASSPHRASE_FILE" not in os.environ:
        os.environ.setdefault("PULUMI_CONFIG_PASSPHRASE", PASSPHRASE)
    if not has_backend and not os.environ.get("PULUMI_BACKEND_URL"):
        state = workplace.directory / STATE
        state.mkdir(parents=True, exist_ok=True)
        os.environ["PULUMI_BACKEND_URL"] = state.as_uri()


def is_emulated(settings: Mapping[str, Any], environ: Mapping[str, str]) -> bool:
    """Whether the stack's own settings say so, and the environment does not send it elsewhere."""
    bases = [settings.get("stripe:apiBase"), environ.get("STRIPE_API_BASE") or settings.get("stripe:apiBase")]
    return settings.get("stripe:mode") == "test" and all(_is_here(base) for base in bases)


def _is_here(base: object) -> bool:
    try:
        parts = urlsplit(str(base))
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in _THIS_MACHINE
