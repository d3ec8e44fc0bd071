"""The emulator without a program: started and stopped by the code that uses it, reached by socket or without one."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from stripe_emulator.client import EmulatorClient
from stripe_emulator.socketless import client_class

if TYPE_CHECKING:
    from types import ModuleType, TracebackType

    from stripe_emulator.server import Server


class Emulator(EmulatorClient):
    """An emulator of one's own, steered by the methods it has from `EmulatorClient`.

    `with Emulator(clock="2026-01-31T12:00:00Z") as stripe_emulator:` starts and stops it; it takes what
    `stripe_emulator.serve` takes. Until it is started it has no `url`.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__("")
        self._settings = settings
        self._running = ExitStack()
        self._server: Server | None = None

    def start(self) -> Self:
        """Listen, in a thread of its own."""
        from stripe_emulator.server import serve

        if self._server is None:
            self._server = self._running.enter_context(serve(**self._settings))
            self.url = self._server.url
        return self

    def stop(self) -> None:
        """Stop listening; without a data file everything is forgotten."""
        self._running.close()
        self._server, self.url = None, ""

    def http_client(self, stripe: ModuleType) -> Any:
        """Return a client for `stripe.StripeClient(http_client=…)` that asks without a socket: give it `stripe`."""
        return client_class(stripe)(self._answer)

    def _answer(self, *asked: Any) -> Any:
        if self._server is None:
            message = "start the emulator first: with Emulator() as stripe_emulator: …"
            raise RuntimeError(message)
        return self._server.answer(*asked)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
