"""A pretended Stripe: stateful, over HTTP, with a clock that is set and faults on demand."""

from __future__ import annotations

from stripe_emulator.client import EmulatorClient, Pause
from stripe_emulator.server import Server, serve

__all__ = ["EmulatorClient", "Pause", "Server", "serve"]
