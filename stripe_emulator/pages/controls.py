"""The dashboard's levers: the clock and the faults."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from stripe_emulator.clock import parse_time
from stripe_emulator.faults import KINDS
from stripe_emulator.http import DESK
from stripe_emulator.pages.guard import guarded
from stripe_emulator.pages.money import time
from stripe_emulator.pages.render import away, page

Document = dict[str, Any]

_STEPS = {"hour": 3600, "day": 86400, "week": 604800, "month": 30 * 86400}


@guarded
async def clock(http: web.Request) -> web.Response:
    """Show the time."""
    return _clock(http, None)


@guarded
async def set_clock(http: web.Request) -> web.Response:
    """Set the time, move it on, or let it run."""
    form, desk = await http.post(), http.app[DESK]
    action = str(form.get("action"))
    try:
        if action == "run":
            desk.set_clock(None)
        elif action == "set":
            desk.set_clock(parse_time(str(form.get("now", "")).strip()))
        else:
            desk.set_clock(desk.emulator.clock.now() + _STEPS[action])
    except (KeyError, ValueError, OverflowError):
        return _clock(http, "Give an ISO date such as 2026-01-31T12:00:00Z, or seconds since 1970.")
    return away("/_/clock")


@guarded
async def faults(http: web.Request) -> web.Response:
    """Show the faults."""
    return _faults(http, None)


@guarded
async def change_faults(http: web.Request) -> web.Response:
    """Make a fault, or forget them all."""
    form, found = await http.post(), http.app[DESK].faults
    if form.get("action") == "clear":
        found.clear()
        return away("/_/faults")
    try:
        found.add(_rule({name: str(value).strip() for name, value in form.items()}))
    except ValueError as error:
        return _faults(http, f"{error}.")
    return away("/_/faults")


def _rule(form: dict[str, str]) -> Document:
    texts = {name: form[name] for name in ("kind", "method", "path") if form.get(name)}
    numbers = {name: int(form[name]) for name in ("status", "count", "seconds") if form.get(name)}
    return {**texts, **numbers}


def _clock(http: web.Request, problem: str | None) -> web.Response:
    found = http.app[DESK].emulator.clock
    context: Document = {"frozen": found.frozen is not None, "problem": problem, "steps": list(_STEPS)}
    return page("dashboard_clock", status=400 if problem else 200, now=time(found.now()), **context)


def _faults(http: web.Request, problem: str | None) -> web.Response:
    desk = http.app[DESK]
    found = [fault.shown() for fault in desk.faults.all()]
    now = time(desk.emulator.clock.now()) if desk.emulator.clock.frozen is not None else "real time"
    return page("dashboard_faults", status=400 if problem else 200, now=now, faults=found, problem=problem, kinds=KINDS)
