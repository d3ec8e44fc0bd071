"""The emulator's own addresses, below /_emulator: no key is needed."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from aiohttp import web

from stripe_emulator import admin_payments, meter_processing, permissions
from stripe_emulator.accounts import connect
from stripe_emulator.admin_deliveries import body_of as _body
from stripe_emulator.admin_deliveries import delivery_routes
from stripe_emulator.admin_deliveries import refuse as _refuse
from stripe_emulator.clock import parse_time
from stripe_emulator.faults import Fault
from stripe_emulator.http import DESK
from stripe_emulator.limits import Limit
from stripe_emulator.request_log import Entry


def add_routes(app: web.Application) -> None:
    """Register the admin addresses."""
    app.router.add_routes(
        [
            web.get("/_emulator/health", health),
            web.post("/_emulator/reset", reset),
            web.get("/_emulator/snapshot", snapshot),
            web.post("/_emulator/snapshot", restore),
            web.get("/_emulator/clock", get_clock),
            web.post("/_emulator/clock", set_clock),
            web.get("/_emulator/requests", requests),
            web.get("/_emulator/requests/counts", counts),
            web.delete("/_emulator/requests", clear_requests),
            web.get("/_emulator/faults", faults),
            web.post("/_emulator/faults", add_fault),
            web.delete("/_emulator/faults", clear_faults),
            web.get("/_emulator/faults/{id}/reached", wait_until_reached),
            web.post("/_emulator/faults/{id}/release", release),
            web.post("/_emulator/limits", set_limits),
            web.post("/_emulator/search", set_lag),
            web.post("/_emulator/accounts", connect_accounts),
            web.post("/_emulator/permissions", restrict),
            web.post("/_emulator/keys/expire", expire_key),
            web.post("/_emulator/meter_events", delay_meter_events),
            web.post("/_emulator/meter_events/process", process_meter_events),
            *admin_payments.routes(),
            *delivery_routes(),
            web.route("*", "/_emulator/{path:(?s:.*)}", unknown),
        ]
    )


async def health(http: web.Request) -> web.Response:
    """Say that the emulator is there."""
    return web.json_response({"status": "ok", "now": http.app[DESK].emulator.clock.now()})


async def reset(http: web.Request) -> web.Response:
    """Forget everything."""
    http.app[DESK].reset()
    return web.json_response({"status": "ok"})


async def snapshot(http: web.Request) -> web.Response:
    """Hand out everything that is kept."""
    return web.json_response({"documents": http.app[DESK].snapshot()})


async def restore(http: web.Request) -> web.Response:
    """Begin anew from what was handed out before, however much that was: the bound of Stripe's bodies is not ours."""
    try:
        http.app[DESK].restore(json.loads(await http.content.read())["documents"])
    except (KeyError, TypeError, ValueError):
        return _refuse("send what GET /_emulator/snapshot answered")
    return web.json_response({"status": "ok"})


async def get_clock(http: web.Request) -> web.Response:
    """Tell the time, and whether it stands still."""
    clock = http.app[DESK].emulator.clock
    return web.json_response({"now": clock.now(), "frozen": clock.frozen is not None})


async def set_clock(http: web.Request) -> web.Response:
    """Set the time (`now`: ISO date, seconds, or null for real time) or move it on (`advance`: seconds)."""
    desk, body = http.app[DESK], await _body(http)
    if set(body) not in ({"now"}, {"advance"}):
        return _refuse("give either `now` or `advance`")
    try:
        await desk.pass_time(_moment(body, desk.emulator.clock.now()))
    except (TypeError, ValueError, OverflowError):
        return _refuse("`now` is an ISO date, seconds since 1970 or null; `advance` is a number of seconds")
    return await get_clock(http)


async def requests(http: web.Request) -> web.Response:
    """List the requests so far; every field of an entry can be a filter, with asterisks."""
    if strangers := sorted(set(http.query) - set(Entry.__dataclass_fields__)):
        return _refuse(f"requests have no {', '.join(strangers)}")
    found = http.app[DESK].log.find(dict(http.query))
    return web.json_response({"count": len(found), "requests": found})


