"""A pretended Stripe: stateful, over HTTP, with a clock that is set and faults on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.client import EmulatorClient, Pause

if TYPE_CHECKING:
    from stripe_emulator.in_process import Emulator
    from stripe_emulator.server import Server, serve

__all__ = ["Emulator", "EmulatorClient", "Pause", "Server", "serve"]

_HOMES = {"Emulator": "in_process", "Server": "server", "serve": "server"}


def __getattr__(name: str) -> Any:
    """Load the server when it is asked for: it needs the extra `emulator`, and steering another one does not."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(f"stripe_emulator.{_HOMES[name]}"), name)
