"""The front of the server: it answers plain requests to Stripe's addresses itself, and hands over all others.

A connection begins here. With the first request that is not plain it goes to the web server, which serves Stripe's
addresses too, and stays there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from stripe_emulator.exchange import Exchange, malformed, not_kept
from stripe_emulator.faults import CutError
from stripe_emulator.plain_http import Head, is_begun, is_malformed, read_head, written

if TYPE_CHECKING:
    from stripe_emulator.desk import Desk
    from stripe_emulator.messages import Response

Protocols = Callable[[], asyncio.BaseProtocol]


class Front(asyncio.Protocol):
    """One connection."""

    def __init__(self, desk: Desk, others: Protocols, connections: set[Front]) -> None:
        self._desk = desk
        self._others = others
        self._connections = connections
        self._received = bytearray()
        self._is_busy = False
        self._slow: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        """Take what came, and answer what is whole."""
        self._received += data
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio names it
        """End; what is being answered is carried out all the same, as Stripe does."""
        self._transport = None
        self._connections.discard(self)

    def close(self) -> None:
        """Cut the connection."""
        if self._transport is not None:
            self._transport.abort()

    def _go_on(self) -> None:
        while self._transport is not None and self._received and not self._is_busy:
            if is_begun(self._received):
                return
            head = read_head(self._received)
            if head is None and is_malformed(self._received):
                self._refuse(self._transport)
                return
            if head is None:
                self._hand_over(self._transport)
                return
            if len(self._received) < head.whole:
                return
            self._answer(head)

    def _answer(self, head: Head) -> None:
        exchange = Exchange(self._desk, head.with_body(self._received))
        del self._received[: head.whole]
        self._is_busy = True
        response = exchange.at_once()
        if response is None:
            self._slow = asyncio.get_running_loop().create_task(self._answer_in_time(exchange, head))
        else:
            self._desk.when_kept(partial(self._send, response, head))

    async def _answer_in_time(self, exchange: Exchange, head: Head) -> None:
        try:
            response = await exchange.in_time()
        except CutError as cut:
            if self._transport is not None:
                await cut.end(self._transport)
            return
        self._desk.when_kept(partial(self._send, response, head))

    def _send(self, response: Response, head: Head, is_kept: bool) -> None:
        self._is_busy = False
        if self._transport is None:
            return
        self._transport.write(written(response if is_kept else not_kept()))
        if head.stays_open:
            self._go_on()
        else:
            self._transport.close()

    def _refuse(self, transport: asyncio.Transport) -> None:
        self._received.clear()
        transport.write(written(malformed()))
        transport.close()

    def _hand_over(self, transport: asyncio.Transport) -> None:
        self._connections.discard(self)
        self._transport = None
        other = cast("asyncio.Protocol", self._others())
        other.connection_made(transport)
        transport.set_protocol(other)
        other.data_received(bytes(self._received))