async def counts(http: web.Request) -> web.Response:
    """Count the requests so far by route."""
    return web.json_response(http.app[DESK].log.counts())


async def clear_requests(http: web.Request) -> web.Response:
    """Forget the requests so far."""
    http.app[DESK].log.clear()
    return web.json_response({"status": "ok"})


async def faults(http: web.Request) -> web.Response:
    """List the faults."""
    return web.json_response({"faults": [fault.shown() for fault in http.app[DESK].faults.all()]})


async def add_fault(http: web.Request) -> web.Response:
    """Make a fault."""
    try:
        return web.json_response(http.app[DESK].faults.add(await _body(http)).shown())
    except ValueError as error:
        return _refuse(str(error))


async def clear_faults(http: web.Request) -> web.Response:
    """Forget the faults, and cut off whoever waits at a pause."""
    http.app[DESK].faults.clear()
    return web.json_response({"status": "ok"})


async def wait_until_reached(http: web.Request) -> web.Response:
    """Answer when a request has come to this pause."""
    fault = _fault(http)
    await fault.reached.wait()
    return web.json_response(fault.shown())


async def release(http: web.Request) -> web.Response:
    """Let the requests that wait at this pause go on."""
    fault = _fault(http)
    fault.released.set()
    return web.json_response(fault.shown())


async def restrict(http: web.Request) -> web.Response:
    """Say what a restricted key may do: `{"key": "rk_test_…", "permissions": {"prices": "write"}}`."""
    try:
        return web.json_response(permissions.restrict(http.app[DESK].emulator.storage, await _body(http)))
    except ValueError as error:
        return _refuse(str(error))


async def delay_meter_events(http: web.Request) -> web.Response:
    """Say how many seconds usage events wait until they count: `{"delay": 60}`; null: they count at once."""
    try:
        return web.json_response(meter_processing.set_delay(http.app[DESK].emulator, await _body(http)))
    except ValueError as error:
        return _refuse(str(error))


async def process_meter_events(http: web.Request) -> web.Response:
    """Count every usage event that waits, and report the bad ones."""
    meter_processing.process(http.app[DESK].emulator)
    return web.json_response({"status": "ok"})


async def set_limits(http: web.Request) -> web.Response:
    """Limit what every account may ask: `{"per_second": 25}`; `{}` limits nothing."""
    try:
        http.app[DESK].limits.set(Limit.given(await _body(http)))
    except ValueError as error:
        return _refuse(str(error))
    return web.json_response(asdict(http.app[DESK].limits.limit))


async def set_lag(http: web.Request) -> web.Response:
    """Let search lag behind: `{"lag": 60}` in seconds of the emulator's time; 0: it knows everything at once."""
    lag = (await _body(http)).get("lag")
    if not isinstance(lag, int) or lag < 0:
        return _refuse("`lag` is a number of seconds")
    http.app[DESK].emulator.storage.late.lag(lag)
    return web.json_response({"lag": lag})


async def connect_accounts(http: web.Request) -> web.Response:
    """Say which accounts are reached: `{"owner": "acct_platform", "accounts": ["acct_shop"]}`."""
    try:
        return web.json_response(connect(http.app[DESK].emulator.storage, await _body(http)))
    except ValueError as error:
        return _refuse(str(error))


async def expire_key(http: web.Request) -> web.Response:
    """Let a key expire: `{"key": "sk_test_…"}`."""
    try:
        return web.json_response(permissions.expire(http.app[DESK].emulator.storage, await _body(http)))
    except ValueError as error:
        return _refuse(str(error))


async def unknown(http: web.Request) -> web.Response:
    """Say that there is no such address."""
    return _refuse(f"the emulator has no {http.method} {http.path}", status=404)


def _fault(http: web.Request) -> Fault:
    fault = http.app[DESK].faults.find(http.match_info["id"])
    if fault is None:
        text = json.dumps({"error": f"there is no fault {http.match_info['id']}"})
        raise web.HTTPNotFound(text=text, content_type="application/json")
    return fault


def _moment(body: dict[str, Any], now: int) -> int | None:
    if "advance" in body:
        return now + int(body["advance"])
    return None if body["now"] is None else parse_time(str(body["now"]))
