"""The emulator behind the web server's own parser: every path but /_emulator is Stripe's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from stripe_emulator import exchange
from stripe_emulator.emulator import new_request_id, refusal
from stripe_emulator.errors import requests as errors
from stripe_emulator.exchange import malformed, not_kept
from stripe_emulator.faults import CutError
from stripe_emulator.messages import Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

    from stripe_emulator.desk import Desk

DESK: web.AppKey[Desk] = web.AppKey("desk")


async def stripe(http: web.Request) -> web.StreamResponse:
    """Answer one request as Stripe would, or cut the connection if a fault says so."""
    headers = {name.lower(): value for name, value in http.headers.items()}
    try:
        query = http.rel_url.raw_query_string
        request = Request(http.method, http.path, query, headers, await http.read())
        response = await exchange.answer(http.app[DESK], request)
    except (web.RequestPayloadError, HttpProcessingError):
        response = malformed()
    except web.HTTPRequestEntityTooLarge:
        response = refusal(errors.body_too_large(), None, new_request_id())
    except CutError as cut:
        if isinstance(http.transport, asyncio.Transport):
            await cut.end(http.transport)
        return web.Response(status=500)  # nobody reads it: the connection is gone
    return web.Response(status=response.status, body=response.body, headers=response.headers)


@web.middleware
async def when_kept(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Hold every answer back until all that it may know of is on disk."""
    response = await handler(request)
    kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    request.app[DESK].when_kept(kept.set_result)
    if await kept:
        return response
    failed = not_kept()
    return web.Response(status=failed.status, body=failed.body, headers=failed.headers)
