"""A pretended Stripe: stateful, over HTTP, with a clock that is set and faults on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.client import EmulatorClient, Pause

if TYPE_CHECKING:
    from stripe_emulator.server import Server, serve

__all__ = ["EmulatorClient", "Pause", "Server", "serve"]


def __getattr__(name: str) -> Any:
    """Load the server when it is asked for: it needs the extra `emulator`, and steering another one does not."""
    if name not in ("Server", "serve"):
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from stripe_emulator import server

    return getattr(server, name)
