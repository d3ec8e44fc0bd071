"""The emulator's own addresses for deliveries, below /_emulator: no key is needed."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from stripe_emulator.delivery.log import find
from stripe_emulator.delivery.resending import resend, roll_secret
from stripe_emulator.http import DESK


def delivery_routes() -> list[web.RouteDef]:
    """Return the addresses."""
    return [
        web.get("/_emulator/deliveries", deliveries),
        web.get("/_emulator/deliveries/settled", settled),
        web.post("/_emulator/events/{id}/resend", resend_event),
        web.post("/_emulator/endpoints/{id}/roll_secret", roll),
        web.get("/_emulator/forward", forward),
        web.post("/_emulator/forward", add_forward),
        web.get("/_emulator/disturbances", disturbances),
        web.post("/_emulator/disturbances", disturb),
        web.delete("/_emulator/disturbances", calm),
        web.post("/_emulator/delivery_patience", set_patience),
    ]


async def deliveries(http: web.Request) -> web.Response:
    """List the deliveries, oldest first; every field can be a filter, with asterisks."""
    try:
        found = find(http.app[DESK].emulator.storage, dict(http.query))
    except ValueError as error:
        return refuse(str(error))
    return web.json_response({"count": len(found), "deliveries": found})


async def settled(http: web.Request) -> web.Response:
    """Answer when nothing is in flight and nothing is ready to be sent."""
    await http.app[DESK].courier.settled()
    return web.json_response({"status": "ok"})


async def resend_event(http: web.Request) -> web.Response:
    """Deliver an event once more: `{"endpoint": "we_…"}`, or to everybody who wants it."""
    given = await body_of(http)
    endpoint = given.get("endpoint")
    if set(given) - {"endpoint"} or not isinstance(endpoint, str | None):
        return refuse("give `endpoint`, the id of one, or nothing for everybody who wants the event")
    try:
        made = resend(http.app[DESK].emulator, http.match_info["id"], endpoint)
    except ValueError as error:
        return refuse(str(error))
    return web.json_response({"deliveries": [delivery["id"] for delivery in made]})


async def roll(http: web.Request) -> web.Response:
    """Give an endpoint a new secret; the old one signs beside it for `expires_in` seconds (a day)."""
    given = await body_of(http)
    expires_in = given.get("expires_in", 86400)
    if set(given) - {"expires_in"} or type(expires_in) is not int or expires_in < 0:
        return refuse("`expires_in` is a whole number of seconds, 0 or more")
    try:
        secret = roll_secret(http.app[DESK].emulator, http.match_info["id"], expires_in)
    except ValueError as error:
        return refuse(str(error))
    return web.json_response({"secret": secret})


async def forward(http: web.Request) -> web.Response:
    """Show the forward table."""
    return web.json_response({"forward": http.app[DESK].courier.forward.table})


async def add_forward(http: web.Request) -> web.Response:
    """Add lines to the forward table: `{"https://app.example.com": "http://127.0.0.1:8000"}`."""
    try:
        http.app[DESK].courier.forward.add(await body_of(http))
    except ValueError as error:
        return refuse(str(error))
    return await forward(http)


async def disturbances(http: web.Request) -> web.Response:
    """List the rules about deliveries."""
    return web.json_response({"disturbances": http.app[DESK].courier.disturbances.all()})


async def disturb(http: web.Request) -> web.Response:
    """Make a rule about deliveries: `{"kind": "shuffle", "seed": 7}`."""
    try:
        rule = http.app[DESK].courier.disturbances.add(await body_of(http))
    except ValueError as error:
        return refuse(str(error))
    return web.json_response({"id": rule.id})


async def calm(http: web.Request) -> web.Response:
    """Forget the rules about deliveries."""
    http.app[DESK].courier.calm()
    return web.json_response({"status": "ok"})


async def set_patience(http: web.Request) -> web.Response:
    """Say how many real seconds an endpoint has for its answer."""
    seconds = (await body_of(http)).get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        return refuse("`seconds` is a number above 0")
    http.app[DESK].courier.patience = float(seconds)
    return web.json_response({"seconds": float(seconds)})


async def body_of(http: web.Request) -> dict[str, Any]:
    """Return the JSON object that was sent, or an empty one."""
    try:
        body = await http.json()
    except json.JSONDecodeError:
        body = None
    return body if isinstance(body, dict) else {}


def refuse(sentence: str, *, status: int = 400) -> web.Response:
    """Say what is wrong."""
    return web.json_response({"error": sentence}, status=status)
