"""The emulator over HTTP: every path but /_emulator is Stripe's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from stripe_emulator import exchange
from stripe_emulator.faults import CutError
from stripe_emulator.messages import Request

if TYPE_CHECKING:
    from stripe_emulator.desk import Desk

DESK: web.AppKey[Desk] = web.AppKey("desk")


async def stripe(http: web.Request) -> web.StreamResponse:
    """Answer one request as Stripe would, or cut the connection if a fault says so."""
    headers = {name.lower(): value for name, value in http.headers.items()}
    request = Request(http.method, http.path, http.query_string, headers, await http.read())
    try:
        response = await exchange.answer(http.app[DESK], request)
    except CutError:
        if http.transport is not None:
            http.transport.abort()
        return web.Response(status=500)  # nobody reads it: the connection is gone
    return web.Response(status=response.status, body=response.body, headers=response.headers)
