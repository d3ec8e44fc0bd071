"""The admin addresses of the pages: the same buttons, for tests without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from stripe_emulator.http import DESK
from stripe_emulator.pages.checkout_actions import fill_in, take_up
from stripe_emulator.pages.portal_actions import act
from stripe_emulator.pages.refusals import RefusedError, UnknownPageError

if TYPE_CHECKING:
    from stripe_emulator.emulator import Emulator

Document = dict[str, Any]


async def portal(http: web.Request) -> web.Response:
    """Do one thing in the portal: `POST /_emulator/portal_sessions/{id}/cancel` with `{"subscription": …}`."""
    return await _done(
        http, lambda emulator, given: act(emulator, http.match_info["id"], http.match_info["action"], given)
    )


async def complete_checkout(http: web.Request) -> web.Response:
    """Let a customer complete a checkout session: `{"payment_method": "pm_card_visa", "email": …}`."""
    return await _done(http, lambda emulator, given: fill_in(emulator, http.match_info["id"], given))


async def recover_checkout(http: web.Request) -> web.Response:
    """Let a customer follow the link that takes an expired checkout session up again."""
    return await _done(http, lambda emulator, _given: take_up(emulator, http.match_info["id"]))


async def _done(http: web.Request, do: Callable[[Emulator, Document], Document]) -> web.Response:
    try:
        given = json.loads(await http.read() or b"{}")
        return web.json_response(do(http.app[DESK].emulator, given if isinstance(given, dict) else {}))
    except UnknownPageError as error:
        return web.json_response({"error": str(error)}, status=404)
    except RefusedError as error:
        return web.json_response({"error": str(error)}, status=400)
    except (TypeError, ValueError, AttributeError):
        return web.json_response({"error": "send a JSON object with what the customer fills in"}, status=400)
