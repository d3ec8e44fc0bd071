"""The emulator's own addresses about payments: the customer and the bank answer, and an account chooses its retries."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from stripe_emulator import payment_page
from stripe_emulator.emulator import Emulator
from stripe_emulator.errors import StripeError
from stripe_emulator.http import DESK
from stripe_emulator.objects.payments.billing_settings import set_billing_settings

Action = Callable[[Emulator, str, dict[str, Any]], dict[str, Any]]
Handler = Callable[[web.Request], Awaitable[web.Response]]


def routes() -> list[web.RouteDef]:
    """Return the addresses."""
    return [
        web.post("/_emulator/payment_intents/{id}/authenticate", _answering(_authenticate_payment)),
        web.post("/_emulator/payment_intents/{id}/settle", _answering(payment_page.settle)),
        web.post("/_emulator/setup_intents/{id}/authenticate", _answering(_authenticate_setup)),
        web.post("/_emulator/payment_methods/{id}/renew", _answering(payment_page.renew_card)),
        web.post("/_emulator/billing_settings", _answering(_choose)),
    ]


def _authenticate_payment(emulator: Emulator, identifier: str, given: dict[str, Any]) -> dict[str, Any]:
    return payment_page.authenticate(emulator, "payment_intent", identifier, given)


def _authenticate_setup(emulator: Emulator, identifier: str, given: dict[str, Any]) -> dict[str, Any]:
    return payment_page.authenticate(emulator, "setup_intent", identifier, given)


def _choose(emulator: Emulator, _identifier: str, given: dict[str, Any]) -> dict[str, Any]:
    return set_billing_settings(emulator, given)


def _answering(action: Action) -> Handler:
    async def handler(http: web.Request) -> web.Response:
        try:
            given = json.loads(await http.text() or "{}")
            if not isinstance(given, dict):
                message = "send a JSON object"
                raise TypeError(message)  # noqa: TRY301 - the answer is the same
            done = action(http.app[DESK].emulator, http.match_info.get("id", ""), given)
        except StripeError as error:
            return web.json_response({"error": error.message}, status=400)
        except (TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(done)

    return handler
