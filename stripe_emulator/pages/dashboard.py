"""The developer's dashboard below /_/: accounts, objects, requests, events, time and faults; it needs no script.

With one, it follows what happens.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from aiohttp import web

from stripe_emulator.accounts import Scope
from stripe_emulator.delivery.resending import resend
from stripe_emulator.http import DESK
from stripe_emulator.pages import dashboard_objects as objects
from stripe_emulator.pages.deliveries import latest_deliveries, of_event
from stripe_emulator.pages.guard import guarded
from stripe_emulator.pages.json_view import tokens
from stripe_emulator.pages.money import time
from stripe_emulator.pages.refusals import RefusedError, UnknownPageError
from stripe_emulator.pages.render import away, page
from stripe_emulator.pages.secrets import masked
from stripe_emulator.pages.visits import visit

if TYPE_CHECKING:
    from stripe_emulator.emulator import Emulator

Document = dict[str, Any]

_LATEST = 100


@guarded
async def overview(http: web.Request) -> web.Response:
    """Show accounts, and what happened last."""
    desk = http.app[DESK]
    found = [
        {"scope": scope, "href": objects.address(scope), "counts": objects.counts(desk.emulator, scope)}
        for scope in objects.scopes(desk.emulator)
    ]
    requests, events = desk.log.latest(10), objects.latest_events(desk.emulator)[:10]
    return _page(http, "overview", accounts=found, requests=[_request(one) for one in requests], events=events)


@guarded
async def account(http: web.Request) -> web.Response:
    """Show an account's kinds of objects."""
    emulator, scope = _emulator(http), _scope(http)
    counts = objects.counts(emulator, scope)
    if not counts:
        message = f"the account {scope.account} has nothing in {'live' if scope.livemode else 'test'} mode"
        raise UnknownPageError(message)
    kinds = [(kind, count, objects.address(scope, kind)) for kind, count in counts.items()]
    return _page(http, "account", scope=scope, kinds=kinds)


@guarded
async def kind(http: web.Request) -> web.Response:
    """Show the objects of a kind."""
    emulator, scope, name = _emulator(http), _scope(http), http.match_info["kind"]
    found, more = objects.listed(emulator, scope, name, http.query.get("after"))
    here = objects.address(scope, name)
    return _page(http, "kind", scope=scope, kind=name, objects=found, next=more and f"{here}?after={more}")


@guarded
async def one(http: web.Request) -> web.Response:
    """Show an object as the API shows it, its events, and the requests that named it."""
    emulator, scope = _emulator(http), _scope(http)
    name, identifier = http.match_info["kind"], http.match_info["id"]
    text = objects.shown(emulator, scope, name, identifier)
    events = [] if name == "event" else objects.events_of(emulator, scope, identifier)
    requests = [_request(one) for one in http.app[DESK].log.latest(_LATEST) if identifier in one.path.split("/")]
    sent = of_event(emulator, scope, identifier) if name == "event" else []
    context = {"events": events, "requests": requests, "deliveries": sent}
    return _page(http, "object", scope=scope, kind=name, id=identifier, tokens=text, **context)


@guarded
async def requests(http: web.Request) -> web.Response:
    """Show the latest requests."""
    found = [_request(one) for one in http.app[DESK].log.latest(_LATEST)]
    return _page(http, "requests", requests=found)


@guarded
async def request(http: web.Request) -> web.Response:
    """Show a request with its parameters."""
    number = http.match_info["number"]
    found = http.app[DESK].log.find({"number": number})
    if not found:
        message = f"there is no request {number}"
        raise UnknownPageError(message)
    entry = masked(found[0])
    params = entry.pop("params")
    scope = Scope(entry["account"], bool(entry["livemode"])) if entry["account"] else None
    find = objects.finder(_emulator(http), scope) if scope else lambda _name, _text: None
    entry["time"] = time(entry["time"])
    return _page(http, "request", entry=entry, tokens=list(tokens(params, find)))


@guarded
async def events(http: web.Request) -> web.Response:
    """Show the latest events of all accounts, and what became of their deliveries."""
    emulator = _emulator(http)
    found, sent = objects.latest_events(emulator), latest_deliveries(emulator)
    return _page(http, "events", events=found, deliveries=sent)


@guarded
async def resend_event(http: web.Request) -> web.Response:
    """Deliver an event once more, to everybody who wants it."""
    identifier = http.match_info["id"]
    call = visit(_emulator(http), "event", identifier)
    try:
        resend(_emulator(http), identifier, None)
    except ValueError as error:
        raise RefusedError(str(error)) from None
    return away(objects.address(call.scope, "event", identifier))


@guarded
async def nothing(http: web.Request) -> web.Response:
    """Say that there is no such page."""
    message = f"the dashboard has no page {http.path}"
    raise UnknownPageError(message)


def _emulator(http: web.Request) -> Emulator:
    return http.app[DESK].emulator


def _scope(http: web.Request) -> Scope:
    return Scope(http.match_info["account"], http.match_info["mode"] == "live")


def _request(entry: Any) -> Document:
    path = masked(entry.path)
    return {
        "number": entry.number,
        "time": time(entry.time),
        "method": entry.method,
        "path": path,
        "status": entry.status,
        "fault": entry.fault,
        "replayed": entry.replayed,
        "account": entry.account or "",
    }


def _page(http: web.Request, name: str, **context: Any) -> web.Response:
    """Render a page, or say that it is the one that the script has already."""
    clock = _emulator(http).clock
    now = time(clock.now()) if clock.frozen is not None else "real time"
    response = page(f"dashboard_{name}", now=now, **context)
    text = (response.text or "").encode()
    tag = f'"{hashlib.sha256(text).hexdigest()[:20]}"'
    if http.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return response
