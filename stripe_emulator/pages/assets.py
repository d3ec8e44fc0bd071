"""The style and the script of the pages, from files of our own; nothing comes from elsewhere."""

from __future__ import annotations

from functools import cache
from importlib import resources

from aiohttp import web

_TYPES = {"icon.svg": "image/svg+xml", "style.css": "text/css", "live.js": "text/javascript"}


@cache
def _text(name: str) -> str:
    return (resources.files("stripe_emulator.pages") / "assets" / name).read_text(encoding="utf-8")


async def asset(http: web.Request) -> web.Response:
    """Answer with a file, if it is one of ours."""
    name = http.match_info["name"]
    if name not in _TYPES:
        raise web.HTTPNotFound(text="no such file")
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return web.Response(text=_text(name), content_type=_TYPES[name], charset="utf-8", headers=headers)
