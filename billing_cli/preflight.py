"""What can be seen before an engine starts, so that it is said once and not for every resource."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from billing_cli.engines.workplace import project_name
from billing_cli.errors import UsageRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billing_cli.engines.workplace import Workplace
    from billing_resources._engine.settings import Settings


def require_stripe(workplace: Workplace) -> None:
    """Refuse to start without a key, with one that does not fit, or towards an address where nobody answers."""
    settings = workplace.settings
    require_fit(settings)
    if not os.environ.get("STRIPE_API_KEY") and "stripe:apiKey" not in settings:
        raise UsageRefused.no_key()
    base = os.environ.get("STRIPE_API_BASE") or settings.get("stripe:apiBase")
    if isinstance(base, str):
        require_answer(base)


def require_fresh(workplace: Workplace) -> None:
    """Refuse to begin anew where the stack has objects already: its state was lost, or is kept somewhere else."""
    from billing_resources.errors import BillingResourceError
    from billing_resources.inventory.account import read_account

    if not os.environ.get("STRIPE_API_KEY"):
        return  # a key that only the state's passphrase opens is for the engine
    config = {key: str(value) for key, value in workplace.settings.items() if isinstance(value, str | int)}
    try:
        account, found = read_account(config, os.environ, ["Product"])
    except BillingResourceError as error:
        raise UsageRefused(str(error)) from None
    stack = f"{project_name(workplace.directory)}/{workplace.stack}"
    mine = [one.id for one in found if one.owner is not None and one.owner.stack == stack]
    if mine:
        raise UsageRefused.state_lost(workplace.stack, account, mine)


def require_fit(settings: Mapping[str, Any]) -> None:
    """Refuse a key that is not of the stack's mode, or a live one towards another address than Stripe's.

    The host refuses the same, but only once the engine has begun to write state.
    """
    from billing_resources.errors import SettingsError

    try:
        stripe_settings(settings).guard()
    except SettingsError as error:
        raise UsageRefused(str(error)) from None


def stripe_settings(settings: Mapping[str, Any]) -> Settings:
    """What the stack's configuration and the environment say about Stripe; a secret stays unread."""
    from billing_resources._engine.settings import Settings

    return Settings.of({key: str(value) for key, value in settings.items() if isinstance(value, str | int)})


def require_answer(base: str) -> None:
    """Refuse an address where nobody listens."""
    parts = urlsplit(base)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        port = 0
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port:
        raise UsageRefused.no_address(base)
    try:
        socket.create_connection((parts.hostname, port), timeout=5).close()
    except OSError:
        raise UsageRefused.unreachable(f"{parts.scheme}://{parts.hostname}:{port}") from None
