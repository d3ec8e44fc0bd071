"""The emulator over HTTP: every path but /_emulator is Stripe's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from stripe_emulator.emulator import new_request_id, refusal
from stripe_emulator.errors import StripeError
from stripe_emulator.messages import Request, Response

if TYPE_CHECKING:
    from stripe_emulator.desk import Desk

DESK: web.AppKey[Desk] = web.AppKey("desk")


async def stripe(http: web.Request) -> web.StreamResponse:
    """Answer one request as Stripe would."""
    desk = http.app[DESK]
    request = Request(http.method, http.path, http.query_string, _headers(http), await http.read())
    response, request_id = _answer(desk, request)
    return web.Response(status=response.status, body=response.body, headers=_common(request, request_id, response))


def _answer(desk: Desk, request: Request) -> tuple[Response, str]:
    request_id = new_request_id()
    try:
        prepared = desk.emulator.prepare(request, request_id)
    except StripeError as error:
        return refusal(error, None, request_id), request_id
    try:
        return desk.emulator.execute(prepared), request_id
    finally:
        desk.emulator.release(prepared)


def _headers(http: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in http.headers.items()}


def _common(request: Request, request_id: str, response: Response) -> dict[str, str]:
    version = request.headers.get("stripe-version")
    headers = {"Request-Id": request_id, **response.headers}
    if version:
        headers["Stripe-Version"] = version
    if request.idempotency_key:
        headers["Idempotency-Key"] = request.idempotency_key
    return headers
