"""Run the emulator: in the foreground for the command line, or in a thread for tests."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from stripe_emulator import admin
from stripe_emulator.client import EmulatorClient
from stripe_emulator.clock import parse_time
from stripe_emulator.desk import Desk, Settings
from stripe_emulator.http import DESK, stripe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGEST_BODY = 16 * 1024 * 1024


def application(desk: Desk) -> web.Application:
    """Return the web application."""
    app = web.Application(client_max_size=_LARGEST_BODY)
    app[DESK] = desk
    admin.add_routes(app)
    app.router.add_route("*", "/{path:.*}", stripe)
    return app


async def listen(desk: Desk, host: str, port: int) -> tuple[web.AppRunner, str]:
    """Start to listen, and return the runner and the address."""
    runner = web.AppRunner(application(desk), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, f"http://{host}:{runner.addresses[0][1]}"


async def close(runner: web.AppRunner, desk: Desk) -> None:
    """Stop listening, let go whoever waits at a pause, and close the data file."""
    desk.faults.clear()
    await runner.cleanup()
    desk.close()


class Server:
    """An emulator that listens in a thread of its own."""

    def __init__(self, desk: Desk, host: str, port: int) -> None:
        self._desk = desk
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stripe-emulator", daemon=True)
        self._thread.start()
        try:
            self._runner, self.url = asyncio.run_coroutine_threadsafe(listen(desk, host, port), self._loop).result()
        except BaseException:
            self._stop_loop()
            raise
        self.admin = EmulatorClient(self.url)

    def close(self) -> None:
        """Stop listening and close the data file."""
        asyncio.run_coroutine_threadsafe(close(self._runner, self._desk), self._loop).result()
        self._stop_loop()

    def _stop_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextmanager
def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    data: Path | None = None,
    clock: int | str | None = None,
    deterministic_ids: bool = False,
) -> Iterator[Server]:
    """Run an emulator in the background; port 0 takes a free one."""
    frozen = parse_time(clock) if isinstance(clock, str) else clock
    server = Server(Desk(Settings(data, frozen, deterministic_ids)), host, port)
    try:
        yield server
    finally:
        server.close()
