"""The emulator over HTTP: every path but /_emulator is Stripe's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from stripe_emulator import exchange
from stripe_emulator.emulator import new_request_id, refusal
from stripe_emulator.errors import requests as errors
from stripe_emulator.faults import CutError
from stripe_emulator.messages import Request

if TYPE_CHECKING:
    from stripe_emulator.desk import Desk

DESK: web.AppKey[Desk] = web.AppKey("desk")


async def stripe(http: web.Request) -> web.StreamResponse:
    """Answer one request as Stripe would, or cut the connection if a fault says so."""
    headers = {name.lower(): value for name, value in http.headers.items()}
    try:
        request = Request(http.method, http.path, http.query_string, headers, await http.read())
        response = await exchange.answer(http.app[DESK], request)
    except web.HTTPRequestEntityTooLarge:
        response = refusal(errors.body_too_large(), None, new_request_id())
    except CutError:
        if http.transport is not None:
            http.transport.abort()
        return web.Response(status=500)  # nobody reads it: the connection is gone
    return web.Response(status=response.status, body=response.body, headers=response.headers)
