"""Run the emulator: in the foreground for the command line, or in a thread for tests."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from stripe_emulator import admin
from stripe_emulator.client import EmulatorClient
from stripe_emulator.clock import parse_time
from stripe_emulator.desk import Desk, Settings
from stripe_emulator.exchange import Exchange, not_kept
from stripe_emulator.faults import CutError
from stripe_emulator.front import Front, Protocols
from stripe_emulator.heartbeat import beat
from stripe_emulator.http import DESK, stripe, when_kept
from stripe_emulator.pages import addresses
from stripe_emulator.recording import folder_of_environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

    from stripe_emulator.messages import Request, Response

_LARGEST_BODY = 16 * 1024 * 1024


def application(desk: Desk) -> web.Application:
    """Return the web application."""
    app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[when_kept])
    app[DESK] = desk
    addresses.add_routes(app)
    app.cleanup_ctx.append(_background)
    admin.add_routes(app)
    app.router.add_route("*", "/{path:(?s:.*)}", stripe)
    return app


async def _background(app: web.Application) -> AsyncIterator[None]:
    """Deliver, and look at the clock, as long as the server listens."""
    desk = app[DESK]
    tasks = [asyncio.create_task(desk.courier.run()), asyncio.create_task(beat(desk))]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def bind(host: str, port: int) -> socket.socket:
    """Take the port, before anything is written; a port that is taken is an OSError."""
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


class _NotTheirFault(logging.Filter):
    """Leaves out that a client sent what is no HTTP: the client was told."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is worth a line."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, (HttpProcessingError, web.RequestPayloadError, ConnectionError))


_LOG = logging.getLogger(f"{__name__}.connections")
_LOG.addFilter(_NotTheirFault())


class Listening:
    """A desk that is reached under an address."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._runner = web.AppRunner(application(desk), access_log=None, shutdown_timeout=1, logger=_LOG)
        self._connections: set[Front] = set()
        self._server: asyncio.Server | None = None

    async def begin(self, bound: socket.socket, host: str) -> str:
        """Start to serve, and return the address."""
        loop = asyncio.get_running_loop()
        await self._runner.setup()
        others = cast("Protocols", self._runner.server)
        self._desk.write_with(loop.call_soon)
        self._server = await loop.create_server(lambda: Front(self._desk, others, self._connections), sock=bound)
        url = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}"
        self._desk.found_at(url)
        return url

    async def end(self) -> None:
        """Stop listening, let go whoever waits at a pause, and close the data file."""
        if self._server is not None:
            self._server.close()
        self._desk.faults.clear()
        for connection in list(self._connections):
            connection.close()
        await self._runner.cleanup()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:  # of connections that were just cut
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        self._desk.close()


class Server:
    """An emulator that listens in a thread of its own."""

    def __init__(self, desk: Desk, bound: socket.socket, host: str) -> None:
        self._desk = desk
        self._listening = Listening(desk)
        self._slow: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stripe-emulator", daemon=True)
        self._thread.start()
        try:
            self.url = asyncio.run_coroutine_threadsafe(self._listening.begin(bound, host), self._loop).result()
        except BaseException:
            self._stop_loop()
            raise
        self.admin = EmulatorClient(self.url)

    def answer(self, request: Request) -> Future[Response]:
        """Answer a request that came without a socket, in the emulator's thread; a cut is an exception."""
        answered: Future[Response] = Future()
        self._loop.call_soon_threadsafe(self._answer, request, answered)
        return answered

    def _answer(self, request: Request, answered: Future[Response]) -> None:
        exchange = Exchange(self._desk, request)
        response = exchange.at_once()
        if response is None:
            self._slow.add(task := self._loop.create_task(self._answer_in_time(exchange, answered)))
            task.add_done_callback(self._slow.discard)
        else:
            self._desk.when_kept(partial(_hand_over, answered, response))

    async def _answer_in_time(self, exchange: Exchange, answered: Future[Response]) -> None:
        try:
            response = await exchange.in_time()
        except CutError as cut:
            await cut.wait()
            answered.set_exception(cut)
        else:
            self._desk.when_kept(partial(_hand_over, answered, response))

    def close(self) -> None:
        """Stop listening and close the data file."""
        asyncio.run_coroutine_threadsafe(self._listening.end(), self._loop).result()
        self._stop_loop()

    def _stop_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _hand_over(answered: Future[Response], response: Response, is_kept: bool) -> None:
    answered.set_result(response if is_kept else not_kept())


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
    forward: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run an emulator in the background; port 0 takes a free one; `record` is a folder for what was granted.

    `forward` says where deliveries go: `{"https://app.example.com": "http://127.0.0.1:8000"}`; nothing goes elsewhere.
    """
    frozen = parse_time(clock) if isinstance(clock, str) else clock
    recorded = record or folder_of_environment()
    with bind(host, port) as bound:
        settings = Settings(data, frozen, deterministic_ids, recorded, stripe_urls, forward=dict(forward or {}))
        server = Server(Desk(settings), bound, host)
        try:
            yield server
        finally:
            server.close()
