"""A pretended Stripe: stateful, over HTTP, with a clock that is set and faults on demand."""

from __future__ import annotations

from stripe_emulator.server import Server, serve

__all__ = ["Server", "serve"]
