"""Run the emulator: in the foreground for the command line, or in a thread for tests."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from stripe_emulator import admin
from stripe_emulator.client import EmulatorClient
from stripe_emulator.clock import parse_time
from stripe_emulator.desk import Desk, Settings
from stripe_emulator.http import DESK, stripe
from stripe_emulator.recording import folder_of_environment

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


def bind(host: str, port: int) -> socket.socket:
    """Take the port, before anything is written; a port that is taken is an OSError."""
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


async def listen(desk: Desk, bound: socket.socket, host: str) -> tuple[web.AppRunner, str]:
    """Start to serve, and return the runner and the address."""
    runner = web.AppRunner(application(desk), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, bound).start()
    url = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}"
    desk.found_at(url)
    return runner, url


async def close(runner: web.AppRunner, desk: Desk) -> None:
    """Stop listening, let go whoever waits at a pause, and close the data file."""
    desk.faults.clear()
    await runner.cleanup()
    desk.close()


class Server:
    """An emulator that listens in a thread of its own."""

    def __init__(self, desk: Desk, bound: socket.socket, host: str) -> None:
        self._desk = desk
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stripe-emulator", daemon=True)
        self._thread.start()
        try:
            self._runner, self.url = asyncio.run_coroutine_threadsafe(listen(desk, bound, host), self._loop).result()
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
    record: Path | None = None,
    stripe_urls: bool = False,
) -> Iterator[Server]:
    """Run an emulator in the background; port 0 takes a free one; `record` is a folder for what was granted."""
    frozen = parse_time(clock) if isinstance(clock, str) else clock
    with bind(host, port) as bound:
        settings = Settings(data, frozen, deterministic_ids, record or folder_of_environment(), stripe_urls)
        server = Server(Desk(settings), bound, host)
        try:
            yield server
        finally:
            server.close()
